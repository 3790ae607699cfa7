"""Real workers, really killed. D1 to D8 are the engine's traps that docs/house.md lists."""

from __future__ import annotations

import signal
import time

import pytest
from sqlalchemy import create_engine, text

from connector.jobs.queues import DOCUMENTS, OUTSIDE, PROCORE
from connector.storage.database import postgresql_url
from tests.jobs.accepting import accepted
from tests.storage.databases import Database
from tests.worker.workers import kill, until, workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_job_is_performed_and_a_failed_attempt_follows_after_its_delay(
    sqlite_database: Database,
) -> None:
    # D6: a delay lasts a little longer, never shorter.
    with workers(sqlite_database) as them:
        them.start()
        job = accepted(sqlite_database, {"name": "a", "times": 2}, action="flaky").job
        done = them.ended(job.id)
        first, second = them.lines("start", "a")
    assert (done.status, done.answer, done.attempts) == ("done", {"name": "a"}, 2)
    assert 10 <= float(second[3]) - float(first[3]) < 20


def test_a_killed_workers_job_is_done_by_its_successor(database: Database) -> None:
    # D2, the plain case: a restart under the same name takes up what was left.
    with workers(database) as them:
        first = them.start()
        job = accepted(database, {"name": "long", "seconds": 4}, action="note", queue=DOCUMENTS).job
        them.wait_for("start", "long")
        kill(first)
        them.start()
        done = them.ended(job.id)
        starts, ends = them.lines("start", "long"), them.lines("end", "long")
    assert (done.status, done.crashes) == ("done", 1)
    assert (len(starts), len(ends)) == (2, 1)


def test_a_survivor_takes_over_and_its_own_jobs_are_started_once(
    postgresql_database: Database,
) -> None:
    # D1, D2: nobody recovers a dead worker's jobs by itself, and a live one's must be left alone.
    with workers(postgresql_database) as them:
        them.start(), them.start()
        names = ["a", "b", "c", "d"]
        job_ids = [
            accepted(
                postgresql_database, {"name": name, "seconds": 6}, action="note", queue=DOCUMENTS
            ).job.id
            for name in names
        ]
        lines = [them.wait_for("start", name) for name in names]
        victim = lines[0][2]
        kill(them.process_of(victim))
        killed_at = time.time()
        assert [them.ended(job_id).status for job_id in job_ids] == ["done"] * 4
        for name, line in zip(names, lines, strict=True):
            starts = them.lines("start", name)
            assert len(starts) == (2 if line[2] == victim else 1)
            assert len(them.lines("end", name)) == 1
            if line[2] == victim:
                assert float(starts[1][3]) - killed_at < 15


def test_several_workers_share_the_work_and_start_each_job_once(
    postgresql_database: Database,
) -> None:
    # D1: three live workers, three names.
    with workers(postgresql_database) as them:
        for _ in range(3):
            them.start()
        job_ids = [
            accepted(
                postgresql_database, {"name": f"n{number}"}, action="note", queue=DOCUMENTS
            ).job.id
            for number in range(40)
        ]
        assert {them.ended(job_id).status for job_id in job_ids} == {"done"}
        starts = [line[1] for line in them.lines("start")]
    assert sorted(starts) == sorted(f"n{number}" for number in range(40))


def test_a_job_that_kills_every_worker_is_parked_and_the_others_are_done(
    sqlite_database: Database,
) -> None:
    with workers(sqlite_database) as them:
        poison = accepted(sqlite_database, {"name": "poison"}, action="die", queue=DOCUMENTS).job
        others = [
            accepted(sqlite_database, {"name": f"n{number}"}, action="note", queue=DOCUMENTS).job
            for number in range(5)
        ]
        for _ in range(3):
            worker = them.start()
            until(lambda: worker.poll() is not None)  # noqa: B023 - called at once
        them.start()
        parked = them.ended(poison.id)
        assert [them.ended(job.id).status for job in others] == ["done"] * 5
        assert len(them.lines("start", "poison")) == 3
    assert parked.status == "failed"
    assert parked.error is not None
    assert parked.error["code"] == "worker_stopped"


