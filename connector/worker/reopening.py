"""What reopens on a day by itself: policies, waivers and exemptions that run out, cancellations that
take effect, and whatever else makes a check's answer another as time goes by (see checking/turning.py).

Each check is asked again in a job of its own, under a key of the check and the day, so that it is
done once however often the day is and however many reasons it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from connector.actions import notices_on_file, recheck_certificate
from connector.actions.services import Caller, Services
from connector.jobs.hand_over import hand_over
from connector.storage import cancellations, checks, exemptions, standing, waivers
from connector.storage.checks import StoredCheck

Ended = tuple[date, Sequence[str]]
"""The day, and the certificates that were looked at."""

CAUGHT_UP = timedelta(days=31)
"""How far back something that ended is still acted on after an outage."""


def reopen(account_id: str, day: date, services: Services) -> dict[str, int]:
    """Let what was checked be checked again where something beside it ended. How many certificates."""
    caller, first = Caller(account_id), day - CAUGHT_UP
    with services.sessions() as session, session.begin():
        ended = _ended(session, account_id, first, day)
        reasons = [
            (when, check)
            for when, certificate_ids in ended
            for check in checks.concerning(session, account_id, certificate_ids)
            if check.on < day
        ]
        turned = _turning(session, account_id, first, day)
        reasons += [(check.turns_on or day, check) for check in turned]
        return {"reopened": _accept_each(session, caller, reasons, services)}


def _ended(session: Session, account_id: str, first: date, day: date) -> list[Ended]:
    """What ran out or took effect beside the checks, with the certificates that it touches."""
    return [
        *(
            (row.waiver.expires or day, standing.of_vendor(session, account_id, row.vendor_id))
            for row in waivers.run_out(session, account_id, first, day)
        ),
        *(
            (ending.day, [ending.certificate_id])
            for ending in standing.expiring(session, account_id, first, day)
        ),
        *(
            (row.notice.expires or day, standing.of_vendor(session, account_id, str(row.vendor_id)))
            for row in exemptions.run_out(session, account_id, first, day)
        ),
        *(
            (
                row.ends or day,
                notices_on_file.touched_by(session, account_id, row.notice, row.vendor_id),
            )
            for row in cancellations.taking_effect(session, account_id, first, day)
        ),
    ]


def _turning(session: Session, account_id: str, first: date, day: date) -> Iterator[StoredCheck]:
    """Checks whose answer has become another. What newer certificates have replaced is asked no
    more: to fail it on its last day would undo what the renewal brought."""
    standing_of: dict[str, set[str]] = {}
    for check in checks.turning(session, account_id, first, day):
        vendor_id = check.vendor_id
        if vendor_id is not None and vendor_id not in standing_of:
            standing_of[vendor_id] = set(standing.of_vendor(session, account_id, vendor_id))
        if vendor_id is None or standing_of[vendor_id] & checks.looked_at(check):
            yield check


def _accept_each(
    session: Session,
    caller: Caller,
    reasons: Iterable[tuple[date, StoredCheck]],
    services: Services,
) -> int:
    """How many certificates are now asked about again; one that has several reasons, once."""
    asked: set[str] = set()
    for when, check in reasons:
        if check.certificate_id not in asked and _accept(session, caller, when, check, services):
            asked.add(check.certificate_id)
    return len(asked)


def _accept(
    session: Session, caller: Caller, when: date, check: StoredCheck, services: Services
) -> bool:
    """Whether the check is now asked again for what happened on that day, and was not before."""
    asked, key = {"certificate_id": check.certificate_id}, f"again:{check.id}:{when}"
    accepted = hand_over(
        session, recheck_certificate.ACTION, caller, asked, None, services.clock(), key=key
    )
    return not accepted.is_duplicate
