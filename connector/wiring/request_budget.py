"""The request budget of a destination, kept in the database so that all processes share it."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

from connector.errors import DestinationUnavailable
from connector.storage import request_budgets

LONGEST_WAIT = 15.0
"""Seconds that a request waits for its turn; a longer wait is given back to the job queue."""


class SharedBudget:
    """One other system's budget (see `delivery.RequestBudget`). `clock` answers Unix seconds."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        key: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sessions, self._key, self._clock, self._sleep = sessions, key, clock, sleep

    def spend(self) -> None:
        """Wait for, then use up, one request. DestinationUnavailable when it would take long."""
        while wait := self._take():
            if wait > LONGEST_WAIT:
                raise DestinationUnavailable(
                    "The other system takes no more requests for now. It is tried again by itself.",
                    retry_after=wait,
                )
            self._sleep(wait)

    def _take(self) -> float:
        with self._sessions() as session, session.begin():
            return request_budgets.take(session, self._key, self._clock())

    def observe(self, remaining: int | None, reset_at: float | None) -> None:
        """Keep what was announced, if anything was."""
        with self._sessions() as session, session.begin():
            if remaining is None or reset_at is None:
                request_budgets.note_nothing(session, self._key, self._clock())
            else:
                request_budgets.note(session, self._key, remaining, reset_at, self._clock())
