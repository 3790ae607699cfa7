"""Endorsement forms as data: their numbers, what each grants, what may stand for what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import Any, TypeAlias

import yaml

GRANT_OF_BOX = {
    "additional_insured_endorsement": "additional_insured",
    "primary_and_noncontributory_endorsement": "primary_and_noncontributory",
    "waiver_of_subrogation_endorsement": "waiver_of_subrogation",
    "completed_operations_endorsement": "completed_operations",
    "per_project_aggregate_endorsement": "per_project_aggregate",
    "notice_of_cancellation": "notice_of_cancellation",
}
"""What an endorsement box of the certificate stands for, in the words of the data file."""

_ISO = re.compile(
    r"^(?P<series>[A-Z]{2})[ -]?(?P<one>\d{2})[ -]?(?P<two>\d{2})(?P<three>[ -]?\d{2})??"
    r"(?:[ ,-]*(?:ed\.?|edition)?[ (]*(?P<month>\d{2})[ /-]?(?P<year>\d{2})\)?)?$",
    re.IGNORECASE,
)
_WORKERS = re.compile(
    r"^(?P<series>WC)[ -]?(?P<one>\d{2})[ -]?(?P<two>\d{2})[ -]?(?P<three>\d{2})[A-Z]?"
    r"(?:[ ,-]*[ (]*(?P<month>\d{2})[ /-]?(?P<year>\d{2})\)?)?$",
    re.IGNORECASE,
)
_ACORD = re.compile(r"^ACORD ?(?P<number>\d{2,3})(?:[ (]+(?P<edition>\d{4}/\d{2})\)?)?(?: ?[A-Z]{2})?$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """A form's number ("CG 20 10") and edition ("04 13"; None where it is not printed)."""

    number: str
    edition: str | None = None

    def __str__(self) -> str:
        return f"{self.number} {self.edition}" if self.edition else self.number


Alternative: TypeAlias = tuple[Form, ...]
"""Forms that are needed together."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the data file says of a form number."""

    line: str
    grants: frozenset[str]
    upstream: str | None
    excludes: frozenset[str]
    editions: Mapping[str, frozenset[str]]

    def grants_of(self, edition: str | None) -> frozenset[str]:
        """What this edition grants; with no edition, what every edition grants."""
        return self.editions.get(edition or "", self.grants)


@lru_cache(maxsize=2_048)
def parse_form(text: str) -> Form | None:
    """ "CG2010 (04/13)" -> CG 20 10 04 13; None for what is no number of ISO, NCCI or ACORD."""
    plain = " ".join(text.split())
    if acord := _ACORD.match(plain):
        return Form(f"ACORD {acord['number']}", acord["edition"])
    found = (_WORKERS if plain.upper().startswith("WC") else _ISO).match(plain)
    if found is None:
        return None
    parts = [
        found["series"].upper(),
        found["one"],
        found["two"],
        (found["three"] or "").strip(" -"),
    ]
    edition = f"{found['month']} {found['year']}" if found["month"] else None
    return Form(" ".join(part for part in parts if part), edition)


def parse_alternative(text: str) -> Alternative | None:
    """ "CG 20 10 10 01 + CG 20 37 10 01" -> both forms, needed together."""
    forms = [parse_form(part) for part in text.split("+")]
    return tuple(form for form in forms if form) if all(forms) else None


@cache
def _data() -> dict[str, Any]:
    text = resources.files("connector.checking").joinpath("endorsement_forms.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def known_forms() -> dict[str, Facts]:
    """The data file's forms by number."""
    return {
        number: Facts(
            line=facts["line"],
            grants=frozenset(facts["grants"]),
            upstream=facts.get("upstream"),
            excludes=frozenset(facts.get("excludes", ())),
            editions={ed: frozenset(g) for ed, g in facts.get("editions", {}).items()},
        )
        for number, facts in _data()["forms"].items()
    }


@cache
def exclusions() -> dict[str, str]:
    """The words for exclusions, and what each means."""
    found: dict[str, str] = _data()["exclusions"]
    return found


@cache
def _equivalents() -> tuple[tuple[Alternative, ...], ...]:
    return tuple(
        tuple(alternative for text in group if (alternative := parse_alternative(text)))
        for group in _data()["equivalents"]
    )


def with_equivalents(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """The alternatives, and all that the data file takes for the same, whole or form by form."""
    found: dict[Alternative, None] = {}
    for alternative in alternatives:
        found |= dict.fromkeys(_same_as(alternative))
        found |= dict.fromkeys(
            tuple(form for part in parts for form in part)
            for parts in product(*(_same_as((form,)) for form in alternative))
        )
    return tuple(found)


def _same_as(alternative: Alternative) -> tuple[Alternative, ...]:
    groups = (group for group in _equivalents() if alternative in group)
    return (alternative, *(other for group in groups for other in group if other != alternative))


def granting(grant: str, line: str | None) -> tuple[str, ...]:
    """The numbers of the forms of a line that grant this in at least one edition."""
    return tuple(
        number
        for number, facts in known_forms().items()
        if (line is None or facts.line == line)
        and any(grant in grants for grants in (facts.grants, *facts.editions.values()))
    )
