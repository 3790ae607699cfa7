"""What a worker looks after beside its jobs: the day's work of each account, and stranded jobs."""

from __future__ import annotations

import logging

from connector.jobs.procore_watch import accept_polls
from connector.jobs.repair import redispatch_stranded
from connector.worker import daily
from connector.worker.perform import Work

log = logging.getLogger(__name__)

_EVERY_SECONDS = 60.0


def look_after(work: Work, every: float = _EVERY_SECONDS) -> None:
    """Once at the beginning and then each minute, until the worker stops."""
    while True:
        try:
            look_once(work)
        except Exception as error:
            log.warning("the caretaker has to wait: %s", type(error).__name__)
        if work.stopping.wait(every):
            return


def look_once(work: Work) -> None:
    """Accept the daily jobs that are due, and dispatch anew what a fault has stranded."""
    sessions, now = work.services.sessions, work.services.clock()
    for job_id in redispatch_stranded(sessions, now):
        log.warning("job %s was stranded and is dispatched again", job_id)
    daily.accept_due(sessions, now)
    accept_polls(sessions, now)
