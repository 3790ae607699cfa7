"""Text as printed -> dollars, days, marks. The only parser of strings.

Each function answers a `Parsed`: a value, or words that are no amount, or nothing, and a doubt
(a sentence) when nobody should rely on it. An empty text is blank. Nothing is repaired by
guessing: what could mean two things is a doubt with the likelier reading as value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from connector.certificate.entry import BLANK, Entry, Evidence, State
from connector.certificate.field import Kind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a text says. `words` is a limit that is printed but is no amount."""

    value: T | None = None
    words: str | None = None
    doubt: str | None = None


def tidy(text: str) -> str:
    """One space between words, none around; typographic quotes, dashes and spaces made plain."""
    plain = text.translate(_PLAIN)
    return " ".join(plain.split())


_PLAIN = str.maketrans(
    {
        "\x00": "", "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\u00ad": "",
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    }
)  # fmt: skip

_WORD_LIMITS = re.compile(
    r"(?ai)^(incl(uded|\.)?|unlimited|unltd|statutory|stat(utory)? limits?|excl(uded|\.)?|"
    r"n/?a|nil|none|not covered|no coverage|see (below|attached|description).*|per policy.*)$"
)
_PLAIN_AMOUNT = re.compile(r"(?a)^\d+$")
_GROUPED_AMOUNT = re.compile(r"(?a)^\d{1,3}([, ])\d{3}(\1\d{3})*$")
_DOTTED_AMOUNT = re.compile(r"(?a)^\d{1,3}(\.\d{3})+$")
_SHORT_AMOUNT = re.compile(r"(?ai)^(\d+(?:\.\d+)?)\s*(k|m|mm|mil|mill|million|thousand)\.?$")
_SHORT_FACTORS = {
    "k": 1_000, "thousand": 1_000,
    "m": 1_000_000, "mm": 1_000_000, "mil": 1_000_000, "mill": 1_000_000, "million": 1_000_000,
}  # fmt: skip
LARGEST_AMOUNT = 999_999_999_999
LONGEST_POLICY_NUMBER = 200
LONGEST_AMOUNT = 1000
"""Letters; Python itself refuses to read a number of more than 4,300 digits."""


def money(text: str) -> Parsed[int]:
    """Whole US dollars: "$1,000,000", "1 000 000", "1000000.00"; words such as INCLUDED as words."""
    plain = tidy(text)
    amount = plain.removeprefix("USD").strip().removeprefix("$").strip()
    if not amount:
        return Parsed()
    if len(amount) > LONGEST_AMOUNT:
        return Parsed(words=plain, doubt="More is written than an amount has.")
    whole, dot, cents = amount.partition(".")
    if dot and cents in ("", "0", "00", "-"):
        amount = whole.strip()
    if _PLAIN_AMOUNT.match(amount) or _GROUPED_AMOUNT.match(amount):
        return _amount(re.sub(r"[, ]", "", amount), plain)
    if short := _SHORT_AMOUNT.match(amount):
        value = _bounded(short[1], _SHORT_FACTORS[short[2].lower()])
        return Parsed(value, doubt=f"The amount is abbreviated: “{plain}”.")
    if _WORD_LIMITS.match(amount):
        return Parsed(words=plain)
    if not re.search(r"(?a)\d", amount):
        return Parsed(words=plain, doubt=f"“{plain}” stands where an amount is expected.")
    if re.match(r"(?a)^[\d, ]+(\.\d\d)?\s+[A-Za-z(/]", amount):
        return Parsed(words=plain)
    digits = re.sub(r"(?a)\D", "", amount if _DOTTED_AMOUNT.match(amount) else whole)
    best = _bounded(digits) if digits and not re.search(r"[A-Za-z]", amount) else None
    return Parsed(best, doubt=f"“{plain}” is not a clear amount.")


