"""/vendors/{id}: how one vendor stands, its coverage over the years, and what is on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions import sent_links, vendor_erasure
from connector.errors import Conflict
from connector.storage import (
    accounts,
    arrivals,
    board,
    certificates,
    coverage_lines,
    documents,
    vendors,
    waivers,
)
from connector.storage.certificates import Search, StoredCertificate
from connector.storage.sent_links import LinkKind
from connector.storage.users import Role
from connector.storage.waivers import StoredWaiver
from connector.web.auth import services
from connector.web.evidence import pack_answer
from connector.web.pages.links_out import out
from connector.web.pages.lone_pages import lone_pages
from connector.web.pages.timeline import timeline
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.words import NEED_WORDS, day, moment

routes = Blueprint("vendor", __name__, url_prefix="/vendors")

MOST_CERTIFICATES = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A certificate on file."""

    id: str
    document: str
    received: str
    ends: date | None
    needs_review: bool


@routes.get("/<vendor_id>")
@page_for(Role.VIEWER)
def show(visitor: Visitor, vendor_id: str) -> ResponseReturnValue:
    """The vendor, over all projects and for each."""
    return _page(visitor, vendor_id)


@routes.post("/<vendor_id>/link")
@page_for(Role.REVIEWER)
def make_link(visitor: Visitor, vendor_id: str) -> ResponseReturnValue:
    """The page with a link by which the vendor sends its certificate."""
    project = request.form.get("project")
    with services().sessions() as session, session.begin():
        link = sent_links.make_upload(session, visitor.account_id, vendor_id, project, services())
    return _page(visitor, vendor_id, sent_links.address(link, services()))


@routes.get("/<vendor_id>/evidence.zip")
@page_for(Role.REVIEWER)
def evidence(visitor: Visitor, vendor_id: str) -> Response:
    """Everything on file about the vendor, for one project or for all."""
    project = request.args.get("project", "").strip()[: sent_links.LONGEST_PROJECT]
    with services().readers() as session:
        found = vendors.get(session, visitor.account_id, vendor_id)
    return pack_answer(found, project or None, visitor.caller)


@routes.get("/<vendor_id>/export.zip")
@page_for(Role.ADMIN)
def export(visitor: Visitor, vendor_id: str) -> Response:
    """Everything that an erasure would remove."""
    with services().readers() as session:
        found = vendors.get(session, visitor.account_id, vendor_id)
    return pack_answer(found, None, visitor.caller, is_export=True)


@routes.get("/<vendor_id>/erase")
@page_for(Role.ADMIN)
def ask_to_erase(visitor: Visitor, vendor_id: str) -> ResponseReturnValue:
    """What would go, what others hold, and a field for the vendor's name."""
    return _erase_page(visitor, vendor_id)


@routes.post("/<vendor_id>/erase")
@page_for(Role.ADMIN)
def erase(visitor: Visitor, vendor_id: str) -> ResponseReturnValue:
    """Erased, once the vendor's name was typed as it stands."""
    with services().readers() as session:
        found = vendors.get(session, visitor.account_id, vendor_id)
    if request.form.get("name", "").strip() != found.name:
        return _erase_page(visitor, vendor_id, "Type the name exactly as it stands above."), 422
    try:
        done = vendor_erasure.erase(found, visitor.caller, services())
    except Conflict as error:
        return _erase_page(visitor, vendor_id, error.message), error.status
    return render_template("erased.html", plan=done.plan, left=vendor_erasure.left(done))


def _erase_page(visitor: Visitor, vendor_id: str, error: str | None = None) -> str:
    with services().readers() as session:
        found = vendors.get(session, visitor.account_id, vendor_id)
    plan = vendor_erasure.plan(found, services())
    return render_template("erase.html", vendor=found, plan=plan, error=error)


def _page(visitor: Visitor, vendor_id: str, link: str | None = None) -> str:
    with services().readers() as session:
        vendor = vendors.get(session, visitor.account_id, vendor_id)
        account = accounts.get(session, visitor.account_id)
        today = services().today(account)
        zone = ZoneInfo(account.time_zone)
        wanted = Search(vendor_id=vendor.id)
        found = certificates.search(session, account.id, wanted, MOST_CERTIFICATES)
        return render_template(
            "vendor.html",
            vendor=vendor,
            rows=board.of_vendor(session, account.id, vendor.id, today),
            timeline=timeline(coverage_lines.of_vendor(session, account.id, vendor.id), today),
            certificates=[_kept(session, row, zone) for row in found],
            endorsements=lone_pages(session, account.id, vendor.id, zone),
            waivers=[
                (each, _until(each, today))
                for each in waivers.of_vendor(session, account.id, vendor.id)
            ],
            arrivals=[
                (each, moment(each.created_at, zone))
                for each in arrivals.of_vendor(session, account.id, vendor.id)
            ],
            link=link,
            days=sent_links.LASTS[LinkKind.UPLOAD].days,
            out=out(account.id, vendor_id=vendor.id),
            back=f"/vendors/{vendor.id}",
            may_ask=visitor.may(Role.REVIEWER),
            may_erase=visitor.may(Role.ADMIN),
            need_words=NEED_WORDS,
            day=day,
        )


def _kept(session: Session, row: StoredCertificate, zone: ZoneInfo) -> Kept:
    return Kept(
        id=row.id,
        document=documents.get(session, row.account_id, row.document_id).name,
        received=moment(row.created_at, zone),
        ends=row.earliest_expiration,
        needs_review=row.needs_review,
    )


def _until(waiver: StoredWaiver, today: date) -> str:
    if waiver.expires is None:
        return "until it is taken back"
    return (
        f"ran out on {day(waiver.expires)}"
        if waiver.expires <= today
        else f"until {day(waiver.expires)}"
    )
