"""/audit: who did what, for those who manage the service."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions.action import Flat
from connector.actions.audit_list import AUDIT, AuditFilters, everything, find
from connector.actions.inputs import load
from connector.storage import accounts, vendors
from connector.storage.actor import Through
from connector.storage.audit import Act
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.lists import csv_answer
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.words import moment

routes = Blueprint("audit_log", __name__, url_prefix="/audit")

DOORS: dict[str, str] = {
    Through.API_KEY: "key",
    Through.PAGE: "page",
    Through.COMMAND_LINE: "command line",
    Through.UPLOAD_LINK: "upload link",
    Through.SERVICE: "by itself",
}
"""The door somebody came in by, as the page says it."""
KINDS = tuple(dict.fromkeys(act.partition(".")[0] for act in Act))
_ASKED = ("act", "vendor_id", "certificate_id", "cursor")


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """The newest entries; narrowed by what the query says."""
    given = load(AuditFilters, {name: request.args.get(name) for name in _ASKED})
    page = find(given, visitor.caller, services())
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
        about = {str(row["vendor_id"]) for row in page.items}
        names = vendors.names_of(session, account.id, about)
    zone = ZoneInfo(account.time_zone)
    return render_template(
        "audit.html",
        entries=[(row, _moment(row, zone), DOORS[str(row["through"])]) for row in page.items],
        names=names,
        given=given,
        next=page.next,
        kinds=KINDS,
    )


@routes.get("/log.csv")
@page_for(Role.ADMIN)
def download(visitor: Visitor) -> Response:
    """All of it, as the same filters narrow it."""
    given = {name: request.args.get(name) or None for name in _ASKED[:3]}
    return csv_answer("audit", AUDIT.fields, everything(given, visitor.caller, services()))


def _moment(row: Flat, zone: ZoneInfo) -> str:
    return moment(datetime.fromisoformat(str(row["at"])), zone)
