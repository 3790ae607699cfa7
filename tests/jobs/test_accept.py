from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading

import pytest
from dbos import _dbos
from sqlalchemy import func, select

from connector.errors import Conflict
from connector.jobs.accept import accept
from connector.jobs.queues import CALLBACKS, DOCUMENTS, HOUSEKEEPING, PROCORE, QUEUES
from connector.storage import accounts, jobs
from connector.storage.jobs import Job
from tests.jobs.accepting import accepted
from tests.jobs.engine_rows import engine_rows
from tests.storage.databases import NOW, Database


def test_our_row_and_the_engines_are_committed_together(database: Database) -> None:
    job = accepted(database).job
    (row,) = engine_rows(database)
    assert (row["workflow_uuid"], row["status"]) == (job.id, "ENQUEUED")
    assert (row["queue_name"], row["queue_partition_key"]) == ("procore", "conn_1")


def test_neither_row_is_there_when_the_transaction_fails(database: Database) -> None:
    with database.sessions() as session:
        accept(session, database.account.id, "k", "push", {}, queue=PROCORE, now=NOW)
        session.rollback()
    assert engine_rows(database) == []
    assert _job_count(database) == 0


def test_the_engine_is_given_ids_as_json_and_nothing_of_the_input(database: Database) -> None:
    # D8: its default is pickle, which runs what it reads.
    job = accepted(database, {"insured": "Northfield Mechanical LLC"}).job
    (row,) = engine_rows(database)
    assert row["serialization"] == "portable_json"
    assert json.loads(row["given"])["positionalArgs"] == [job.id, 1]
    assert "Northfield" not in row["given"]


def test_the_version_is_constant_so_that_a_deployment_leaves_no_job_behind(
    database: Database,
) -> None:
    # D3: the default is a hash of the code.
    accepted(database)
    (row,) = engine_rows(database)
    assert (row["application_version"], row["application_name"]) == ("1", "coi-connector")


def test_the_same_key_and_input_is_the_same_job(database: Database) -> None:
    first = accepted(database, {"a": 1, "b": [1, 2]}, key="order-7")
    second = accepted(database, {"b": [1, 2], "a": 1}, key="order-7")
    assert (first.is_duplicate, second.is_duplicate) == (False, True)
    assert second.job.id == first.job.id
    assert len(engine_rows(database)) == 1


def test_a_key_of_any_length_is_a_key(database: Database) -> None:
    # PostgreSQL has no index over a text of 2,700 signs; random ones cannot be packed either.
    key = secrets.token_urlsafe(6000)
    first, second = accepted(database, {"a": 1}, key=key), accepted(database, {"a": 1}, key=key)
    assert (first.job.id, second.is_duplicate) == (second.job.id, True)
    assert accepted(database, {"a": 1}, key=key + "x").job.id != first.job.id
    with pytest.raises(Conflict, match=key[:60]):
        accepted(database, {"a": 2}, key=key)


@pytest.mark.parametrize(
    ("given", "action"),
    [({"a": 2}, "push_to_procore"), ({"a": "1"}, "push_to_procore"), ({"a": 1}, "log_to_sheet")],
)
def test_the_same_key_with_other_input_is_a_conflict(
    database: Database, given: dict[str, object], action: str
) -> None:
    accepted(database, {"a": 1}, key="order-7")
    with pytest.raises(Conflict, match="order-7"):
        accepted(database, given, key="order-7", action=action)
    assert _job_count(database) == 1


def test_without_a_key_every_call_is_a_job_of_its_own(database: Database) -> None:
    assert accepted(database).job.id != accepted(database).job.id


def test_two_accounts_may_use_the_same_key(database: Database) -> None:
    ours = accepted(database, key="order-7").job
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Other", NOW)
        theirs = accept(session, other.id, "order-7", "push", {}, queue=PROCORE, now=NOW)
    assert not theirs.is_duplicate
    assert theirs.job.id != ours.id


def test_sixteen_at_once_make_one_job(database: Database) -> None:
    answers: list[tuple[str, bool]] = []
    gate = threading.Barrier(16)

    def call() -> None:
        gate.wait()
        answer = accepted(database, key="order-7")
        answers.append((answer.job.id, answer.is_duplicate))

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 16
    assert len({job_id for job_id, _ in answers}) == 1
    assert sum(not is_duplicate for _, is_duplicate in answers) == 1
    assert len(engine_rows(database)) == 1


