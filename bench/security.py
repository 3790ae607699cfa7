"""`make bench-security`: how much was tried against the service, and what came of it.

The attempts are the project's own tests; each notes what it tries, and this table adds it up.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPORT = Path("build/security.xml")
WALLS = "tests.web.test_walls", "tests.web.pages.test_walls"
URLS = "tests.outbound.test_address", "tests.outbound.test_door"
FILES = (
    "tests/web/test_walls.py",
    "tests/web/pages/test_walls.py",
    "tests/outbound",
    "tests/documents/test_hostile.py",
    "tests/checking/test_rule_fuzz.py",
    "tests/web/test_contract.py",
)


@dataclass
class Tally:
    """What was tried, and the tests that did not hold."""

    tried: Counter[str] = field(default_factory=Counter)
    leaks: int = 0
    hangs: int = 0
    crashes: int = 0


def tally(cases: Iterable[ET.Element]) -> Tally:
    """The notes of all tests added up; a failed test is a leak, a hang or a crash by its subject."""
    found = Tally()
    for case in cases:
        where = case.get("classname", "")
        for note in case.iter("property"):
            found.tried[note.get("name", "")] += int(note.get("value", "0"))
        found.tried["URLs"] += where in URLS
        failed = [*case.iter("failure"), *case.iter("error")]
        if not failed:
            continue
        is_hang = any("Timeout" in (each.text or "") for each in failed)
        found.leaks += where in (*WALLS, *URLS)
        found.hangs += is_hang
        found.crashes += where not in (*WALLS, *URLS) and not is_hang
    return found


def main() -> None:
    REPORT.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", "slow or not slow", *FILES]
    # xunit1, because the newer form has no place for what a test notes
    report = ["-o", "junit_family=xunit1", f"--junitxml={REPORT}"]
    done = subprocess.run([*command, *report], check=False)
    found = tally(ET.parse(REPORT).iter("testcase"))  # noqa: S314 - see above
    table = Table(title="Security", title_justify="left", show_header=False)
    for what, figure in (
        ("Addresses, actions and lists crossed with another account", found.tried["crossed"]),
        ("Links and addresses tried", found.tried["URLs"]),
        ("Mutated documents tried", found.tried["documents"]),
        ("Mutated rule files tried", found.tried["rule files"]),
        ("Requests made up from our own description", found.tried["requests"]),
        ("Crashes", found.crashes),
        ("Hangs", found.hangs),
        ("Leaks", found.leaks),
    ):
        table.add_row(what, f"{figure:,}")
    Console().print(table)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
