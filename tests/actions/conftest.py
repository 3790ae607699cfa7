from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.google_sheets.server import SheetsSimulator
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
