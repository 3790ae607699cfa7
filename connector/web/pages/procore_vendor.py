"""/work/pushes/{push}/vendor: which Procore vendor is meant, chosen from the candidates or searched by name."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import sending_again
from connector.actions.procore_connection import DESTINATION, LONGEST_NUMBER, open_procore
from connector.certificate.values import tidy
from connector.destinations.procore.lists import Choice, vendors
from connector.errors import ConnectorError, InvalidInput, NotFound
from connector.storage import certificates, pushes
from connector.storage.pushes import StoredPush
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("procore_vendor", __name__, url_prefix="/work/pushes")

_CANDIDATE = re.compile(r"(.+?) \((\d+)\)(?:; |$)")
"""As `delivery.flatten_receipt` writes them: `name (id)` joined by semicolons."""

NONE_FOUND = "No vendor of the Procore directory has this in its name."
NOT_CHOSEN = "Choose a vendor first."


@routes.get("/<push_id>/vendor")
@page_for(Role.REVIEWER)
def show(visitor: Visitor, push_id: str) -> ResponseReturnValue:
    """The candidates, or the vendors whose name was searched for."""
    return _page(visitor, push_id)


@routes.post("/<push_id>/vendor")
@page_for(Role.REVIEWER)
def choose(visitor: Visitor, push_id: str) -> ResponseReturnValue:
    """Send it to the chosen vendor, which is remembered for this subcontractor."""
    vendor_id = request.form.get("vendor_id", "")
    if not vendor_id.isascii() or not vendor_id.isdecimal() or len(vendor_id) > LONGEST_NUMBER:
        return _page(visitor, push_id, InvalidInput(NOT_CHOSEN, field="vendor_id"))
    with services().sessions() as session, session.begin():
        push = _to_procore(pushes.get(session, visitor.account_id, push_id))
        sending_again.send_again(
            session, visitor.caller, push, str(push.check_id), services(), vendor_id=vendor_id
        )
    return redirect("/work?sent=1", 303)


def _page(
    visitor: Visitor, push_id: str, error: ConnectorError | None = None
) -> ResponseReturnValue:
    with services().readers() as session:
        push = _to_procore(pushes.get(session, visitor.account_id, push_id))
        names = certificates.insured_names(session, visitor.account_id, [push.certificate_id])
    searched = tidy(request.args.get("name", ""))[:100]
    found: list[Choice] = candidates(push)
    if searched:
        try:
            found = _search(visitor, searched)
        except ConnectorError as trouble:
            error = trouble
    page = render_template(
        "procore_vendor.html",
        push=push,
        insured=names.get(push.certificate_id) or "the insured that was not read",
        searched=searched,
        found=found,
        none_found=NONE_FOUND if searched and not found and error is None else None,
        error=error.message if error else None,
    )
    return page, error.status if error else 200


def candidates(push: StoredPush) -> list[Choice]:
    """The vendors that the push could not choose from by itself."""
    said = str((push.receipt or {}).get("vendor_candidates") or "")
    return [Choice(number, name) for name, number in _CANDIDATE.findall(said)]


def _search(visitor: Visitor, name: str) -> list[Choice]:
    """The first page of Procore's own search: whoever needs more writes more of the name."""
    with services().readers() as session:
        procore = open_procore(session, visitor.caller, services())
    return list(vendors(procore.client, name).items)


def _to_procore(push: StoredPush) -> StoredPush:
    if push.destination != DESTINATION or push.check_id is None:
        raise NotFound("This is no push to Procore that a vendor could be chosen for.")
    return push
