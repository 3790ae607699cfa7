"""A clock that tests set: what the service's processes take for the time of day (libfaketime).

Only the time of day moves. What is waited for by the monotonic clock, sockets above all, takes as
long as ever.
"""

from __future__ import annotations

import importlib.util
from datetime import timedelta
from pathlib import Path


class MovedClock:
    """All processes with `environ` read the real time plus an offset that may be changed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.offset = timedelta()
        self.move(timedelta())

    def move(self, by: timedelta) -> None:
        """Set the clock forward, or back by a negative time, for every process at once."""
        self.offset += by
        draft = self._file.with_name("clock.draft")
        draft.write_text(f"{self.offset.total_seconds():+.0f}\n")
        draft.replace(self._file)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


def _library() -> Path:
    found = importlib.util.find_spec("libfaketime")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
