"""The port to the job engine (DBOS): one function to enqueue, and the names both sides use.

The engine's row is written in the caller's transaction beside our own row, so that a job is
either wholly accepted or not at all. The engine is given ids only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from connector.jobs.queues import QUEUES
from connector.storage.jobs import Job

APPLICATION = "coi-connector"
APPLICATION_VERSION = "1"
"""Never changes. The engine's own default, a hash of the code, would leave every waiting job
behind at the next deployment."""

WORKFLOW = "perform"

_FORGOTTEN_AT_ONCE = 200


def serializer() -> DBOSPortableJSONSerializer:
    """JSON, on both sides; the engine's default is pickle, which runs what it reads."""
    return DBOSPortableJSONSerializer()


def enqueue(session: Session, job: Job, delay: float | None = None) -> None:
    """Hand the job's next attempt to the engine, in the session's transaction.

    `delay` is in seconds. Each attempt is a workflow of its own, numbered by `job.dispatch`; an
    older one that still turns up finds itself replaced and does nothing.
    """
    job.dispatch += 1
    options = EnqueueOptions(
        workflow_name=WORKFLOW,
        queue_name=job.queue,
        workflow_id=job.workflow_id,
        app_version=APPLICATION_VERSION,
        priority=job.number,  # first come, first served; the engine's own clock may count in seconds
    )
    if QUEUES[job.queue].is_partitioned:
        options["queue_partition_key"] = job.partition
    if delay is not None:
        options["delay_seconds"] = delay
    session.flush()
    client(session).enqueue_in_transaction(session, options, job.id, job.dispatch)


def client(session: Session) -> DBOSClient:
    """The engine's client for this session's database. It has no connections of its own."""
    return _client(session.connection().engine)


def forget_ended(session: Session, before: datetime) -> int:
    """Let the engine forget workflows that ended before this moment. How many.

    It keeps everything by itself; our own rows are what people look at. The session must not be
    in a transaction: the engine's client opens its own, and SQLite has one writer.
    """
    found = client(session)
    session.rollback()
    count = 0
    while ended := found.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
        completed_before=before.isoformat(),
        limit=_FORGOTTEN_AT_ONCE,
        load_input=False,
        load_output=False,
    ):
        found.delete_workflows([workflow.workflow_id for workflow in ended])
        count += len(ended)
    return count


def forget(session: Session, workflow_ids: Sequence[str]) -> None:
    """Let the engine forget these workflows, whatever came of them. As above, no transaction."""
    found = client(session)
    session.rollback()
    for at in range(0, len(workflow_ids), _FORGOTTEN_AT_ONCE):
        found.delete_workflows(list(workflow_ids[at : at + _FORGOTTEN_AT_ONCE]))


@lru_cache(maxsize=4)
def _client(engine: Engine) -> DBOSClient:
    return DBOSClient(
        system_database_engine=engine,
        serializer=serializer(),
        application_name=APPLICATION,
        lazy=True,
    )
