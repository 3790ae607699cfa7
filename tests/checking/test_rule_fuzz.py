"""Whatever a rule file says, it is loaded or refused by name; the loader never breaks or hangs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.checking.rule_set import RuleSet, parse_rule_text
from connector.errors import BrokenRuleSet

RULES = Path(__file__).parents[2] / "rules"
NAME = "standard-subcontractor"
TEXT = (RULES / f"{NAME}.yaml").read_text()
LINES = TEXT.splitlines(keepends=True)
FEW, MANY = 150, 3000
Note = Callable[[str, object], None]
"""pytest's record_property: `make bench-security` counts what is noted."""

WORDS = st.sampled_from(
    ["rules:", "extends:", "&a", "*a", "!!python/object:os.system", "{", "]", "- ", "? ", "<<: *a",
     "when:", "at_least:", "1e400", ".nan", "0x_", "2026-13-45", "~", "|", ">", "\t", "\x00", "\ud7ff",
     "general_liability.each_occurrence", "require:", "severity:", "%YAML 9.9", "---", "...", "🏗"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped rule file with lines lost, doubled, swapped or with words thrown in."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.sampled_from(["lose", "double", "swap", "insert", "cut"])):
            case "lose":
                del lines[at : at + 1]
            case "double":
                lines[at:at] = lines[at : at + 3]
            case "swap":
                lines[at : at + 2] = reversed(lines[at : at + 2])
            case "insert":
                lines.insert(at, draw(WORDS) + draw(st.text(max_size=12)) + "\n")
            case _:
                lines[at : at + 1] = [
                    line[: draw(st.integers(0, 30))] for line in lines[at : at + 1]
                ]
    return "".join(lines)


def loads_or_refuses(text: str) -> bool:
    """Whether it was loaded; a refusal names what is wrong, and any other error is a fault."""
    try:
        loaded = parse_rule_text(NAME, text, RULES)
    except BrokenRuleSet as error:
        assert error.message
        return False
    assert isinstance(loaded, RuleSet)
    return True


def test_the_shipped_file_itself_is_loaded() -> None:
    assert loads_or_refuses(TEXT)


BOUNDED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=FEW, derandomize=True, **BOUNDED)
@given(text=mutated())
def test_a_mutated_rule_file_is_loaded_or_refused(record_property: Note, text: str) -> None:
    record_property("rule files", 1)
    loads_or_refuses(text)


@settings(max_examples=FEW, derandomize=True, **BOUNDED)
@given(text=st.text(max_size=400))
def test_any_text_is_refused_by_name(record_property: Note, text: str) -> None:
    record_property("rule files", 1)
    assert not loads_or_refuses(text)


@pytest.mark.slow
@settings(max_examples=MANY, **BOUNDED)
@given(text=mutated())
def test_many_mutated_rule_files_are_loaded_or_refused(record_property: Note, text: str) -> None:
    record_property("rule files", 1)
    loads_or_refuses(text)


def test_a_file_that_grows_by_naming_itself_is_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert not loads_or_refuses(bomb)