def _bounded(digits: str, factor: int = 1) -> int | None:
    """The number, while it can be an amount: no database keeps, and no JSON carries, all others."""
    value = float(digits) * factor
    return round(value) if value <= LARGEST_AMOUNT else None


def _amount(digits: str, printed: str) -> Parsed[int]:
    value = int(digits)
    if value > LARGEST_AMOUNT:
        return Parsed(None, doubt=f"“{printed}” is too large for a limit.")
    if digits.startswith("0") and value:
        return Parsed(value, doubt=f"A digit seems to be missing before “{printed}”.")
    return Parsed(value)


_NUMERIC_DAY = re.compile(r"(?a)^(\d{1,2})\s?([/\-.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"(?a)^(\d{4})-(\d{1,2})-(\d{1,2})(?:T00:00(?::00)?Z?)?$")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_NAMED_DAY = re.compile(r"(?ai)^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_DAY_NAMED = re.compile(r"(?ai)^(\d{1,2})[\s\-]([a-z]{3,9})\.?,?[\s\-](\d{4})$")
EARLIEST_YEAR, LATEST_YEAR = 1990, 2060
_HOUR = re.compile(r"(?i)\s+12:0[01]\s*a\.?\s?m\.?(\s+(standard time|st))?$")
"""The hour at which policies begin and end, printed behind or below the day."""


def day(text: str) -> Parsed[date]:
    """A date in the American order ("3/1/2026", "03-01-26", "Mar 1, 2026") or ISO ("2026-03-01")."""
    plain = _HOUR.sub("", tidy(text))
    if not plain:
        return Parsed()
    if found := _NUMERIC_DAY.match(plain):
        month, number, year = int(found[1]), int(found[3]), int(found[4])
        parsed = _day(year if year > 99 else 2000 + year, month, number, plain)
        if found[2] == "." and month != number <= 12 and not parsed.doubt:
            return Parsed(parsed.value, doubt=f"“{plain}” may name the day before the month.")
        return parsed
    if found := _ISO_DAY.match(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]), plain)
    if found := _NAMED_DAY.match(plain):
        return _day(int(found[3]), _month(found[1]), int(found[2]), plain)
    if found := _DAY_NAMED.match(plain):
        return _day(int(found[3]), _month(found[2]), int(found[1]), plain)
    return Parsed(doubt=f"“{plain}” is not a clear date.")


def _month(name: str) -> int:
    """1 to 12 of a month's name or its beginning; 0 of any other word."""
    plain = {"sept": "sep", "mayo": "may"}.get(name.lower(), name.lower())
    named = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(plain))
    return next(named, 0)


def _day(year: int, month: int, number: int, printed: str) -> Parsed[date]:
    try:
        value = date(year, month, number)
    except ValueError:
        return Parsed(doubt=f"“{printed}” is not a date of the calendar.")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return Parsed(value, doubt=f"The year in “{printed}” is not plausible.")
    return Parsed(value)


def mark(text: str) -> Parsed[bool]:
    """A Y/N cell: Y, X, YES or a check mark is true, N or NO is false."""
    plain = tidy(text).upper().strip(".")
    if not plain:
        return Parsed()
    if plain in {"Y", "X", "YES", "XX", "✓", "✔", "✗", "✘", "☒", "☑"}:
        return Parsed(True)
    if plain in {"N", "NO"}:
        return Parsed(False)
    if plain in {"N/A", "N / A", "NA"}:
        return Parsed()
    return Parsed(doubt=f"“{plain}” is neither Y nor N.")


def words(text: str) -> Parsed[str]:
    """Any text, its spaces tidied; line breaks are kept."""
    lines = [tidy(line) for line in text.splitlines()]
    return Parsed("\n".join(lines).strip() or None)


