"""/links: the links that were sent to people outside, and a button that takes each of them back."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import sent_links
from connector.storage import accounts, vendors
from connector.storage import sent_links as stored
from connector.storage.sent_links import LinkKind, LinkState, SentLink
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.forms import local_address
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.words import moment

routes = Blueprint("links_out", __name__, url_prefix="/links")

MOST = 200
KINDS = {LinkKind.UPLOAD: "sends a certificate", LinkKind.REVIEW: "reviews a certificate"}


@dataclass(frozen=True, slots=True)
class LinkOut:
    """A link as a person reads of it."""

    id: str
    what: str
    about: str
    certificate_id: str | None
    made: str
    state: str
    is_open: bool


@routes.get("")
@page_for(Role.REVIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """All of the account's links, the newest first."""
    return render_template("links_out.html", out=out(visitor.account_id), back="/links")


@routes.post("/<link_id>/end")
@page_for(Role.REVIEWER)
def end(visitor: Visitor, link_id: str) -> ResponseReturnValue:
    """It opens nothing any more; whoever is in by it is out."""
    with services().sessions() as session, session.begin():
        sent_links.end(session, visitor.account_id, link_id, services())
    return redirect(local_address(request.form.get("next")), 303)


def out(
    account_id: str, *, vendor_id: str | None = None, certificate_id: str | None = None
) -> list[LinkOut]:
    """The links of a vendor, of a certificate, or all, those that are over too."""
    with services().readers() as session:
        zone = ZoneInfo(accounts.get(session, account_id).time_zone)
        rows = stored.search(
            session, account_id, vendor_id=vendor_id, certificate_id=certificate_id, limit=MOST
        )
        names = vendors.names_of(session, account_id, {str(row.vendor_id) for row in rows})
        return [_told(row, names, zone) for row in rows]


def _told(row: SentLink, names: dict[str, str], zone: ZoneInfo) -> LinkOut:
    state = row.state(services().clock())
    whose = row.person or names.get(row.vendor_id or "") or "somebody"
    return LinkOut(
        id=row.id,
        what=f"{whose} {KINDS[LinkKind(row.kind)]}",
        about=row.project,
        certificate_id=row.certificate_id,
        made=f"made {moment(row.created_at, zone)} by {row.made_by or 'the command line'}",
        state=_state(row, state, zone),
        is_open=state is LinkState.OPEN,
    )


def _state(row: SentLink, state: LinkState, zone: ZoneInfo) -> str:
    if state is LinkState.OPEN:
        return f"open until {moment(row.expires_at, zone)}"
    if row.ended_at is None:
        return f"ran out {moment(row.expires_at, zone)}"
    why = row.ended_why or f"taken back by {row.ended_by or 'the command line'}"
    return f"ended {moment(row.ended_at, zone)}: {why}"
