"""A worker process: launch the engine, perform jobs until told to stop, lose nothing on the way out."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dbos import DBOS, DBOSConfig

from connector.jobs.engine import APPLICATION, APPLICATION_VERSION, WORKFLOW, serializer
from connector.jobs.queues import QUEUES, Queue
from connector.storage.database import connect, is_sqlite, postgresql_url
from connector.storage.locks import Locks
from connector.storage.migrate import require_current
from connector.worker import caretaker, slots
from connector.worker.perform import Work, interrupt, perform
from connector.worker.slots import Slot

log = logging.getLogger(__name__)

_GRACE_SECONDS = 25.0
"""What running jobs are given after SIGTERM; hosts kill after 30."""

_ENGINE_RECOVERIES = 5
"""More than our own CRASHES_ALLOWED, so that ours parks the job with a sentence first."""


def run(
    work: Work,
    database_url: str,
    data_dir: Path,
    *,
    ready: Callable[[], None] = lambda: None,
    grace: float = _GRACE_SECONDS,
) -> bool:
    """Perform jobs until `work.stopping` is set; whether everything under way came to its end.

    After False the caller must end the process at once (`os._exit`): what still runs is begun
    again by the next worker, and this one keeps its slot until the process is gone. Misconfigured
    when the database is not migrated, or on SQLite has a worker already.
    """
    locks = Locks(database_url, data_dir)
    slot = slots.take(locks, database_url)
    try:
        _require_current(database_url)
        _launch(work, database_url, slot)
    except BaseException:
        slot.lock.release()
        raise
    ready()
    log.info("%s is ready", slot.name)
    _beside(caretaker.look_after, work)
    if not is_sqlite(database_url):
        _beside(slots.watch, slot, locks, work.stopping)
    work.stopping.wait()
    return _stop(work, slot, grace)


@contextmanager
def stopped_by_signals(work: Work) -> Iterator[None]:
    """SIGTERM and SIGINT end the work in good order. Only for the main thread."""

    def stop(*_: object) -> None:
        # by a thread: the main one may be just inside the event's own lock
        threading.Thread(target=work.stopping.set).start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _beside(task: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=task, args=arguments, name=task.__name__, daemon=True).start()


def _require_current(url: str) -> None:
    engine = connect(url)
    try:
        require_current(engine)
    finally:
        engine.dispose()


def _launch(work: Work, url: str, slot: Slot) -> None:
    """The engine keeps connections of its own: its polling then never takes SQLite's write lock."""
    engine_log = logging.getLogger("dbos")
    if not engine_log.handlers:
        engine_log.addHandler(logging.NullHandler())  # else it prints past our log
    DBOS(
        config=DBOSConfig(
            name=APPLICATION,
            system_database_url=url if is_sqlite(url) else postgresql_url(url),
            run_migrations=False,
            application_version=APPLICATION_VERSION,
            executor_id=slot.name,
            serializer=serializer(),
            log_level="WARNING",
        )
    )

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_ENGINE_RECOVERIES)
    def perform_job(job_id: str, dispatch: int) -> None:
        perform(job_id, dispatch, work)

    DBOS.launch()
    for queue in QUEUES.values():
        _register(queue)


def _register(queue: Queue) -> None:
    """Always as this code says: a changed limit takes effect with the restart."""
    DBOS.register_queue(
        queue.name,
        worker_concurrency=queue.at_once,
        partition_concurrency=queue.at_once_in_partition,
        partition_limiter=(
            {"limit": queue.pace.starts, "period": queue.pace.seconds} if queue.pace else None
        ),
        polling_interval_sec=queue.looked_at_every,
        on_conflict="always_update",
    )


def _stop(work: Work, slot: Slot, grace: float) -> bool:
    """Take nothing new, let what runs come to its end, give back the slot last."""
    log.info("%s stops; %d jobs are under way", slot.name, len(work.running))
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=max(1, round(grace)))
    if work.running:
        interrupt(work)
        return False
    slot.lock.release()
    return True
