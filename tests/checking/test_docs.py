"""docs/rules.md is true: its examples load, and it leaves no word and no code out."""

from __future__ import annotations

import re
from pathlib import Path

from connector.checking.codes import MEANING, WORDING, Code
from connector.checking.examples import parse_examples, prove, run_example
from connector.checking.rule_file import RuleFile
from connector.checking.rule_set import parse_rule_set
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.subject import SUBJECTS
from tests.checking.packets import RULES, rules

DOCS = Path(__file__).parents[2] / "docs" / "rules.md"
TEXT = DOCS.read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_every_rule_set_of_the_page_loads_and_its_examples_hold() -> None:
    whole = [block for block in BLOCKS if "rule_set:" in block]
    painters, lakeside, examples = whole
    parent = RuleFile("standard-subcontractor.yaml", (RULES / "standard-subcontractor.yaml").read_text("utf-8"))  # fmt: skip
    assert parse_rule_set(RuleFile("lakeside-medical-center.yaml", lakeside), lambda name: parent).projects  # fmt: skip
    rule_set = parse_rule_set(RuleFile("painters.yaml", painters), lambda name: None)
    for example in parse_examples(RuleFile("painters.examples.yaml", examples), RULES):
        assert run_example(example, rule_set) == ()


def test_every_rule_of_the_page_loads() -> None:
    parts = [block for block in BLOCKS if block.startswith("- id:")]
    assert len(parts) >= 7
    for block in parts:
        assert rules("rules:\n" + block).rules


def test_every_test_and_every_line_is_on_the_page() -> None:
    assert [word for word in RULE_TESTS if f"{word}:" not in TEXT] == []
    lines = [path for path, subject in SUBJECTS.items() if subject.kind is None]
    assert [line for line in lines if f"`{line}`" not in TEXT] == []


def test_every_box_is_in_the_table_of_boxes() -> None:
    table = TEXT.partition("| line | its boxes |")[2].partition("\n\n")[0]
    boxes = {path.rpartition(".")[2] for path, subject in SUBJECTS.items() if subject.line}
    lines = {path for path, subject in SUBJECTS.items() if subject.kind is None}
    heads = {path for path, subject in SUBJECTS.items() if subject.line is None}
    wanted = (boxes - lines) | {path for path in heads if "." not in path}
    assert [word for word in sorted(wanted) if f"`{word}`" not in table] == []


def test_every_code_is_on_the_page_with_its_meaning() -> None:
    assert set(MEANING) == set(Code)
    assert set(WORDING) <= set(Code)
    for code in Code:
        assert f"| `{code.value}` | {MEANING[code]} |" in TEXT


def test_the_shipped_rule_sets_are_listed_and_proven_by_their_examples() -> None:
    for path in RULES.glob("*.yaml"):
        if path.name.endswith(".examples.yaml"):
            continue
        proof = prove(path)
        assert f"| `{proof.rule_set.name}` |" in TEXT
        assert proof.examples > 0
        assert proof.differences == ()


def test_a_wrong_expectation_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "painters.yaml").write_text(next(b for b in BLOCKS if "rule_set: painters" in b))
    wrong = next(b for b in BLOCKS if "examples:" in b).replace("expect: non_compliant", "expect: compliant")  # fmt: skip
    (tmp_path / "painters.examples.yaml").write_text(wrong.replace("limit_too_low", "expired"))
    proof = prove(tmp_path / "painters.yaml")
    status, code = proof.differences
    assert "painters.examples.yaml, line 13, “Half a million”: compliant is expected" in status
    assert "gl-each-occurrence: not_met expired is expected, it is not_met limit_too_low" in code
