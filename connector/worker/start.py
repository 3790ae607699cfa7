"""Services -> a running worker: what its jobs do, and what happens at their end."""

from __future__ import annotations

from typing import Any

from connector.actions.services import Services
from connector.jobs import hand_over
from connector.jobs.answer import job_answer
from connector.worker.duties import make_work
from connector.worker.perform import Answer
from connector.worker.process import run, stopped_by_signals


def start(services: Services) -> bool:
    """Perform jobs until a signal; False when work still runs and the process must end at once."""

    def run_action(action: str, account_id: str, given: dict[str, Any]) -> Answer:
        return dict(hand_over.run(action, account_id, given, services))

    work = make_work(services, run_action, answer_of=lambda job: job_answer(job, services))
    with stopped_by_signals(work):
        return run(work, services.settings.database_url, services.settings.data_dir)