def test_a_worker_told_to_stop_ends_what_it_began_and_begins_nothing_new(
    database: Database,
) -> None:
    with workers(database) as them:
        worker = them.start(grace=30)
        running = accepted(database, {"name": "a", "seconds": 6}, action="note").job
        behind = accepted(database, {"name": "b"}, action="note").job
        them.wait_for("start", "a")
        told_at = time.time()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        assert them.job(running.id).status == "done"
        assert [float(line[3]) - told_at for line in them.lines("start", "b")] == []
        assert them.job(behind.id).status == "waiting"
        them.start()
        assert them.ended(behind.id).status == "done"


def test_work_longer_than_the_grace_is_begun_again_without_counting_as_a_crash(
    database: Database,
) -> None:
    with workers(database) as them:
        worker = them.start(grace=1)
        job = accepted(database, {"name": "a", "seconds": 8}, action="note").job
        them.wait_for("start", "a")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 1
        assert them.job(job.id).status == "waiting"
        them.start()
        done = them.ended(job.id)
    assert (done.status, done.crashes) == ("done", 0)


def test_a_second_worker_on_sqlite_refuses_to_start_and_says_why(
    sqlite_database: Database,
) -> None:
    # D4: two pollers on SQLite would exceed a destination's pace.
    with workers(sqlite_database) as them:
        them.start()
        second = them.spawn()
        said = second.communicate(timeout=60)[0]
        assert second.returncode == 2
        assert "already running on this SQLite database" in said


def test_a_partition_runs_one_at_a_time_in_order_while_others_go_on(
    sqlite_database: Database,
) -> None:
    with workers(sqlite_database) as them:
        them.start()
        job_ids = [
            accepted(
                sqlite_database, {"name": f"{partition}{n}", "seconds": 0.3}, action="note",
                queue=OUTSIDE, partition=partition,
            ).job.id
            for partition in ("x", "y")
            for n in range(3)
        ]  # fmt: skip
        for job_id in job_ids:
            them.ended(job_id)
        for partition in ("x", "y"):
            moments = [
                (line[0], float(line[3]))
                for line in sorted(
                    (*them.lines("start"), *them.lines("end")), key=lambda line: line[3]
                )
                if line[1].startswith(partition)
            ]
            assert [word for word, _ in moments] == ["start", "end"] * 3
            names = [line[1] for line in them.lines("start") if line[1].startswith(partition)]
            assert names == [f"{partition}{n}" for n in range(3)]


def test_a_destination_is_never_asked_faster_than_its_pace(database: Database) -> None:
    # D4: in any window of the pace's length, less the whole second that SQLite may cut off.
    assert PROCORE.pace is not None
    count = PROCORE.pace.starts + 6
    with workers(database) as them:
        them.start()
        job_ids = [
            accepted(database, {"name": f"n{n}"}, action="note").job.id for n in range(count)
        ]
        for job_id in job_ids:
            assert them.ended(job_id).status == "done"
        starts = sorted(float(line[3]) for line in them.lines("start"))
    assert len(starts) == count
    for first, next_over in zip(starts, starts[PROCORE.pace.starts :], strict=False):
        assert next_over - first >= PROCORE.pace.seconds - 1.1


def test_a_database_that_is_away_for_ten_seconds_loses_nothing(
    postgresql_database: Database, postgresql_server: str
) -> None:
    name = postgresql_database.engine.url.database
    admin = create_engine(postgresql_url(postgresql_server), isolation_level="AUTOCOMMIT")
    with workers(postgresql_database) as them, admin.connect() as connection:
        them.start()
        jobs = [
            accepted(
                postgresql_database, {"name": n, "seconds": 3}, action="note", queue=DOCUMENTS
            ).job
            for n in ("a", "b", "c")
        ]
        them.wait_for("start", "a")
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        time.sleep(10)
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        assert [them.ended(job.id).status for job in jobs] == ["done"] * 3
    admin.dispose()
