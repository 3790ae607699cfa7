"""Counting the requests of a window in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from connector.storage import request_counts
from tests.storage.databases import Database


def test_a_window_counts_up_and_a_new_one_begins_when_it_is_over(session: Session) -> None:
    sums = [request_counts.add(session, "a", 1, now, 60) for now in (0.0, 10.0, 59.9)]
    assert sums == [1, 2, 3]
    assert request_counts.find(session, "a", 59.9) == (3, 60.0)
    assert request_counts.find(session, "a", 60.0) == (0, 60.0), "it is over"
    assert request_counts.add(session, "a", 2, 60.0, 60) == 2
    assert request_counts.find(session, "a", 61.0) == (2, 120.0)


def test_keys_do_not_share_a_window_and_one_can_begin_anew(session: Session) -> None:
    request_counts.add(session, "a", 5, 0.0, 60)
    request_counts.add(session, "b", 1, 0.0, 60)
    request_counts.forget(session, "a")
    assert request_counts.find(session, "a", 1.0)[0] == 0
    assert request_counts.find(session, "b", 1.0)[0] == 1


def test_only_windows_that_are_over_are_removed(session: Session) -> None:
    request_counts.add(session, "old", 1, 0.0, 60)
    request_counts.add(session, "new", 1, 50.0, 60)
    assert request_counts.forget_ended(session, 60.0) == 1
    assert request_counts.find(session, "new", 60.0) == (1, 110.0)


def test_of_many_at_once_each_is_counted(database: Database) -> None:
    def add(_: int) -> int:
        with database.sessions() as session, session.begin():
            return request_counts.add(session, "a", 1, 0.0, 60)

    with ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(add, range(40)))
    assert sorted(sums) == list(range(1, 41))
