"""Endorsement forms by number and edition: recognising them, and what each grants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class EndorsementForm:
    """A known form. `grants` are names of a line's endorsement entries; `exclusion` says what it takes away."""

    number: str
    line: str
    grants: tuple[str, ...] = ()
    by_edition: Mapping[str, tuple[str, ...]] | None = None
    gives_notice: bool = False
    exclusion: str | None = None

    def paths(self, edition: str | None) -> tuple[str, ...]:
        """The model paths that this edition of the form grants."""
        granted = (self.by_edition or {}).get(edition or "", self.grants)
        return tuple(f"{self.line}.{name}" for name in granted)


@cache
def known_forms() -> Mapping[str, EndorsementForm]:
    """Every known form by its number, for example "CG 20 10"."""
    file = files("connector.extraction") / "endorsement_forms.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))["forms"]
    return {
        number: EndorsementForm(
            number,
            told["line"],
            tuple(told.get("grants", ())),
            {edition: tuple(names) for edition, names in told.get("editions", {}).items()},
            bool(told.get("notice")),
            told.get("exclusion"),
        )
        for number, told in content.items()
    }


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A form number as a page prints it: "CG 20 10", and its edition "12 19" where it stands."""

    number: str
    edition: str | None

    def __str__(self) -> str:
        return f"{self.number} {self.edition}" if self.edition else self.number


_NUMBER = re.compile(
    r"\b(CG|CA|CU|IL|CP|BP)[\s\-]?(\d{2})[\s\-]?(\d{2})(?:[\s(\-]*(?:Ed\.?\s*)?(\d{2})[\s/\-]?(\d{2})\b)?(?!\d)"
)
_WC_NUMBER = re.compile(
    r"\b(WC)[\s\-]?(\d{2})[\s\-]?(\d{2})[\s\-]?(\d{2})(?:\s?[A-Z])?(?:[\s(\-]*(?:Ed\.?\s*)?(\d{1,2})[\s/\-](\d{2})\b)?(?!\d)"
)


def printed_numbers(text: str) -> Iterator[PrintedNumber]:
    """Every form number in ISO's or NCCI's way of writing, in the order of the text."""
    for found in _NUMBER.finditer(text):
        series, first, second, month, year = found.groups()
        yield PrintedNumber(f"{series} {first} {second}", _edition(month, year))
    for found in _WC_NUMBER.finditer(text):
        series, first, second, third, month, year = found.groups()
        yield PrintedNumber(f"{series} {first} {second} {third}", _edition(month, year))


def _edition(month: str | None, year: str | None) -> str | None:
    if month is None or year is None or not 1 <= int(month) <= 12:
        return None
    return f"{int(month):02d} {year}"


def forms_named(text: str) -> set[str]:
    """The model paths that known forms named in a text grant: a claim, not evidence."""
    return {
        path
        for printed in printed_numbers(text)
        if (form := known_forms().get(printed.number))
        for path in form.paths(printed.edition)
    }
