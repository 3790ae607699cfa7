"""The queues: how much of a kind runs at once, and how fast a destination is asked.

A queue's starts are limited with a margin of a tenth, over ten seconds or more: SQLite counts in
whole seconds. The limits keep us polite; what a destination says (429, Retry-After) is obeyed anyway.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `starts` in any `seconds`."""

    starts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Queue:
    """`at_once` is per worker process; the other two hold in each partition, over all workers.

    A partition is what must not be crowded: one connection, one spreadsheet, one host. A queue
    without partition limits has none. A worker looks for work every `looked_at_every` seconds.
    """

    name: str
    at_once: int
    at_once_in_partition: int | None = None
    pace: Pace | None = None
    looked_at_every: float = 0.25

    @property
    def is_partitioned(self) -> bool:
        return self.at_once_in_partition is not None or self.pace is not None


UNREACHED = Pace(1000, 10)
"""More than can start. With any pace the engine asks first which partitions have work; without one it
puts one large question: 2.0 ms instead of 0.7, ten times a second, also while there is nothing to do."""

DOCUMENTS = Queue("documents", at_once=2)
"""Reading takes a processor for a second or more."""

PROCORE = Queue("procore", at_once=8, at_once_in_partition=1, pace=Pace(18, 10))
"""Partition: the connection. One at a time, so that two pushes never create one record twice."""

GOOGLE_SHEETS = Queue("google_sheets", at_once=8, at_once_in_partition=1, pace=UNREACHED)
"""Partition: the spreadsheet. The first job writes the rows of all that wait, the others find
theirs written: what is paced (`actions/sheet_log.py`) is the writing, not the jobs."""

CSV = Queue("csv", at_once=8, at_once_in_partition=1, pace=UNREACHED, looked_at_every=0.1)
"""Partition: the account's file, on our own disk."""

EMAIL = Queue("email", at_once=4, at_once_in_partition=1, pace=Pace(27, 60), looked_at_every=1)

OUTSIDE = Queue("outside", at_once=8, at_once_in_partition=1, pace=Pace(18, 10))
"""Any other destination. Partition: the connection or the target."""

CALLBACKS = Queue("callbacks", at_once=8, at_once_in_partition=4)
"""Finished answers and hooks on their way out. Partition: the receiving host."""

HOUSEKEEPING = Queue("housekeeping", at_once=1, looked_at_every=2)
"""The daily work."""

QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (DOCUMENTS, PROCORE, GOOGLE_SHEETS, CSV, EMAIL, OUTSIDE, CALLBACKS, HOUSEKEEPING)
}


def for_destination(destination: str) -> Queue:
    """The queue that a destination's writes go through."""
    return QUEUES.get(destination, OUTSIDE)
