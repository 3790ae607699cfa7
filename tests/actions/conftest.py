from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.google_sheets.server import SheetsSimulator
from tests.simulators.procore.server import ProcoreSimulator
from tests.web.conftest import (  # noqa: F401 - fixtures
    caller,
    certificates,
    migrated,
    reader,
    services,
    stranger,
)


@pytest.fixture
def google() -> Iterator[SheetsSimulator]:
    with SheetsSimulator() as simulator:
        yield simulator


@pytest.fixture
def procore() -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        yield simulator
    assert simulator.world.breaches == []
