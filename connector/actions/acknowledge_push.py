"""acknowledge_push: a person did what was left to do, so the push has arrived."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions import preparing, pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS, PushStatus, Receipt
from connector.errors import InvalidInput
from connector.storage import audit, prepared_items, pushes
from connector.storage.pushes import StoredPush


class AcknowledgeInput(Input):
    push_id = text(
        "Push",
        help="Map the push's number from the step that prepared it, or choose it from the list.",
        required=True,
        choices_from="prepared_pushes",
    )
    acknowledged_by = text("Who", help="Say who carried it over, by name or e-mail.")


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Note it once; everything that lay in the same packet has arrived with it."""
    with services.sessions() as session, session.begin():
        row = pushes.locked(session, caller.account_id, given["push_id"])
        item = prepared_items.of_push(session, caller.account_id, row.id)
        if item is not None and item.acknowledged_with is None:
            by = given.get("acknowledged_by")
            preparing.acknowledge(session, caller.account_id, item, by, services)
            return pushing.flat_push(row) | {"is_duplicate": False}
        if row.status == PushStatus.PREPARED:
            pushing.settle(session, row, services, Receipt(row.destination, PushStatus.PUSHED))
            return pushing.flat_push(row) | {"is_duplicate": False}
        if item is None:
            _require_was_prepared(session, row)
        return pushing.flat_push(row) | {"is_duplicate": True}


def _require_was_prepared(session: Session, row: StoredPush) -> None:
    """Acknowledging twice is no error; acknowledging what nobody was asked to do is one.

    What was prepared without files, as a choice in Procore is, stands in the audit log only.
    """
    has_arrived = row.status in (PushStatus.PUSHED, PushStatus.UNCHANGED)
    if not has_arrived or not audit.was_settled_as(session, row, PushStatus.PREPARED):
        raise InvalidInput(
            f"Push: {row.id} is {row.status}, so there is nothing to acknowledge. Only what was "
            "prepared for a person can be.",
            field="push_id",
        )


ACTION = Action(
    name="acknowledge_push",
    title="Acknowledge Prepared Push",
    description=(
        "Notes that a person finished what was prepared for Buildertrend or GCPay, so that the "
        "next packet holds only what changed since. Use it after the last click was done."
    ),
    input=AcknowledgeInput,
    fields=PUSH_FIELDS,
    run=run,
    noun="Push",
)
