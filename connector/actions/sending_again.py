"""What was sent or held back before goes out again, with a newer check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from connector.actions import pushing
from connector.actions.services import Caller, Services
from connector.delivery import PushStatus
from connector.errors import NotConnected
from connector.storage import checks, connections, pushes
from connector.storage.checks import StoredCheck
from connector.storage.jobs import Job
from connector.storage.pushes import StoredPush

SENT_BY: Mapping[str, str] = {
    "procore": "push_to_procore",
    "google_sheets": "log_to_sheet",
    "csv": "log_to_sheet",
    "buildertrend": "push_to_buildertrend",
    "gcpay": "push_to_gcpay",
    "email": "send_notice",
}
"""Destination -> the action that sends a checked certificate there."""


MOST_AT_ONCE = 1000
"""What failed before that stays on the work list, with its button."""

SENT_ONCE = frozenset(("send_again", "procore_invoice_id"))
"""What was done with the first delivery: the reminder asked for, the invoice of that month."""


def send_again(
    session: Session,
    caller: Caller,
    push: StoredPush,
    check_id: str,
    services: Services,
    *,
    vendor_id: str | None = None,
) -> Job | None:
    """Let the push's certificate go to the same place with this check, as a job of its own.

    What was chosen for it stays chosen, but for the destination's vendor where another is named.
    None for a place that we no longer send to.
    """
    action = SENT_BY.get(push.destination)
    if action is None:
        return None
    asked = _chosen(push) | {"certificate_id": push.certificate_id, "check_id": check_id}
    if vendor_id or push.known_vendor_id:
        asked[f"{push.destination}_vendor_id"] = vendor_id or push.known_vendor_id
    return services.enqueue(session, caller, action, asked)


def _chosen(push: StoredPush) -> dict[str, Any]:
    chosen = dict(push.chosen or {})
    return chosen if push.is_held else {k: v for k, v in chosen.items() if k not in SENT_ONCE}


def send_what_failed(
    session: Session, caller: Caller, connection_id: str, target: str, services: Services
) -> int:
    """Let go out what failed there while the login had ended. How many pushes.

    What was sent there since by another push is not sent once more.
    """
    failed = pushes.search(session, caller.account_id, status=PushStatus.FAILED, limit=MOST_AT_ONCE)
    count = 0
    for push in reversed(failed):
        is_due = (push.connection_id, push.target) == (connection_id, target)
        if not is_due or push.error_code != NotConnected.code or push.check_id is None:
            continue
        newest = pushes.newest_of_each_place(session, caller.account_id, push.certificate_id)
        if any(each.id == push.id for each in newest):
            send_again(session, caller, push, push.check_id, services)
            count += 1
    return count


def release_held(session: Session, check: StoredCheck, services: Services) -> None:
    """Let what was held back for review go out with the check that ends it.

    A check by another rule set or for another project ends no review: it answers another question.
    """
    caller = Caller(check.account_id)
    for push in pushes.newest_of_each_place(session, caller.account_id, check.certificate_id):
        asked = check_of(session, push)
        if push.is_held and asked is not None and _is_same_question(asked, check):
            send_again(session, caller, push, check.id, services)


def show_notice(caller: Caller, certificate_id: str, check_id: str, services: Services) -> None:
    """Let places that tell whether the notice is out be told, once it is.

    These are connections with the switch `mark_in_progress` that the certificate went to before.
    """
    with services.sessions() as session, session.begin():
        asked = {"certificate_id": certificate_id, "check_id": check_id}
        parcel = pushing.parcel(session, caller, asked, services)
        if not parcel.delivery.notice_sent:
            return
        wanted = pushing.digest_with_notice(parcel.delivery)
        for push in pushes.newest_of_each_place(session, caller.account_id, certificate_id):
            if push.is_finished and push.digest != wanted and _shows_notice(session, push):
                send_again(session, caller, push, check_id, services)


def _shows_notice(session: Session, push: StoredPush) -> bool:
    connection = connections.of_destination(session, push.account_id, push.destination)
    return connection is not None and bool(connection.settings.get("mark_in_progress"))


def check_of(session: Session, push: StoredPush) -> StoredCheck | None:
    """The check that a push was sent with."""
    if push.check_id is None:
        return None
    return checks.get(session, push.account_id, push.check_id)


def _is_same_question(one: StoredCheck, other: StoredCheck) -> bool:
    return (one.rule_set, one.project) == (other.rule_set, other.project)
