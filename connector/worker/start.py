"""Services -> a running worker: what its jobs do, and what happens at their end."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.services import Services
from connector.jobs import hand_over
from connector.storage.jobs import Job
from connector.worker.perform import Answer, Work
from connector.worker.process import run, stopped_by_signals


def start(services: Services) -> bool:
    """Perform jobs until a signal; False when work still runs and the process must end at once."""
    work = Work(services, run_action=partial(_run, services), on_end=_nothing_more)
    with stopped_by_signals(work):
        return run(work, services.settings.database_url, services.settings.data_dir)


def _run(services: Services, action: str, account_id: str, given: dict[str, Any]) -> Answer:
    return dict(hand_over.run(action, account_id, given, services))


def _nothing_more(session: Session, job: Job, now: datetime) -> None:
    return None
