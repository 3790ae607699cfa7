"""Endorsement forms as rules name them: alternatives, equivalents, exclusions."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any, TypeAlias

import yaml

from connector.certificate.endorsement_forms import Form, known_forms, printed_forms

Alternative: TypeAlias = tuple[Form, ...]
"""Forms that are needed together."""

_ACORD = re.compile(r"(?i)^ACORD ?(\d{2,3})(?:[ (]+\d{4}/\d{2}\)?)?(?: ?[A-Z]{2})?$")


@lru_cache(maxsize=2_048)
def parse_form(text: str) -> Form | None:
    """ "CG2010 (04/13)" -> CG 20 10 04 13; None for what is not one number of ISO, NCCI or ACORD."""
    plain = " ".join(text.split())
    if acord := _ACORD.match(plain):
        return Form(f"ACORD {acord[1]}")
    found = list(printed_forms(plain.upper()))
    return found[0] if len(found) == 1 else None


def parse_alternative(text: str) -> Alternative | None:
    """ "CG 20 10 10 01 + CG 20 37 10 01" -> both forms, needed together."""
    forms = [parse_form(part) for part in text.split("+")]
    return tuple(form for form in forms if form) if all(forms) else None


@cache
def _data() -> dict[str, Any]:
    text = (files("connector.checking") / "form_equivalence.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def known_numbers() -> tuple[str, ...]:
    """The form numbers that a rule may name."""
    return (*known_forms(), *_data()["others"])


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


@cache
def granting(box: str, line: str | None) -> tuple[str, ...]:
    """The numbers of the forms of a line that evidence this box in at least one edition."""
    if box == "notice_of_cancellation":
        return tuple(number for number, form in known_forms().items() if form.gives_notice)
    return tuple(
        number
        for number, form in known_forms().items()
        if form.line == line
        and any(box in grants for grants in (form.grants, *form.by_edition.values()))
    )


@cache
@cache
def such_as(box: str, line: str | None) -> str:
    """ " (such as CG 20 37)": what somebody who is asked for the endorsement may send; empty where no
    form is known."""
    plain = [
        each for each in alternatives_granting(box, line) if all(f.edition is None for f in each)
    ]
    return f" (such as {' with '.join(map(str, plain[0]))})" if plain else ""


def alternatives_granting(box: str, line: str | None) -> tuple[Alternative, ...]:
    """Every form that evidences this box, by edition where only some editions do."""
    found: list[Alternative] = []
    for number in granting(box, line):
        form = known_forms()[number]
        if form.gives_notice or box in form.grants:
            found.append((Form(number),))
        found += [(Form(number, ed),) for ed, grants in form.by_edition.items() if box in grants]
    return tuple(found)
