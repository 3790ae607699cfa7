"""`when:` of a rule or a tier: does it hold for this context? Yes, no, or we cannot tell.

A word that is missing from the context, or only near to a word of the rule ("steel erection"
beside "steel"), is no answer: the rule then reports what it needed, and nobody passes by a typo.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from connector.certificate.states import state_code
from connector.checking.rule_file import Located, RuleFile
from connector.checking.verdict import Context

CONTEXT_LABELS = {
    "trade": "the trade",
    "state": "the state of the work",
    "vendor_type": "the vendor type",
    "project": "the project",
    "subcontract_value": "the subcontract value",
}
VALUE_WORDS = ("over", "at_least", "up_to", "under")
_NEAR = 85.0


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Whole dollars; each bound None when it is not written."""

    over: int | None = None
    at_least: int | None = None
    up_to: int | None = None
    under: int | None = None

    def holds(self, value: int) -> bool:
        return (
            (self.over is None or value > self.over)
            and (self.at_least is None or value >= self.at_least)
            and (self.up_to is None or value <= self.up_to)
            and (self.under is None or value < self.under)
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """`holds` is None when it cannot be told; `missing` then says what for, in words."""

    holds: bool | None
    missing: tuple[str, ...] = ()


_YES, _NO = Reply(True), Reply(False)


@dataclass(frozen=True, slots=True)
class When:
    """Every part that is written must hold. A part that certainly fails settles it."""

    trade: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    vendor_type: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    subcontract_value: ValueRange | None = None

    def holds(self, context: Context) -> Reply:
        if self is ALWAYS:
            return _YES
        replies = []
        if self.trade:
            replies.append(_word("trade", self.trade, context.trade))
        if self.state:
            replies.append(_state(self.state, context.state))
        if self.vendor_type:
            replies.append(_word("vendor_type", self.vendor_type, context.vendor_type))
        if self.project:
            given = (context.project_name, context.project_number)
            replies.append(_any_of("project", self.project, given))
        if self.subcontract_value:
            replies.append(_value(self.subcontract_value, context.subcontract_value))
        if any(reply.holds is False for reply in replies):
            return _NO
        missing = tuple(words for reply in replies for words in reply.missing)
        return Reply(None, missing) if missing else _YES


ALWAYS = When()


def read_when(file: RuleFile, at: Located) -> When:
    """The condition written at `at`."""
    parts = file.mapping(at, "A condition", CONTEXT_LABELS)
    if not parts:
        file.refuse(at.line, "`when` is empty; leave it out where a rule always applies.")
    words = {
        key: file.texts(parts[key], f"`{key}`")
        for key in ("trade", "vendor_type", "project")
        if key in parts
    }
    states = tuple(_read_state(file, item) for item in _items(parts.get("state")))
    value = parts.get("subcontract_value")
    return When(
        trade=words.get("trade", ()),
        state=states,
        vendor_type=words.get("vendor_type", ()),
        project=words.get("project", ()),
        subcontract_value=_read_range(file, value) if value else None,
    )


def _items(at: Located | None) -> list[Located]:
    if at is None:
        return []
    return at.value if isinstance(at.value, list) else [at]


def _read_state(file: RuleFile, at: Located) -> str:
    code = state_code(file.text_of(at, "A state"))
    if code is None:
        file.refuse(at.line, f"“{at.value}” is no state; write its two letters, such as NY.")
    return code


def _read_range(file: RuleFile, at: Located) -> ValueRange:
    parts = file.mapping(at, "A subcontract value", VALUE_WORDS)
    if not parts:
        file.refuse(at.line, "Write over, at_least, up_to or under with whole dollars.")
    return ValueRange(**{key: file.whole(item, f"`{key}`") for key, item in parts.items()})


def _missing(key: str) -> Reply:
    return Reply(None, (f"{CONTEXT_LABELS[key]} was not given",))


def _word(key: str, listed: tuple[str, ...], given: str | None) -> Reply:
    return _any_of(key, listed, (given,))


def _any_of(key: str, listed: tuple[str, ...], given: tuple[str | None, ...]) -> Reply:
    """Equal words hold; a word near to one of the list cannot be told."""
    words = [_plain(word) for word in given if word and word.strip()]
    if not words:
        return _missing(key)
    plain = [_plain(word) for word in listed]
    if any(word in plain for word in words):
        return _YES
    for word in words:
        for target, printed in zip(plain, listed, strict=True):
            if _near(word, target):
                said = f"“{word}” is near “{printed}” but not the same"
                return Reply(None, (f"{CONTEXT_LABELS[key]} {said}",))
    return _NO


def _near(word: str, target: str) -> bool:
    inside = f" {target} " in f" {word} " or f" {word} " in f" {target} "
    return inside or fuzz.ratio(word, target) >= _NEAR


@lru_cache(maxsize=4_096)
def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())


def _state(listed: tuple[str, ...], given: str | None) -> Reply:
    if not given or not given.strip():
        return _missing("state")
    code = state_code(given)
    if code is None:
        return Reply(None, (f"“{given}” is no state of the United States",))
    return _YES if code in listed else _NO


def _value(written: ValueRange, given: int | None) -> Reply:
    if given is None:
        return _missing("subcontract_value")
    return _YES if written.holds(given) else _NO