def policy_number(text: str) -> Parsed[str]:
    """A policy number as printed, on one line."""
    plain = tidy(text.replace("\n", " "))
    if not plain:
        return Parsed()
    if len(plain) > LONGEST_POLICY_NUMBER:
        return Parsed(plain, doubt="More is written than a policy number has.")
    if not re.search(r"(?a)\d", plain) or _NO_NUMBER.search(plain):
        return Parsed(plain, doubt=f"“{plain}” does not look like a policy number.")
    if _NOT_ISSUED.search(plain):
        return Parsed(plain, doubt=f"“{plain}” may be no policy that was issued.")
    if _TWO_NUMBERS.search(plain):
        return Parsed(plain, doubt=f"“{plain}” may be two policy numbers.")
    return Parsed(plain)


_NO_NUMBER = re.compile(
    r"(?a)^\W*\w{1,2}\W*$|(?<!\d)\d{1,2}/\d{1,2}/(\d{4}|\d{2})(?!\d)|^\$?\d{1,3}(,\d{3})+(\.\d\d)?$"
)
"""One or two letters or digits, a date, an amount: what stands there came from another box."""
_NOT_ISSUED = re.compile(
    r"(?i)\b(pending|quote[ds]?|quotation|application|applied|tb[ad]|to be|renewal of|binder|proposed|"
    r"cancell?ed|expired|void|self[- ]?insured|not covered|no coverage|sample|specimen)(?![a-z])"
)
_TWO_NUMBERS = re.compile(
    r"(?ai)\S*\d\S{3,}\s*( [/;&+]|[;&]|,| and | or )\s*(?=\S{4,})\S*\d\S*"
    r"|\b[A-Z]{2,4}-?\d{4,}[\w-]* [A-Z]{2,4}-?\d{4,}[\w-]*$"
)


def insurer_letter(text: str) -> Parsed[str]:
    """One letter, A to F."""
    plain = tidy(text).upper().strip(".: ")
    if not plain:
        return Parsed()
    if len(plain) == 1 and plain in "ABCDEF":
        return Parsed(plain)
    return Parsed(doubt=f"“{plain}” is no insurer letter from A to F.")


def naic(text: str) -> Parsed[str]:
    """A NAIC company code: five digits, leading zeros kept."""
    plain = tidy(text)
    if not plain:
        return Parsed()
    if re.fullmatch(r"(?a)\d{5}", plain):
        return Parsed(plain)
    return Parsed(plain, doubt=f"The NAIC code “{plain}” does not have five digits.")


def whole_number(text: str) -> Parsed[int]:
    """A count such as "30" or "1,500"."""
    plain = tidy(text)
    if not plain:
        return Parsed()
    if re.fullmatch(r"(?a)\d{1,3}(,\d{3}){0,3}|\d{1,9}", plain):
        return Parsed(int(plain.replace(",", "")))
    return Parsed(doubt=f"“{plain}” is not a whole number.")


_BY_KIND: dict[Kind, Callable[[str], Parsed[Any]]] = {
    Kind.USD: money,
    Kind.DATE: day,
    Kind.MARK: mark,
    Kind.TICK: mark,
    Kind.INT: whole_number,
}
_BY_NAME: dict[str, Callable[[str], Parsed[Any]]] = {
    "policy_number": policy_number,
    "insurer_letter": insurer_letter,
    "naic": naic,
}


def parse(path: str, kind: Kind, text: str) -> Parsed[Any]:
    """The parser for a model path: by its last name first, then by its kind."""
    parser = _BY_NAME.get(path.rpartition(".")[2]) or _BY_KIND.get(kind, words)
    return parser(text)


def entry(path: str, kind: Kind, evidence: Evidence) -> Entry[Any]:
    """The entry for what stands in a box: its evidence's text, parsed."""
    parsed = parse(path, kind, evidence.text)
    if parsed.doubt:
        return Entry(parsed.value, State.UNCLEAR, evidence, parsed.words, parsed.doubt)
    if parsed.value is None and parsed.words is None:
        return BLANK
    return Entry(parsed.value, State.READ, evidence, parsed.words)
