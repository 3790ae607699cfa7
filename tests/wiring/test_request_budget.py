"""One budget for all processes: what Procore announces is kept to before the wall is hit."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.delivery import Connection, Delivery, Vendor
from connector.destinations.procore.deliver import deliver
from connector.errors import DestinationUnavailable
from connector.outbound import Outbound
from connector.storage.request_budgets import LOOK_AGAIN, RESERVE, SCOUT_SECONDS, SETTLE_SECONDS
from connector.wiring.request_budget import SharedBudget
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.destinations.procore.conftest import Tokens
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import COMPANY, seeded
from tests.storage.databases import Database, sqlite_database, sqlite_template  # noqa: F401


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budgets(sqlite_database: Database, clock: Clock) -> Iterator[tuple[SharedBudget, SharedBudget]]:  # noqa: F811
    """The same budget as two processes see it."""
    made = [SharedBudget(sqlite_database.sessions, "procore:1", clock, clock.sleep) for _ in "ab"]
    yield made[0], made[1]


Pair = tuple[SharedBudget, SharedBudget]


def test_without_an_announcement_nobody_waits(budgets: Pair, clock: Clock) -> None:
    for _ in range(50):
        budgets[0].spend()
        budgets[0].observe(None, None)

    assert clock.slept == []


def test_one_goes_ahead_while_the_others_wait_for_what_is_announced_to_it(
    budgets: Pair, clock: Clock
) -> None:
    budgets[0].spend()

    def announced(seconds: float) -> None:
        clock.now += seconds
        if len(clock.slept) == 2:
            budgets[0].observe(RESERVE + 1, 1010.0)
        clock.slept.append(seconds)

    budgets[1]._sleep = announced
    budgets[1].spend()
    assert clock.slept == [LOOK_AGAIN] * 3

    budgets[1].spend()
    assert clock.now >= 1010, "the one that was left is used up"


def test_one_that_went_ahead_and_was_killed_holds_nobody_up_for_long(
    budgets: Pair, clock: Clock
) -> None:
    budgets[0].spend()

    budgets[1].spend()

    assert sum(clock.slept) == pytest.approx(SCOUT_SECONDS)


def test_what_would_arrive_in_the_next_window_waits_for_its_scout(
    budgets: Pair, clock: Clock
) -> None:
    budgets[0].observe(20, 1000.0 + SETTLE_SECONDS / 2)

    budgets[0].spend()

    assert clock.slept == [pytest.approx(SETTLE_SECONDS / 2)]


def test_a_clock_that_runs_ahead_of_procores_asks_one_by_one(budgets: Pair, clock: Clock) -> None:
    budgets[0].spend()
    budgets[0].observe(20, clock.now - 3)

    budgets[1].spend()

    assert sum(clock.slept) == pytest.approx(SCOUT_SECONDS)


def test_what_one_process_hears_the_other_keeps_to(budgets: Pair, clock: Clock) -> None:
    budgets[0].observe(RESERVE + 2, 1010.0)

    budgets[1].spend()
    budgets[0].spend()
    assert clock.slept == []
    budgets[1].spend()

    assert clock.slept == [10.0]


def test_an_answer_that_was_overtaken_gives_nothing_back(budgets: Pair, clock: Clock) -> None:
    budgets[0].observe(RESERVE, 1010.0)
    budgets[0].observe(RESERVE + 20, 1010.0)

    budgets[0].spend()

    assert clock.slept == [10.0]


def test_an_answer_of_a_window_that_is_over_says_nothing(budgets: Pair, clock: Clock) -> None:
    budgets[0].observe(0, 999.0)

    budgets[0].spend()

    assert clock.slept == []


def test_the_nearer_of_two_limits_counts(budgets: Pair, clock: Clock) -> None:
    budgets[0].observe(500, 1000.0 + 1800)
    budgets[0].observe(0, 1005.0)

    budgets[0].spend()

    assert clock.slept == [5.0]


def test_a_long_wait_is_given_back_to_the_queue(budgets: Pair, clock: Clock) -> None:
    budgets[0].observe(0, 1000.0 + 1800)

    with pytest.raises(DestinationUnavailable) as later:
        budgets[1].spend()

    assert later.value.retry_after == 1800
    assert clock.slept == []


@pytest.mark.slow
def test_a_backlog_drains_without_one_429(sqlite_database: Database) -> None:  # noqa: F811
    vendors = {f"Vendor {number}": {"id": number} for number in range(1, 41)}
    world = seeded(Switches(spike_limit=25, spike_window=1.0), vendors)
    with ProcoreSimulator(world) as procore:
        settings = {"company_id": COMPANY, "api_url": procore.url}
        budget = SharedBudget(sqlite_database.sessions, "procore:1")
        connection = Connection("procore", settings, Tokens(), budget)
        door = Outbound().trusting(procore.url)

        def push(number: int) -> None:
            parcel = Delivery(certificate(), verdict(), Vendor(""), known_vendor_id=str(number))
            deliver(parcel, connection, door, TODAY)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(push, range(1, 41)))

    assert len(world.insurances) == 160
    assert 429 not in {asked.status for asked in world.asked}


DRAIN = """
import sys
from connector.delivery import Connection, Delivery, Vendor
from connector.destinations.procore.deliver import deliver
from connector.outbound import Outbound
from connector.storage.database import connect, sessions_of
from connector.wiring.request_budget import SharedBudget
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.destinations.procore.conftest import Tokens

url, database, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
budget = SharedBudget(sessions_of(connect(database)), "procore:1")
connection = Connection("procore", {"company_id": 8089, "api_url": url}, Tokens(), budget)
door = Outbound().trusting(url)
for number in range(first, last):
    parcel = Delivery(certificate(), verdict(), Vendor(""), known_vendor_id=str(number))
    deliver(parcel, connection, door, TODAY)
"""


@pytest.mark.slow
def test_four_processes_drain_a_backlog_of_400_without_one_429(
    sqlite_database: Database,  # noqa: F811
) -> None:
    vendors = {f"Vendor {number}": {"id": number} for number in range(1, 401)}
    switches = Switches(spike_limit=25, spike_window=1.0)
    world = seeded(switches, vendors)
    with ProcoreSimulator(world) as procore, contextlib.ExitStack() as running:
        command = [sys.executable, "-c", DRAIN, procore.url, sqlite_database.url]
        quarters = [(first, first + 100) for first in range(1, 401, 100)]
        started = [
            running.enter_context(subprocess.Popen([*command, *map(str, quarter)]))
            for quarter in quarters
        ]
        ended = [process.wait(300) for process in started]

    assert ended == [0, 0, 0, 0]
    assert len(world.insurances) == 1600
    assert len(world.asked) == 1200, "one list, one sync, one read-back for each"
    assert [asked.status for asked in world.asked].count(429) == 0
