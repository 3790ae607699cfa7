"""revoke_waiver: a waiver taken back, so that the rule counts again."""

from __future__ import annotations

from connector.actions import recheck_certificate
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.actions.waiver_answer import WAIVER_FIELDS, flat_waiver
from connector.storage import accounts, waivers


class RevokeInput(Input):
    waiver_id = text(
        "Waiver",
        help="Map the waiver's number from the step that gave it, or choose it from the list.",
        required=True,
        choices_from="waivers",
    )
    revoked_by = text("Revoked by", help="Say who takes it back, by name or e-mail.", required=True)


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Take it back once; what it touched is checked again by itself."""
    with services.sessions() as session, session.begin():
        today = services.today(accounts.get(session, caller.account_id))
        row = waivers.get(session, caller.account_id, given["waiver_id"])
        stood = waivers.revoke(session, row, by=given["revoked_by"], now=services.clock())
        if stood:
            recheck_certificate.vendor_soon(session, caller, row.vendor_id, services)
        return flat_waiver(session, row, today) | {"is_duplicate": not stood}


ACTION = Action(
    name="revoke_waiver",
    title="Revoke Waiver",
    description=(
        "Takes a waiver back, so that the rule counts again; the vendor's certificates are "
        "checked again by themselves. Use it when a waiver was given by mistake."
    ),
    input=RevokeInput,
    fields=WAIVER_FIELDS,
    run=run,
    noun="Waiver",
)
