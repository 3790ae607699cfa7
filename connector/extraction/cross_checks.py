"""Checks between values: what cannot be right together is unclear, whichever of them is wrong."""

from __future__ import annotations

import re

from connector.certificate.entries import (
    entries,
    entry_at,
    lines_present,
    with_entries,
)
from connector.certificate.entry import Source
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate, line

NO_TERM = "The policy expires on the day it begins or before."
LONG_TERM = "The policy term is longer than five years."
SHORT_TERM = "The policy term is shorter than a month."
BOTH_TRIGGERS = "Both claims-made and occurrence are ticked."
ONE_DATE = "The policy shows one date where two are expected."
ODD_AMOUNT = "The amount is unusually {how} for a limit."
DAY_FIRST = "Another date of this page has the day before the month."
BELOW_OCCURRENCE = "The aggregate is lower than each occurrence."

FAR_ABOVE = "The aggregate is more than twenty times each occurrence."
MOST_TIMES = 20

LOOK_ALIKE = "Two policy numbers differ only in letters and digits of the same shape."

SAME_SHAPE = str.maketrans("OQDIL|SBZG", "0001115826")
"""What a reader of pictures takes for each other."""

LONGEST_TERM_DAYS = 5 * 366 + 1
SHORTEST_TERM_DAYS = 25
SMALLEST_LIMIT, LARGEST_LIMIT = 500, 500_000_000
STEP = 100


def check(certificate: Certificate) -> Certificate:
    """The certificate with every value that contradicts another, or all experience, unclear."""
    doubts: dict[str, str] = {}
    for name in lines_present(certificate):
        doubts |= (
            _both_triggers(certificate, name)
            | _lone_date(certificate, name)
            | _dates(certificate, name)
            | _aggregates(certificate, name)
        )
    doubts |= _amounts(certificate) | _policy_numbers(certificate) | _day_first(certificate)
    return with_entries(
        certificate,
        {path: entry_at(certificate, path).doubted(why) for path, why in doubts.items()},
    )


def _day_first(certificate: Certificate) -> dict[str, str]:
    """Dates that could be read either way, where another date of the page has the day first."""
    dates = {
        path: found
        for path, entry in entries(certificate).items()
        if BY_PATH[path].kind is Kind.DATE and entry.evidence
        if (found := _NUMERIC_DAY.fullmatch(entry.evidence.text.strip()))
    }
    if not any(int(day[1]) > MONTHS >= int(day[2]) for day in dates.values()):
        return {}
    return {path: DAY_FIRST for path, day in dates.items() if int(day[1]) <= MONTHS >= int(day[2])}


_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})")
MONTHS = 12


def _policy_numbers(certificate: Certificate) -> dict[str, str]:
    """Numbers that differ only in letters and digits of the same shape, where a picture was read.

    An agency that writes several lines under one number prints it the same on each of them.
    """
    seen: dict[str, list[str]] = {}
    for name in lines_present(certificate):
        path = f"{name}.policy_number"
        number = entry_at(certificate, path)
        if number.value and number.evidence and number.evidence.source is Source.OCR:
            seen.setdefault(str(number.value).translate(SAME_SHAPE), []).append(path)
    return {
        path: LOOK_ALIKE
        for paths in seen.values()
        if len({entry_at(certificate, path).value for path in paths}) > 1
        for path in paths
    }


def _both_triggers(certificate: Certificate, name: str) -> dict[str, str]:
    """A policy is written on one of the two bases: with both boxes ticked neither is sure."""
    paths = f"{name}.claims_made", f"{name}.occurrence"
    if all(path in BY_PATH and entry_at(certificate, path).value for path in paths):
        return dict.fromkeys(paths, BOTH_TRIGGERS)
    return {}


def _lone_date(certificate: Certificate, name: str) -> dict[str, str]:
    """A policy has two dates: the one that was not found may be hidden in another box."""
    paths = f"{name}.effective_date", f"{name}.expiration_date"
    blank = [path for path in paths if entry_at(certificate, path).is_blank]
    return {blank[0]: ONE_DATE} if len(blank) == 1 else {}


def _dates(certificate: Certificate, name: str) -> dict[str, str]:
    owner = line(certificate, name)
    effective, expiration = owner.effective_date.value, owner.expiration_date.value
    why: str | None = None
    if effective and expiration:
        days = (expiration - effective).days
        if days <= 0:
            why = NO_TERM
        elif days > LONGEST_TERM_DAYS:
            why = LONG_TERM
        elif days < SHORTEST_TERM_DAYS:
            why = SHORT_TERM
    if why is None:
        return {}
    return {f"{name}.effective_date": why, f"{name}.expiration_date": why}


def _aggregates(certificate: Certificate, name: str) -> dict[str, str]:
    doubts: dict[str, str] = {}
    for each, aggregate in _PAIRS:
        paths = f"{name}.{each}", f"{name}.{aggregate}"
        if not all(path in BY_PATH for path in paths):
            continue
        low, high = (entry_at(certificate, path).value for path in paths)
        if low is None or high is None:
            continue
        if high < low:
            doubts |= dict.fromkeys(paths, BELOW_OCCURRENCE)
        elif high > MOST_TIMES * low:
            doubts |= dict.fromkeys(paths, FAR_ABOVE)
    return doubts


_PAIRS = (
    ("each_occurrence", "general_aggregate"),
    ("each_occurrence", "products_completed_operations_aggregate"),
    ("each_occurrence", "aggregate"),
    ("each_claim", "aggregate"),
    ("bodily_injury_per_person", "bodily_injury_per_accident"),
)


def _amounts(certificate: Certificate) -> dict[str, str]:
    doubts: dict[str, str] = {}
    for path, entry in entries(certificate).items():
        if BY_PATH[path].kind is not Kind.USD or entry.value is None:
            continue
        if how := _oddness(entry.value, small_is_fine=path.endswith(_SMALL)):
            doubts[path] = ODD_AMOUNT.format(how=how)
    return doubts


_SMALL = ("deductible", "retention")


def _oddness(amount: int, *, small_is_fine: bool) -> str | None:
    if amount > LARGEST_LIMIT:
        return "high"
    if amount == 0 and small_is_fine:
        return None
    if amount < SMALLEST_LIMIT and not small_is_fine:
        return "low"
    return "uneven" if amount % STEP else None
