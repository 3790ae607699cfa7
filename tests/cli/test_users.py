"""People are let in, and out again, from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def connector(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "connector.cli", "users", *words],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "CONNECTOR_DATA_DIR": str(folder), "PORT": "8123"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_person_is_let_in_by_a_link_listed_and_let_out(tmp_path: Path) -> None:
    added = connector(tmp_path, "add", "Dana@Summit.example", "--name", "Dana", "--role", "admin")
    assert added.returncode == 0
    assert added.stdout.startswith("http://127.0.0.1:8123/login/link/")
    again = connector(tmp_path, "link", "dana@summit.example")
    assert again.stdout.startswith("http://127.0.0.1:8123/login/link/")
    assert again.stdout != added.stdout
    listed = connector(tmp_path, "list").stdout
    assert listed == "dana@summit.example  admin  Dana  (no password chosen yet)\n"
    assert connector(tmp_path, "end", "dana@summit.example").returncode == 0
    assert "ended" in connector(tmp_path, "list").stdout


def test_a_mistyped_or_taken_address_is_a_sentence(tmp_path: Path) -> None:
    wrong = connector(tmp_path, "add", "dana@summit")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "is no e-mail address" in wrong.stderr
    assert connector(tmp_path, "add", "dana@summit.example").returncode == 0
    taken = connector(tmp_path, "add", "dana@summit.example", "--account", "Another office")
    assert "has a login already" in taken.stderr
    assert "Nobody logs in as" in connector(tmp_path, "end", "robin@summit.example").stderr


def test_a_person_is_erased_and_the_rest_of_the_account_is_not(tmp_path: Path) -> None:
    connector(tmp_path, "add", "dana@summit.example", "--name", "Dana Reyes")
    connector(tmp_path, "add", "lee@summit.example", "--name", "Lee")
    planned = connector(tmp_path, "erase", "dana@summit.example", "--dry-run").stdout
    assert "1  users" in planned
    assert "dana@" in connector(tmp_path, "list").stdout
    done = connector(tmp_path, "erase", "Dana@Summit.example", "--yes")
    assert "The person is erased" in done.stdout
    listed = connector(tmp_path, "list").stdout
    assert ("dana" in listed, "lee@" in listed) == (False, True)
    assert "Nobody called" in connector(tmp_path, "erase", "dana@summit.example", "--yes").stderr
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"Dana Reyes" not in path.read_bytes(), path.name
