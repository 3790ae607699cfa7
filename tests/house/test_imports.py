"""The rooms import each other one way (HOUSE section 1), kept by import-linter."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_rooms_import_one_way() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_there_is_no_room_without_a_noun() -> None:
    nameless = {"utils", "helpers", "common", "base", "misc"}
    found = [p for p in (ROOT / "connector").rglob("*.py") if p.stem in nameless]
    assert not found
