"""Executor slots: which worker is which, proven by a lock that ends with the process.

Two live workers of one name would each run the other's jobs a second time, and nobody takes over
the jobs of a dead one by itself. So a worker's name is a lock: it takes the first free one, and a
name whose lock is free belongs to nobody who lives.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from dbos import DBOS

from connector.errors import Misconfigured
from connector.storage.database import is_sqlite
from connector.storage.locks import Lock, Locks

log = logging.getLogger(__name__)

_MOST_WORKERS = 64


@dataclass
class Slot:
    """A worker's name for as long as it lives."""

    name: str
    lock: Lock


def take(locks: Locks, database_url: str) -> Slot:
    """The first free slot. Misconfigured when there is none: on SQLite there is only one."""
    most = 1 if is_sqlite(database_url) else _MOST_WORKERS
    for number in range(1, most + 1):
        name = f"worker-{number}"
        lock = locks.attempt(name)
        if lock is not None:
            return Slot(name, lock)
    if most == 1:
        raise Misconfigured(
            "Another worker is already running on this SQLite database, and it takes only one. "
            "Stop the other one, or set DATABASE_URL to PostgreSQL for several."
        )
    raise Misconfigured(f"There are already {_MOST_WORKERS} workers on this database.")


def take_over_the_dead(slot: Slot, locks: Locks) -> list[str]:
    """Give the jobs of dead workers back to their queues; the names taken over.

    The engine's own recovery is used rather than its public `resume_workflow`: it touches only
    what still bears the dead worker's name, keeps queue and partition, and goes on counting.
    """
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    others = {found.executor_id for found in pending} - {slot.name, None}
    taken = []
    for name in sorted(str(other) for other in others):
        lock = locks.attempt(name)
        if lock is None:
            continue
        try:
            DBOS._recover_pending_workflows([name])
        finally:
            lock.release()
        log.warning("%s is gone; its jobs were taken over by %s", name, slot.name)
        taken.append(name)
    return taken


def keep(slot: Slot, locks: Locks) -> bool:
    """Whether the slot is ours, taken again if the database forgot it and nobody was quicker."""
    if slot.lock.is_held():
        return True
    lock = locks.attempt(slot.name)
    if lock is None:
        return False
    slot.lock = lock
    return True


def watch(slot: Slot, locks: Locks, stopping: threading.Event, every: float = 2.0) -> None:
    """Until `stopping`: keep our slot and look after the jobs of workers that died.

    A worker whose slot went to another one must not go on: it sets `stopping` itself.
    """
    while not stopping.wait(every):
        try:
            if not keep(slot, locks):
                log.critical("%s now belongs to another process; this worker ends", slot.name)
                stopping.set()
                return
            take_over_the_dead(slot, locks)
        except Exception as error:
            log.warning("looking after dead workers has to wait: %s", type(error).__name__)
