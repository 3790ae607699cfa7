"""What every test begins with."""

from __future__ import annotations

import pytest

from connector.storage.actor import SERVICE, begin


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """Whoever acted in the test before, with a key of another database, acts no more."""
    begin(SERVICE)
