"""How often and how patiently a kind of work is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.storage.jobs import DAILY, DELIVER_HOOK, MAIL_LOGIN_LINK, PROCORE_POLL, SEND_CALLBACK

CRASHES_ALLOWED = 3
"""A job whose worker died under it this often is parked: it would take down every worker."""

LONGEST_WAIT = 24 * 3600.0
"""Seconds; even a destination that asks for more is asked again after a day."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`attempts` tries in all; the pause after each doubles from `first` to `longest` seconds.

    There is no jitter: the queue's own limits spread the work.
    """

    attempts: int
    first: float
    longest: float

    def pause(self, failures: int, asked: float | None) -> float | None:
        """Seconds until the next try after so many failures; None when it is time to give up.

        `asked` is what the other side wants (Retry-After): never less than that, within a day.
        """
        if failures >= self.attempts:
            return None
        own = min(self.first * 2.0 ** (failures - 1), self.longest)
        return min(max(own, asked or 0.0), LONGEST_WAIT)


OUTSIDE_WRITES = Patience(attempts=14, first=10, longest=3600)
"""About five hours: an outage of the other system, or a person who must log in again."""

ANSWERS = Patience(attempts=46, first=10, longest=2 * 3600)
"""Callbacks and hooks: about three days, as the Standard Webhooks ask."""

EACH_DAY = Patience(attempts=6, first=60, longest=3600)

POLLS = Patience(attempts=2, first=60, longest=60)
"""The next poll looks at everything anew."""

LOGIN_LINKS = Patience(attempts=4, first=10, longest=60)
"""About a minute: a person waits for it, and asks again."""

BY_ACTION: Mapping[str, Patience] = {
    SEND_CALLBACK: ANSWERS,
    DELIVER_HOOK: ANSWERS,
    DAILY: EACH_DAY,
    PROCORE_POLL: POLLS,
    MAIL_LOGIN_LINK: LOGIN_LINKS,
}


def of_action(action: str) -> Patience:
    """The patience for an action's job."""
    return BY_ACTION.get(action, OUTSIDE_WRITES)
