"""`connector serve` on data that others may look at, or that another one serves already."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.installing import installed
from tests.service.running import free_port


def test_it_closes_what_was_open_and_a_second_one_says_once_why_it_does_not_start(
    tmp_path: Path, certificates: tuple[Path, Path]
) -> None:
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    with installed(tmp_path, None, {}) as service:
        (data / "connector.db").chmod(0o644)
        service.start()
        assert service.send("parse_certificate", certificates[0]).status_code == 200
        found = {
            str(path.relative_to(data)): stat.S_IMODE(path.stat().st_mode) & 0o077
            for path in data.rglob("*")
        }
        assert any("documents/" in name for name in found)
        assert not any(found.values()), {name: oct(mode) for name, mode in found.items() if mode}

        port = str(free_port())
        command = [sys.executable, "-m", "connector.cli", "serve", "--port", port]
        second = subprocess.run(
            command, env=service.environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert second.stderr.count("Another worker is already running") == 1
        assert len(second.stderr.splitlines()) == 1, second.stderr
        assert service.answers(), "the first one is undisturbed"


@pytest.mark.parametrize("command", ["worker", "web"])
def test_a_process_of_its_own_says_its_sentence_once_too(tmp_path: Path, command: str) -> None:
    with installed(tmp_path, None, {}) as service:
        done = subprocess.run(
            [sys.executable, "-m", "connector.cli", command],
            env=service.environ, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("share one SQLite file only on one disk") == 1
