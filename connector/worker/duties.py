"""The worker's own kinds of work beside the actions, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from connector.jobs.call_back import accept_callback
from connector.storage.jobs import Job
from connector.worker.perform import Answer, RunAction, Services, Work

Duty: TypeAlias = Callable[[str, dict[str, Any]], Answer]
"""(account_id, given) -> what came of it, or a ConnectorError."""


Ended: TypeAlias = Callable[[Session, Job], None]
"""Told of each job at its end, in the transaction that ends it."""


def make_work(
    services: Services,
    run_action: RunAction,
    duties: Mapping[str, Duty],
    *,
    tell: Ended = lambda session, job: None,
) -> Work:
    """The worker's work: the duties by the name of their job, everything else by `run_action`."""

    def run(action: str, account_id: str, given: dict[str, Any]) -> Answer:
        duty = duties.get(action)
        return duty(account_id, given) if duty else run_action(action, account_id, given)

    def on_end(session: Session, job: Job, now: datetime) -> None:
        tell(session, job)
        accept_callback(session, job, now)

    return Work(services=services, run_action=run, on_end=on_end)
