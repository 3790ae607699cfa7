"""What reopens on a day by itself: policies, waivers and exemptions that run out, cancellations that
take effect.

Each is a job of its own under a key of its own, so that it is done once however often the day is.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from connector.actions import notices_on_file, recheck_certificate
from connector.actions.services import Caller, Services
from connector.jobs.hand_over import hand_over
from connector.storage import cancellations, checks, exemptions, standing, waivers
from connector.storage.checks import StoredCheck

CAUGHT_UP = timedelta(days=31)
"""How far back something that ended is still acted on after an outage."""


def reopen(account_id: str, day: date, services: Services) -> dict[str, int]:
    """Let what was checked be checked again where something beside it ended. How many certificates."""
    caller, first = Caller(account_id), day - CAUGHT_UP
    with services.sessions() as session, session.begin():
        ended = {
            f"waiver:{row.id}": standing.of_vendor(session, account_id, row.vendor_id)
            for row in waivers.run_out(session, account_id, first, day)
        }
        ended |= {
            f"lapse:{ending.certificate_id}:{ending.day}": [ending.certificate_id]
            for ending in standing.expiring(session, account_id, first, day)
        }
        ended |= {
            f"exemption:{row.id}": standing.of_vendor(session, account_id, str(row.vendor_id))
            for row in exemptions.run_out(session, account_id, first, day)
        }
        ended |= {
            f"cancellation:{row.id}": notices_on_file.touched_by(
                session, account_id, row.notice, row.vendor_id
            )
            for row in cancellations.taking_effect(session, account_id, first, day)
        }
        accepted = [
            _accept(session, caller, f"{key}:{check.certificate_id}", check, services)
            for key, certificate_ids in ended.items()
            for check in checks.concerning(session, account_id, certificate_ids)
            if check.on < day
        ]
    return {"reopened": sum(accepted)}


def _accept(
    session: Session, caller: Caller, key: str, check: StoredCheck, services: Services
) -> bool:
    """Whether the check is now asked again for this reason, and was not before."""
    asked = {"certificate_id": check.certificate_id}
    accepted = hand_over(
        session, recheck_certificate.ACTION, caller, asked, None, services.clock(), key=key
    )
    return not accepted.is_duplicate
