"""`make audit` ends, and never calls a package clean that nobody was asked about."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from bench.audit import CLEAN, NOT_ASKED, WEAK, audit, judge

FLASK: dict[str, Any] = {"name": "flask", "version": "3.1.3", "vulns": []}
PILLOW = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}],
}
SKIPPED = {"name": "click", "skip_reason": "Dependency not found and could not be audited"}


def test_packages_that_were_all_looked_up_are_clean() -> None:
    found = judge({"dependencies": [FLASK, FLASK]})
    assert (found.code, found.words) == (CLEAN, "2 packages, no known weakness.")


def test_a_weakness_is_named_with_the_version_that_mends_it() -> None:
    found = judge({"dependencies": [FLASK, PILLOW, SKIPPED]})
    assert found.code == WEAK
    assert "pillow 1.0: PYSEC-1 (mended in 2.0)" in found.words
    assert "1 of 3 packages" in found.words


@pytest.mark.parametrize("packages", [[SKIPPED], [FLASK, SKIPPED], []])
def test_a_package_that_was_not_looked_up_is_no_pass(packages: list[dict[str, Any]]) -> None:
    found = judge({"dependencies": packages})
    assert found.code == NOT_ASKED
    assert "this is no pass" in found.words


def test_what_never_ends_is_ended_with_all_that_it_started() -> None:
    began = time.monotonic()
    found = audit(["sh", "-c", "sleep 60 & sleep 60"], limit=0.5)
    assert time.monotonic() - began < 10
    assert found.code == NOT_ASKED
    assert "could not be reached" in found.words


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A proxy that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        yield f"http://127.0.0.1:{there.getsockname()[1]}"


@pytest.mark.skipif(find_spec("pip_audit") is None, reason="pip-audit is not installed here")
@pytest.mark.parametrize("reached", ["never answers", "refuses"])
def test_without_the_database_it_says_so_with_a_code_of_its_own(
    black_hole: str, reached: str
) -> None:
    proxy = black_hole if reached == "never answers" else "http://127.0.0.1:9"
    environ = {**os.environ, "HTTPS_PROXY": proxy, "https_proxy": proxy, "AUDIT_SECONDS": "8"}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bench.audit"],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == NOT_ASKED, done.stdout + done.stderr
    assert "this is no pass" in done.stderr
    assert time.monotonic() - began < 30
