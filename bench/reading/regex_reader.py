"""What a user would pick instead: the page's text, and regular expressions over its labels.

An honest try at it in a few screens: columns are told apart by two spaces or a rule read as "|",
sections by their titles. It knows nothing of boxes, so it cannot know what is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector.certificate import values
from connector.certificate.field import Scalar

_SECTIONS = {
    "general_liability": r"COMMERCIAL\s+GENERAL\s+LIABILITY",
    "auto_liability": r"AUTOMOBILE\s+LIABILITY",
    "umbrella_liability": r"UMBRELLA\s+LIAB",
    "workers_compensation": r"WORKERS\s+COMPENSATION",
    "": r"DESCRIPTION\s+OF\s+OPERATIONS\s*/",
}
_LIMITS = {
    "general_liability": {
        "each_occurrence": r"EACH OCCURRENCE",
        "damage_to_rented_premises": r"PREMISES[^$\n]*|CLAIMS.MADE[^$\n]*",
        "medical_expense": r"MED EXP[^$\n]*",
        "personal_and_advertising_injury": r"PERSONAL & ADV INJURY",
        "general_aggregate": r"GENERAL AGGREGATE",
        "products_completed_operations_aggregate": r"COMP/OP AGG",
    },
    "auto_liability": {
        "combined_single_limit": r"SINGLE LIMIT",
        "bodily_injury_per_person": r"\(Per person\)",
        "bodily_injury_per_accident": r"BODILY INJURY \(Per accident\)",
        "property_damage": r"PROPERTY DAMAGE|AMAGE",
    },
    "umbrella_liability": {"each_occurrence": r"EACH OCCURRENCE", "aggregate": r"AGGREGATE"},
    "workers_compensation": {
        "each_accident": r"EACH ACCIDENT|CIDENT\s+ER",
        "disease_each_employee": r"EA EMPLOYEE",
        "disease_policy_limit": r"POLICY LIMIT",
    },
}
_TICKS = {
    "general_liability": {"claims_made": r"CLAIMS.MADE", "occurrence": r"OCCUR\b"},
    "auto_liability": {
        "any_auto": r"ANY AUTO", "owned_autos": r"OWNED\b", "scheduled_autos": r"SCHEDULED",
        "hired_autos": r"HIRED", "non_owned_autos": r"NON-OWNED",
    },
    "umbrella_liability": {"occurrence": r"OCCUR\b", "claims_made": r"CLAIMS.MADE"},
    "workers_compensation": {"per_statute": r"PER\b|STATUTE", "other": r"OTH-"},
}  # fmt: skip
_DAY = r"\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2,4}"
_LIMIT = r"[ \t|]*[$§:]?[ \t|$]*(\d[\d,]+(?:\.00)?|(?i:incl|excl)\w*)?"
_TERM = re.compile(rf"({_DAY})[\s|\]]+({_DAY})")
_NUMBER = re.compile(r"((?:[A-Z]+ )?[A-Z0-9/.\-]*\d[\w/.\-]*(?: \d[\w/.\-]*){0,3})\W*$")
_INSURER = re.compile(r"INSURER ?([A-F]) ?: *([^\n|]*?)[ |]*(\d{5})?[ |]*$", re.MULTILINE)
_PARTIES = {
    "insured_name": r"^INSURED\b[^\n]*\n+\s*([^\n]+?)(?:\s{2,}|\n|INSURER)",
    "certificate_holder_name": r"^CERTIFICATE HOLDER[^\n]*\n+\s*([^\n]+?)(?:\s{3,}|\n)",
}
_TITLES = re.compile(
    "|".join(f"(?P<{name or 'end'}>{title})" for name, title in _SECTIONS.items()), re.IGNORECASE
)


def read(text: str) -> dict[str, Scalar]:
    """The values found in a page's text by flat key; what was not found is not there."""
    found: dict[str, Scalar] = {}
    found |= _document(text)
    for section, part in _sections(text):
        found |= _policy(section, part) | dict(_limits(section, part)) | dict(_ticks(section, part))
        letter = str(found.get(f"{section}_insurer_letter")).lower()
        for what in ("name", "naic"):
            found[f"{section}_insurer_{what}"] = found.get(f"insurer_{letter}_{what}")
    return found


def _document(text: str) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for key, pattern in _PARTIES.items():
        if seen := re.search(pattern, text, re.MULTILINE):
            found[key] = seen[1].strip(" |_")
    for letter, name, code in _INSURER.findall(text):
        key = f"insurer_{letter.lower()}"
        found |= {f"{key}_name": name.strip(" |_") or None, f"{key}_naic": code or None}
    if seen := re.search(_DAY, text):
        found["certificate_date"] = _day(seen[0])
    if seen := re.search(r"ACORD 25 \((\d{4}/\d\d)\)", text):
        found |= {"form": "ACORD 25", "form_edition": seen[1]}
    return found


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Each line of coverage with the text from its title to the next, its own line whole."""
    starts: dict[str, int] = {}
    for seen in _TITLES.finditer(text):
        starts.setdefault(str(seen.lastgroup), text.rfind("\n", 0, seen.start()) + 1)
    order = sorted(starts, key=lambda name: starts[name])
    ends = [*(starts[name] for name in order), len(text)][1:]
    for name, end in zip(order, ends, strict=True):
        if name != "end":
            yield name, text[starts[name] : end]


def _policy(section: str, part: str) -> dict[str, Scalar]:
    """The letter at the start of the line that holds two dates; marks and number before the dates."""
    term = _TERM.search(part)
    if term is None:
        return {}
    before = part[part.rfind("\n", 0, term.start()) + 1 : term.start()]
    found: dict[str, Scalar] = {"effective_date": _day(term[1]), "expiration_date": _day(term[2])}
    if letter := re.match(r"\W*([A-F])\s", before):
        found["insurer_letter"] = letter[1]
    if seen := _NUMBER.search(before):
        found["policy_number"] = re.sub(r"^[A-FNYX] ", "", seen[1])
    marks = re.findall(r"\b([YN])\b(?! ?/)", before)
    if section == "workers_compensation":
        found["subrogation_waived"] = _yes(marks[-1] if marks else None)
    else:
        found["additional_insured"] = _yes(marks[0] if marks else None)
        found["subrogation_waived"] = _yes(marks[1] if len(marks) > 1 else None)
    return {f"{section}_{name}": value for name, value in found.items()}


def _limits(section: str, part: str) -> Iterator[tuple[str, Scalar]]:
    for name, label in _LIMITS[section].items():
        seen = re.search(rf"(?:{label}){_LIMIT}", part)
        if seen and seen[1]:
            amount = values.money(seen[1])
            yield f"{section}_{name}", amount.value
            yield f"{section}_{name}_text", amount.words


def _ticks(section: str, part: str) -> Iterator[tuple[str, Scalar]]:
    for name, label in _TICKS[section].items():
        yield f"{section}_{name}", bool(re.search(rf"\bX[\s|]{{0,4}}(?:{label})", part))


def _yes(mark: str | None) -> bool | None:
    return None if mark is None else mark in "YX"


def _day(text: str) -> str | None:
    day = values.day(text).value
    return day.isoformat() if day else None
