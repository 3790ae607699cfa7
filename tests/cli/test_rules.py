"""`connector rules`: proven by examples, drafted from a certificate."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from connector.checking.rule_set import load_rule_set
from connector.cli.rules import table_of
from demo.draw import draw_demo

ROOT = Path(__file__).parents[2]


def connector(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "connector.cli", "rules", *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_shipped_rule_sets_are_sound_and_their_examples_hold() -> None:
    done = connector("check", "rules")
    assert (done.returncode, done.stderr) == (0, "")
    assert "standard-subcontractor@1, 22 rules, 39 of 39 examples hold" in done.stdout


def test_a_broken_file_and_a_wrong_example_are_told_with_their_lines(tmp_path: Path) -> None:
    rule = "rules:\n  - id: gl\n    require: general_liability\n    is_present: true\n"
    (tmp_path / "good.yaml").write_text(f"rule_set: good\nversion: 1\n{rule}")
    (tmp_path / "good.examples.yaml").write_text(
        "on: 2026-06-15\ncertificate: {insured_name: A}\nexamples:\n  - {name: Nothing, expect: compliant}\n"
    )
    (tmp_path / "bad.yaml").write_text(f"rule_set: bad\nversion: 1\n{rule}    severty: advisory\n")
    done = connector("check", str(tmp_path))
    assert done.returncode == 1
    assert (
        "bad.yaml, line 7: “severty” is no word of a rule. Did you mean “severity”?" in done.stderr
    )
    assert "good.examples.yaml, line 4, “Nothing”: compliant is expected" in done.stderr
    assert "0 of 1 examples hold" in done.stdout


def test_a_rule_set_is_drafted_from_a_certificate(tmp_path: Path) -> None:
    made = draw_demo(tmp_path, datetime.now(UTC).date())
    sample = sorted(tmp_path.glob("*.pdf"))[0]
    done = connector("from-certificate", str(sample), "--name", "ours")
    assert done.returncode == 0, (done.stderr, made)
    (tmp_path / "ours.yaml").write_text(done.stdout)
    assert load_rule_set(tmp_path / "ours.yaml").rules


def test_a_file_that_is_no_certificate_drafts_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_text("this is no PDF")
    done = connector("from-certificate", str(tmp_path / "notes.pdf"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("notes.pdf: ")


def test_who_would_change_is_printed_as_a_table_with_the_reasons() -> None:
    rows = [
        {"key": "V-1", "name": "Northfield Roofing LLC", "before": "compliant", "after": "non_compliant", "why": "One.\nTwo."},
        {"key": "V-20", "name": "B", "before": None, "after": "needs_review", "why": None},
    ]  # fmt: skip
    assert list(table_of("ours@2", rows)) == [
        "Who would change with ours@2",
        "Number  Name                    Now        Then",
        "V-1     Northfield Roofing LLC  compliant  non_compliant",
        "    One.",
        "    Two.",
        "V-20    B                       -          needs_review",
    ]
