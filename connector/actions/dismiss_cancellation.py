"""dismiss_cancellation: a carrier's notice that no longer counts, by a person's word."""

from __future__ import annotations

from connector.actions import notices_on_file, recheck_certificate
from connector.actions.action import Action, Flat, Given
from connector.actions.cancellation_answer import CANCELLATION_FIELDS, flat_cancellation
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.storage import cancellations


class DismissInput(Input):
    cancellation_id = text(
        "Notice of cancellation",
        help="Choose the notice that no longer counts.",
        required=True,
        choices_from="cancellations",
    )
    reason = text(
        "Reason",
        help="Say why it no longer counts, for example: reinstated, letter of 3/2.",
        required=True,
    )
    dismissed_by = text("Who", help="Say who says so, by name or e-mail.", required=True)


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Dismiss it once; what it had reopened is checked again by itself."""
    with services.sessions() as session, session.begin():
        row = cancellations.get(session, caller.account_id, given["cancellation_id"])
        counted = cancellations.dismiss(
            row, by=given["dismissed_by"], reason=given["reason"], now=services.clock()
        )
        if counted:
            about = notices_on_file.touched_by(session, row.account_id, row.notice, row.vendor_id)
            recheck_certificate.soon(session, caller, about, services)
        return flat_cancellation(session, row) | {"is_duplicate": not counted}


ACTION = Action(
    name="dismiss_cancellation",
    title="Dismiss Cancellation",
    description=(
        "Notes that a carrier's notice of cancellation no longer counts, with person and reason; "
        "its certificates are checked again. Use it when a policy was reinstated."
    ),
    input=DismissInput,
    fields=CANCELLATION_FIELDS,
    run=run,
    noun="Cancellation",
)
