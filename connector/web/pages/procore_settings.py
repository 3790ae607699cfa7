"""/connect/procore/settings: what is written into Procore beside the records, and what types are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions.procore_connection import DESTINATION
from connector.certificate.values import tidy
from connector.destinations.procore.preferences import INSURANCE_TYPES, changed, preferences
from connector.errors import ConnectorError, NotConnected
from connector.storage import connections
from connector.storage.connections import StoredConnection
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("procore_settings", __name__, url_prefix="/connect/procore/settings")

LONGEST_TYPE = 100


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting that is on or off, in words. `takes_project` is one that means nothing without."""

    name: str
    label: str
    hint: str = ""
    takes_project: bool = False


GROUPS: tuple[tuple[str, tuple[Switch, ...]], ...] = (
    ("Records", (
        Switch("send_undecided", "Send a certificate that waits for its review, as Undecided", "Off, it is sent when the review is over."),
        Switch("mark_in_progress", "Show Non-compliant, in progress once the deficiency notice is out"),
        Switch("add_missing_lines", "Keep a Non-compliant record for a required policy that is not on the certificate", "It becomes the policy's record once the policy comes."),
        Switch("send_expiration_mails", "Let Procore mail the vendor when a policy runs out", "Every day from two weeks before to 60 days after, to your insurance managers and the vendor's contacts."),
        Switch("use_origin_id", "Mark our records with an id of ours", "Nobody can double them then, but Procore locks their policy number, type, dates, limit and name in its own screens."),
    )),
    ("Payments", (
        Switch("gate_commitments", "Set the insurance status of the vendor's commitments", "Whether that stops a pay application is decided in Procore: Payments, Payment Requirements.", True),
        Switch("hold_payments", "Hold the pay application that a step names while the certificate is not compliant", "Only holds that we placed are released by us.", True),
    )),
    ("The PDF", (
        Switch("file_in_documents", "File it in Documents"),
        Switch("file_on_commitments", "Put it on the vendor's commitments", "As a compliance document of the type Other.", True),
    )),
)  # fmt: skip
"""The rest (how records are written, what is watched) is set with `connector procore`."""

SWITCHES = tuple(switch for _, group in GROUPS for switch in group)

LINES: Mapping[str, str] = {
    "general_liability": "General liability",
    "auto_liability": "Automobile liability",
    "umbrella_liability": "Umbrella liability",
    "excess_liability": "Excess liability",
    "workers_compensation": "Workers' compensation",
    "professional": "Professional liability",
    "pollution": "Pollution liability",
    "cyber": "Cyber liability",
    "property": "Property",
    "crime": "Crime",
    "other": "Any other without a description",
}
"""What the lines are called on the page."""


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """All switches and names as they are now."""
    return _page(visitor)


@routes.post("")
@page_for(Role.ADMIN)
def keep(visitor: Visitor) -> ResponseReturnValue:
    """Keep all of them, or none where one does not fit."""
    try:
        with services().sessions() as session, session.begin():
            stored = _stored(session, visitor)
            stored.settings = _said(stored.settings)
            stored.updated_at = services().clock()
    except ConnectorError as error:
        return _page(visitor, error)
    return redirect("/connect/procore/settings?kept=1", 303)


def _said(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings after what the form says; InvalidInput for what does not fit."""
    after = dict(settings)
    has_project = preferences(settings).project_id is not None
    for switch in SWITCHES:
        if has_project or not switch.takes_project:
            after = changed(after, switch.name, "on" if request.form.get(switch.name) else "off")
    folder = request.form.get("documents_folder_id", "").strip()
    after = changed(after, "documents_folder_id", folder)
    for line, usual in INSURANCE_TYPES.items():
        said = tidy(request.form.get(f"type_{line}", ""))[:LONGEST_TYPE]
        after = changed(after, f"insurance_types.{line}", "" if said == usual else said)
    return after


def _page(visitor: Visitor, error: ConnectorError | None = None) -> ResponseReturnValue:
    with services().readers() as session:
        stored = connections.of_destination(session, visitor.account_id, DESTINATION)
    if stored is None:
        return redirect("/connect/procore", 303)
    page = render_template(
        "procore_settings.html",
        chosen=preferences(stored.settings),
        groups=GROUPS,
        lines=LINES,
        usual=INSURANCE_TYPES,
        said=request.form,
        is_kept="kept" in request.args,
        error=error.message if error else None,
    )
    return page, error.status if error else 200


def _stored(session: Session, visitor: Visitor) -> StoredConnection:
    stored = connections.of_destination(session, visitor.account_id, DESTINATION)
    if stored is None:
        raise NotConnected("Procore is not connected.")
    return stored
