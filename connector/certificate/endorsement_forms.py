"""Endorsement forms by number and edition: how they are printed, and what each grants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Form:
    """A form number as a page prints it: "CG 20 10", and its edition "12 19" where it stands."""

    number: str
    edition: str | None = None

    def __str__(self) -> str:
        return f"{self.number} {self.edition}" if self.edition else self.number


@dataclass(frozen=True, slots=True)
class EndorsementForm:
    """A known form. `is_scheduled`: it grants to those alone whom its schedule names. `grants` are names of its line's endorsement entries; `exclusion` says what it
    takes away, `excludes` in the words of rules; `upstream` whether it reaches parties without a
    direct contract ("yes", "no", "disputed"); None: nothing is known."""

    number: str
    line: str
    grants: tuple[str, ...] = ()
    by_edition: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known_editions: tuple[str, ...] = ()
    is_scheduled: bool = False
    gives_notice: bool = False
    exclusion: str | None = None
    excludes: tuple[str, ...] = ()
    upstream: str | None = None

    def granted(self, edition: str | None) -> tuple[str, ...]:
        """What this edition grants; with none printed, what the usual editions grant."""
        return self.by_edition.get(edition or "", self.grants)

    def paths(self, edition: str | None) -> tuple[str, ...]:
        """The model paths that this edition of the form grants."""
        return tuple(f"{self.line}.{name}" for name in self.granted(edition))


@cache
def known_forms() -> Mapping[str, EndorsementForm]:
    """Every known form by its number, for example "CG 20 10"."""
    file = files("connector.certificate") / "endorsement_forms.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))["forms"]
    return {
        number: EndorsementForm(
            number,
            told["line"],
            tuple(told.get("grants", ())),
            {edition: tuple(names) for edition, names in told.get("editions", {}).items()},
            tuple(told.get("known_editions", ())),
            bool(told.get("scheduled")),
            bool(told.get("notice")),
            told.get("exclusion"),
            tuple(told.get("excludes", ())),
            told.get("upstream"),
        )
        for number, told in content.items()
    }


_NUMBER = re.compile(
    r"\b(CG|CA|CU|IL|CP|BP)[\s\-]?(\d{2})[\s\-]?(\d{2})(?:[\s(\-]*(?:Ed\.?\s*)?(\d{2})[\s/\-]?(\d{2})\b)?(?!\d)"
)
_WC_NUMBER = re.compile(
    r"\b(WC)[\s\-]?(\d{2})[\s\-]?(\d{2})[\s\-]?(\d{2})(?:\s?[A-Z])?(?:[\s(\-]*(?:Ed\.?\s*)?(\d{1,2})[\s/\-](\d{2})\b)?(?!\d)"
)


def printed_forms(text: str) -> Iterator[Form]:
    """Every form number in ISO's or NCCI's way of writing, in the order of the text."""
    for found in _NUMBER.finditer(text):
        series, first, second, month, year = found.groups()
        yield Form(f"{series} {first} {second}", _edition(month, year))
    for found in _WC_NUMBER.finditer(text):
        series, first, second, third, month, year = found.groups()
        yield Form(f"{series} {first} {second} {third}", _edition(month, year))


def without_forms(text: str) -> str:
    """The text with a wide gap in place of each known form's number: a policy number ("WC-123456")
    may look like a form's."""
    return _WC_NUMBER.sub(_gap, _NUMBER.sub(_gap, text))


def _gap(found: re.Match[str]) -> str:
    form = next(printed_forms(found[0]), None)
    return "  " if form is not None and form.number in known_forms() else found[0]


def _edition(month: str | None, year: str | None) -> str | None:
    if month is None or year is None or not 1 <= int(month) <= 12:
        return None
    return f"{int(month):02d} {year}"
