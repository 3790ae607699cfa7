"""`make audit`: known weaknesses of the packages we install, or a plain word that nobody could be asked.

pip-audit by itself waits for each package in turn where there is no internet, which took longer than
anybody stayed; and where a package is not found it says "No known vulnerabilities" all the same.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 300.0
"""Seconds for all packages together; with the internet it takes about half a minute."""
SOCKET_LIMIT = 10
CLEAN, WEAK, NOT_ASKED = 0, 1, 3
NO_DATABASE = (
    "The database of known weaknesses could not be reached, so nothing is known about {what}: this "
    "is no pass. Run `make audit` again where there is internet."
)


@dataclass(frozen=True)
class Finding:
    """What came of it: words for a person, and the exit code."""

    words: str
    code: int


def judge(report: dict[str, Any]) -> Finding:
    """pip-audit's own report, read strictly: a package that was not looked up is no clean one."""
    packages = report["dependencies"]
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    weak = [(each, flaw) for each in packages for flaw in each.get("vulns", ())]
    lines = [
        f"{each['name']} {each['version']}: {flaw['id']}"
        f" (mended in {', '.join(flaw.get('fix_versions') or ['no version yet'])})"
        for each, flaw in weak
    ]
    if unknown:
        lines.append(NO_DATABASE.format(what=f"{len(unknown)} of {len(packages)} packages"))
    if weak:
        return Finding("\n".join(lines), WEAK)
    if unknown or not packages:
        return Finding("\n".join(lines) or NO_DATABASE.format(what="any package"), NOT_ASKED)
    return Finding(f"{len(packages)} packages, no known weakness.", CLEAN)


def audit(command: Sequence[str], limit: float = LIMIT) -> Finding:
    """Run pip-audit, for so many seconds at most, with all that it started."""
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, complaints = started.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        return Finding(NO_DATABASE.format(what=f"any package after {limit:.0f} s"), NOT_ASKED)
    try:
        return judge(json.loads(said))
    except (ValueError, KeyError):
        last = complaints.strip().splitlines()[-1:] or ["it said nothing"]
        return Finding(f"{NO_DATABASE.format(what='any package')}\npip-audit: {last[0]}", NOT_ASKED)


def main() -> None:
    program = Path(sys.executable).with_name("pip-audit")
    if not program.exists():
        print("pip-audit is not installed. Run `make setup` first.", file=sys.stderr)
        sys.exit(NOT_ASKED)
    found = audit(
        [
            str(program), "-r", "constraints.txt", "--no-deps", "--disable-pip",
            "--timeout", str(SOCKET_LIMIT), "--format", "json", "--progress-spinner", "off",
        ],
        float(os.environ.get("AUDIT_SECONDS", LIMIT)),
    )  # fmt: skip
    print(found.words, file=sys.stdout if found.code == CLEAN else sys.stderr)
    sys.exit(found.code)


if __name__ == "__main__":
    main()
