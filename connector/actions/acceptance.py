"""What was prepared stays so only while somebody is sure of the certificate: a verdict may turn."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from connector.actions import pushing
from connector.actions.services import Services
from connector.certificate.names import normalise
from connector.checking.verdict import Status
from connector.delivery import PushStatus, Receipt
from connector.errors import Conflict
from connector.storage import checks, prepared_items, pushes
from connector.storage.checks import StoredCheck
from connector.storage.prepared_items import Kind, StoredItem
from connector.storage.pushes import StoredPush

NO_LONGER = "The certificate no longer meets the rules: neither send nor verify it."
IN_DOUBT = (
    "Nobody is sure any more that the certificate meets the rules: neither send nor verify it "
    "before its review is over."
)
NOT_LEFT = "Nothing is left to do with these files. Push the certificate again."


def withdraw(
    session: Session, held: StoredPush, kind: Kind, subject: str, services: Services
) -> None:
    """Take what waits of the held push's certificate off the list, for it may say "compliant".

    Another certificate of the subcontractor may still be: a renewal that is refused does not end
    the policy in force.
    """
    said = IN_DOUBT if held.status == PushStatus.QUEUED else NO_LONGER
    for item in prepared_items.standing(session, held.account_id, kind, subject):
        push = pushes.get(session, item.account_id, item.push_id)
        is_same = push.certificate_id == held.certificate_id
        if is_same and push.id != held.id and push.status == PushStatus.PREPARED:
            receipt = Receipt(item.destination, PushStatus.UNCHANGED, next_step=said)
            pushing.settle(session, push, services, receipt)


def require_accepted(session: Session, item: StoredItem) -> None:
    """Conflict when the certificate's newest check turned, or the item was taken off the list."""
    push = pushes.get(session, item.account_id, item.push_id)
    newest = _newest_check(session, push)
    if newest is not None and newest.status != Status.COMPLIANT:
        raise Conflict(IN_DOUBT if newest.status == Status.NEEDS_REVIEW else NO_LONGER)
    if item.acknowledged_with is None and push.status != PushStatus.PREPARED:
        raise Conflict(str((push.receipt or {}).get("next_step") or NOT_LEFT))


def in_doubt(session: Session, items: Iterable[StoredItem]) -> list[StoredItem]:
    """Of these, what nobody has carried over yet and whose certificate is in review."""
    return [
        each for each in items if each.acknowledged_with is None and _is_in_review(session, each)
    ]


def _is_in_review(session: Session, item: StoredItem) -> bool:
    newest = _newest_check(session, pushes.get(session, item.account_id, item.push_id))
    return newest is not None and newest.status == Status.NEEDS_REVIEW


def _newest_check(session: Session, push: StoredPush) -> StoredCheck | None:
    """For the project that the push was checked for: another project has other rules."""
    if push.check_id is None:
        return checks.latest(session, push.account_id, push.certificate_id)
    project = checks.get(session, push.account_id, push.check_id).project
    found = checks.newest_of_each_project(session, push.account_id, push.certificate_id)
    return next((each for name, each in found.items() if _key(name) == _key(project)), None)


def _key(project: str) -> str:
    return normalise(project) or project
