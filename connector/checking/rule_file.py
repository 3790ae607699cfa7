"""A rule file as read: plain values that know their line, and refusals that name it.

YAML is friendlier than it should be: a key written twice keeps the last, an alias can stand for
a billion values. Both are refused here, so that what a person sees in the file is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeVar

import yaml
from rapidfuzz import fuzz, process

from connector.errors import BrokenRuleSet

T = TypeVar("T")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader is 20 times as fast; `_check_shape` keeps deep nesting from its recursion."""

DEEPEST = 12
LARGEST_FILE = 256_000
"""Characters. The largest rule set anyone has shown us has 9,000."""


@dataclass(frozen=True, slots=True)
class Located:
    """A value and the line where it begins (of a mapping's entry: where its key stands)."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without its lines."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file's name and text; every refusal and every typed reading goes through it."""

    name: str
    text: str

    def refuse(
        self, line: int, message: str, word: str | None = None, known: Iterable[str] = ()
    ) -> NoReturn:
        """BrokenRuleSet with file, line, what is wrong, and the known word nearest to `word`."""
        near = nearest(word, known) if word is not None else None
        hint = f" Did you mean “{near}”?" if near else ""
        raise BrokenRuleSet(f"{self.name}, line {line}: {message}{hint}", field=self.name)

    def parse(self) -> Located:
        """The file's single YAML document."""
        if len(self.text) > LARGEST_FILE:
            self.refuse(1, f"The file is longer than {LARGEST_FILE:,} characters.")
        try:
            self._check_shape()
            node = yaml.compose(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            has_tab = any("\t" in text for text in self.text.splitlines()[line - 1 : line])
            why = "indent with spaces, not with a tab" if has_tab else error.problem
            self.refuse(line, f"This is not valid YAML: {why}.")
        except (yaml.YAMLError, ValueError):
            self.refuse(1, "This is not a readable YAML file.")
        if node is None:
            self.refuse(1, "The file is empty.")
        return self._located(node, node.start_mark.line + 1)

    def _check_shape(self) -> None:
        """Refuse aliases and deep nesting before anything recursive sees the text."""
        depth = 0
        for event in yaml.parse(self.text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self.refuse(_line(event), "Anchors and aliases (& and *) are not used.")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                self.refuse(_line(event), "This is nested too deeply.")

    def _located(self, node: yaml.Node, line: int) -> Located:
        if isinstance(node, yaml.MappingNode):
            return Located(self._mapping(node), line)
        if isinstance(node, yaml.SequenceNode):
            items = [self._located(item, item.start_mark.line + 1) for item in node.value]
            return Located(items, line)
        return Located(self._scalar(node), line)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(line, "A key must be a plain word.")
            key = str(key_node.value)
            if key in found:
                self.refuse(line, f"“{key}” stands here twice.")
            found[key] = self._located(value_node, line)
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return yaml.SafeLoader("").construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            self.refuse(node.start_mark.line + 1, f"“{node.value}” cannot be understood.")

    def mapping(self, at: Located, what: str, known: Iterable[str]) -> dict[str, Located]:
        """A mapping whose keys are all among `known`."""
        if not isinstance(at.value, dict):
            self.refuse(at.line, f"{what} must be written as “word: value”.")
        words = tuple(known)
        for key, item in at.value.items():
            if key not in words:
                self.refuse(item.line, f"“{key}” is no word of {lower(what)}.", key, words)
        found: dict[str, Located] = at.value
        return found

    def free_mapping(self, at: Located, what: str) -> dict[str, Located]:
        """A mapping whose keys are the author's own (roles, projects)."""
        if not isinstance(at.value, dict):
            self.refuse(at.line, f"{what} must be written as “word: value”.")
        found: dict[str, Located] = at.value
        return found

    def text_of(self, at: Located, what: str) -> str:
        """A text that is not empty."""
        if not isinstance(at.value, str) or not at.value.strip():
            self.refuse(at.line, f"{what} must be a text{_quoted(at)}.")
        return " ".join(at.value.split())

    def whole(self, at: Located, what: str, lowest: int = 0) -> int:
        """A whole number: 1000000 or 1_000_000, without "$" and commas."""
        if isinstance(at.value, bool) or not isinstance(at.value, int) or at.value < lowest:
            self.refuse(at.line, f"{what} must be a whole number such as 1000000{_quoted(at)}.")
        return at.value

    def flag(self, at: Located, what: str) -> bool:
        """true or false."""
        if not isinstance(at.value, bool):
            self.refuse(at.line, f"{what} must be true or false{_quoted(at)}.")
        return at.value

    def one_of(self, at: Located, what: str, known: Iterable[str]) -> str:
        """One of the known words."""
        words = tuple(known)
        if at.value not in words:
            word = str(at.value)
            listed = ", ".join(words) if len(words) <= 8 else None
            expected = f" Known: {listed}." if listed else ""
            self.refuse(at.line, f"{what} “{word}” is not known.{expected}", word, words)
        return str(at.value)

    def many(self, at: Located, read: Callable[[Located], T]) -> tuple[T, ...]:
        """A list, or a single value standing for a list of one."""
        items = at.value if isinstance(at.value, list) else [at]
        if not items:
            self.refuse(at.line, "The list is empty.")
        return tuple(read(item) for item in items)

    def texts(self, at: Located, what: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        return self.many(at, lambda item: self.text_of(item, what))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _quoted(at: Located) -> str:
    """What stands there instead, where it is short enough to repeat."""
    if isinstance(at.value, str | int | float | bool | date):
        return f"; here stands “{str(at.value)[:40]}”"
    return ""


def lower(words: str) -> str:
    """A label inside a sentence: "A rule" -> "a rule"; "ACORD 855" stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, if any is like it at all."""
    best = process.extractOne(word, tuple(known), scorer=fuzz.WRatio, score_cutoff=60)
    return best[0] if best else None