def test_a_failure_is_answered_again_for_a_callers_key_but_tried_again_for_a_natural_one(
    database: Database,
) -> None:
    job = accepted(database, key="k").job
    with database.sessions() as session, session.begin():
        row = jobs.locked(session, job.id)
        jobs.park(row, Conflict("No."), NOW)
        row.attempts = 14
    assert accepted(database, key="k").job.status == "failed"
    again = accepted(database, key="k", retry_failed=True)
    assert again.is_duplicate
    assert (again.job.status, again.job.attempts, again.job.error) == ("waiting", 0, None)
    assert [row["workflow_uuid"] for row in engine_rows(database)] == [job.id, f"{job.id}:2"]


def test_a_later_callback_address_is_taken_while_the_job_is_open(database: Database) -> None:
    accepted(database, key="k")
    again = accepted(database, key="k", callback_url="https://hooks.example/2")
    assert again.job.callback_url == "https://hooks.example/2"


def test_only_partitioned_queues_are_given_a_partition(database: Database) -> None:
    # D8: a partitioned queue demands a partition; another one would never serve it.
    accepted(database, queue=DOCUMENTS)
    accepted(database, queue=HOUSEKEEPING)
    accepted(database, queue=CALLBACKS, partition="hooks.example")
    partitions = {row["queue_name"]: row["queue_partition_key"] for row in engine_rows(database)}
    assert partitions == {"documents": None, "housekeeping": None, "callbacks": "hooks.example"}


def test_what_was_accepted_first_is_first_in_its_queue(database: Database) -> None:
    job_ids = [accepted(database).job.id for _ in range(3)]
    rows = sorted(engine_rows(database), key=lambda row: row["priority"])
    assert [row["workflow_uuid"] for row in rows] == job_ids
    assert len({row["priority"] for row in rows}) == 3


def test_every_pace_is_measured_over_ten_seconds_or_more() -> None:
    # D4: SQLite counts in whole seconds, so a short window would let twice the starts through.
    assert all(queue.pace.seconds >= 10 for queue in QUEUES.values() if queue.pace)


def test_accepting_launches_nothing(database: Database) -> None:
    # D1: a web process that launched the engine would run the worker's jobs a second time.
    threads = threading.active_count()
    accepted(database)
    assert _dbos._dbos_global_instance is None
    assert threading.active_count() == threads


@pytest.mark.slow
def test_a_forked_process_accepts_with_connections_of_its_own(database: Database) -> None:
    # gunicorn --preload: the parent had accepted before the children were made.
    program = (
        "import os, sys\n"
        "from connector.jobs import engine\n"
        "from connector.jobs.accept import accept\n"
        "from connector.jobs.queues import PROCORE\n"
        "from connector.storage.database import connect, sessions_of\n"
        "from datetime import datetime, UTC\n"
        "sessions = sessions_of(connect(sys.argv[1]))\n"
        "def call():\n"
        "    with sessions() as session, session.begin():\n"
        "        accept(session, sys.argv[2], None, 'push', {}, queue=PROCORE,\n"
        "               now=datetime.now(UTC))\n"
        "call()\n"
        "children = []\n"
        "for _ in range(3):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        try:\n"
        "            for _ in range(5): call()\n"
        "        except BaseException as error: print(repr(error)); os._exit(1)\n"
        "        os._exit(0)\n"
        "    children.append(child)\n"
        "for _ in range(5): call()\n"
        "print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])\n"
    )
    done = _python(program, database.url, database.account.id)
    assert done.stdout.strip() == "[0, 0, 0]"
    assert _job_count(database) == 21
    assert len(engine_rows(database)) == 21


@pytest.mark.slow
@pytest.mark.parametrize(("when", "expected"), [("before", 0), ("after", 1)])
def test_killed_before_the_commit_leaves_neither_row_and_after_it_both(
    database: Database, when: str, expected: int
) -> None:
    program = (
        "import os, signal, sys\n"
        "from connector.jobs.accept import accept\n"
        "from connector.jobs.queues import PROCORE\n"
        "from connector.storage.database import connect, sessions_of\n"
        "from datetime import datetime, UTC\n"
        "session = sessions_of(connect(sys.argv[1]))()\n"
        "accept(session, sys.argv[2], None, 'push', {}, queue=PROCORE, now=datetime.now(UTC))\n"
        "if sys.argv[3] == 'after': session.commit()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = _python(program, database.url, database.account.id, when)
    assert done.returncode == -9
    assert _job_count(database) == expected
    assert len(engine_rows(database)) == expected


def _python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONWARNINGS": "error"},
        check=False,
    )


def _job_count(database: Database) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0
