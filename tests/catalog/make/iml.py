"""An interpreter of exactly the expressions that our app for Make uses.

Make's own is not published. So this one fails closed: a function, an operator or a form of writing
that it does not know is an error here, never a pass. What it knows is described in Make's
documentation for developers of apps: single-quoted text, paths with dots and back ticks, commas
between arguments, a loose `==`, and that a text which is one expression keeps the value's type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

MOMENT = "YYYY-MM-DDTHH:mm:ssZ"


class NotUnderstood(Exception):
    """Something that is not among what we use."""


class Undefined:
    """What a path that leads nowhere gives."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<quoted>`[^`]+`)|(?P<sign>\|\||&&|==|!=|[().,!]))"
)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

SPREAD = "{{...}}"


def evaluate(value: Any, scope: Mapping[str, Any]) -> Any:
    """A directive with its expressions evaluated; keys that come to undefined are left out."""
    if isinstance(value, str):
        return _text(value, scope)
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    if isinstance(value, dict):
        return _collection(value, scope)
    return value


def _collection(value: Mapping[str, Any], scope: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        evaluated = evaluate(inner, scope)
        if key == SPREAD:
            found |= _spread(evaluated)
        elif "{{" in key:
            raise NotUnderstood(f"the key {key}")
        elif evaluated is not UNDEFINED:
            found[key] = evaluated
    return found


def _spread(value: Any) -> dict[str, Any]:
    if value is UNDEFINED:
        return {}
    if not isinstance(value, dict):
        raise NotUnderstood(f"spreading {type(value).__name__}")
    return value


def _text(text: str, scope: Mapping[str, Any]) -> Any:
    found = _EXPRESSION.findall(text)
    if not found:
        if "{{" in text or "}}" in text:
            raise NotUnderstood(f"the braces in {text}")
        return text
    if f"{{{{{found[0]}}}}}" == text:
        return expression(found[0], scope)
    return _EXPRESSION.sub(lambda match: _said(expression(match[1], scope)), text)


def _said(value: Any) -> str:
    if value is UNDEFINED or value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise NotUnderstood(f"a {type(value).__name__} within a text")


def expression(source: str, scope: Mapping[str, Any]) -> Any:
    """The value of what stands between the braces."""
    return _Parser(tokens(source), scope).whole()


def tokens(source: str) -> list[tuple[str, str]]:
    """Kind and text of every token. NotUnderstood where there is none, such as `;` or `[`."""
    found, at, source = [], 0, source.strip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise NotUnderstood(f"“{source[at:]}” in {source}")
        assert match.lastgroup
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Parser:
    """Reads and evaluates in one go, `||` weakest."""

    def __init__(self, found: list[tuple[str, str]], scope: Mapping[str, Any]) -> None:
        self.left, self.scope = list(found), scope

    def whole(self) -> Any:
        value = self.either()
        if self.left:
            raise NotUnderstood(f"“{self.left[0][1]}” after the end")
        return value

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value if value else other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.take("&&"):
            other = self.compared()
            value = other if value else value
        return value

    def compared(self) -> Any:
        value = self.single()
        if self.take("=="):
            return _equal(value, self.single())
        if self.take("!="):
            return not _equal(value, self.single())
        return value

    def single(self) -> Any:
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            self.need(")")
            return value
        kind, text = self.next()
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind != "name":
            raise NotUnderstood(f"“{text}”")
        return self.call(text) if self.take("(") else self.path(text)

    def call(self, name: str) -> Any:
        given: list[Any] = []
        while not self.take(")"):
            given.append(self.either())
            if not self.left or self.left[0][1] not in (",", ")"):
                raise NotUnderstood(f"the arguments of {name}")
            self.take(",")
        if name not in FUNCTIONS:
            raise NotUnderstood(f"the function {name}")
        return FUNCTIONS[name](*given)

    def path(self, first: str) -> Any:
        if first in _WORDS:
            return _WORDS[first]
        if first not in self.scope:
            raise NotUnderstood(f"the variable {first}")
        value = self.scope[first]
        while self.take("."):
            kind, name = self.next()
            if kind not in ("name", "quoted"):
                raise NotUnderstood(f"“{name}” in a path")
            value = value.get(name.strip("`"), UNDEFINED) if isinstance(value, dict) else UNDEFINED
        return value

    def take(self, sign: str) -> bool:
        if self.left and self.left[0] == ("sign", sign):
            del self.left[0]
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise NotUnderstood(f"no “{sign}”")

    def next(self) -> tuple[str, str]:
        if not self.left:
            raise NotUnderstood("an expression that breaks off")
        return self.left.pop(0)


def _equal(one: Any, other: Any) -> bool:
    nothing = (None, UNDEFINED)
    if one in nothing or other in nothing:
        return one in nothing and other in nothing
    if isinstance(one, bool) != isinstance(other, bool):
        raise NotUnderstood(f"comparing {one!r} with {other!r}")
    return bool(one == other)


def _if(condition: Any, one: Any, other: Any) -> Any:
    return one if condition else other


def _ifempty(value: Any, other: Any) -> Any:
    if isinstance(value, bool):
        raise NotUnderstood("ifempty of a boolean")
    return other if value in (None, "") or value is UNDEFINED else value


def _parse_date(value: Any, form: Any) -> Any:
    if form != MOMENT:
        raise NotUnderstood(f"the date format {form}")
    if value in (None, "") or value is UNDEFINED:
        return None
    return datetime.strptime(value.replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S%z")


def _to_collection(pairs: Any, key: str, value: str) -> Any:
    return UNDEFINED if pairs is UNDEFINED else {pair[key]: pair[value] for pair in pairs}


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "if": _if,
    "ifempty": _ifempty,
    "parseDate": _parse_date,
    "toCollection": _to_collection,
}
