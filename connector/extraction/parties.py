"""The blocks of the producer, the insured and the certificate holder: names and addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from connector.extraction.reading import CellReading, Line

NOT_A_STREET = "It is not sure where the name ends and the address begins."


class Party(NamedTuple):
    """The lines of a block, divided; `doubt` says why the division is not sure."""

    name: tuple[Line, ...]
    address: tuple[Line, ...]
    doubt: str | None


def divide(reading: CellReading, *, one_name_line: bool = False) -> Party:
    """Name lines go until the first line that looks like an address.

    `one_name_line`: the first line alone is the name (the producer). Where a further line is
    neither plainly an address nor plainly a part of the name, the division is in doubt.
    """
    lines = reading.lines
    if not lines:
        return Party((), (), None)
    if one_name_line:
        return Party(lines[:1], lines[1:], None)
    first = next((n for n in range(1, len(lines)) if is_address(lines[n].text)), None)
    if first is None:
        doubt = NOT_A_STREET if len(lines) > 1 else None
        return Party(lines[:1], lines[1:], doubt)
    sure = all(_continues_name(lines[:n], lines[n].text) for n in range(1, first))
    return Party(lines[:first], lines[first:], None if sure else NOT_A_STREET)


_STREET_WORD = (
    r"st|street|ave|avenue|av|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|cir|circle|way|"
    r"hwy|highway|pkwy|parkway|pl|place|plz|plaza|sq|square|ter|terrace|trl|trail|tpke|turnpike|"
    r"loop|row|alley|expy|expressway|fwy|freeway|pike|route|rte|crossing|xing"
)
_ADDRESS = re.compile(
    r"(?ix) ^\#?\d+[\w\-/]*\s+\S .*"
    r"| ^(p\.?\s*o\.?\s*)?(drawer|box)\s+\S+"
    r"| ^p\.?\s*o\.?\s+\d"
    r"| ^(ste|suite|unit|floor|fl|room|rm|bldg|building|apt|mail\s?stop|dept)\b\.?\s*\S+"
    r"| ^\d+(st|nd|rd|th)\s+floor"
    r"| ^(attn|attention|c/o|care\s+of|e-?mail|phone|tel|fax|via)\b"
    r"| ^(one|two|three|four|five|six|seven|eight|nine|ten)\s .* \b(" + _STREET_WORD + r")\b\.?"
    r"| ^(rr|rural\s+route|hc|county\s+road|state\s+road|us\s+hwy|highway|hwy)\s+\d"
    r"| ^[\w\s.\-']+\b(" + _STREET_WORD + r")\b\.?\s*(,|$)"
)
_CITY = re.compile(
    r"(?i)[a-z.\s]+,?\s+[a-z]{2}\.?,?\s+\d{5}(-\d{4})?$|[a-z]\d[a-z]\s?\d[a-z]\d$|^[a-z .'\-]+,\s*[a-z]{2}\.?$"
)


def is_address(text: str) -> bool:
    """Whether a line is a street, a box, a floor, a city, or directions such as Attn."""
    return bool(_ADDRESS.match(text.strip()) or _CITY.search(text.strip()))


_LEGAL = re.compile(
    r"(?i)\b(inc|llc|l\.l\.c|corp|corporation|co|company|ltd|limited|lp|llp|pllc|pc|p\.c|trust|"
    r"group|partners|partnership|authority|district|university|county|city|state|department)\b\.?"
)
_ALIAS = re.compile(
    r"(?i)^(d\.?\s*/?b\.?\s*/?a\b|dba\b|d/b/a|t/a|aka|a/k/a|f/k/a|fka|and\b|&|its\b|their\b|as\b|of\b)"
)
_OPEN_END = re.compile(r"(?i)(,|&|\band|\bof|\bdba|\bd/b/a|/|\bthe|;)$")


def _continues_name(before: Sequence[Line], text: str) -> bool:
    """Whether a line plainly belongs to the name above it."""
    return bool(
        _ALIAS.match(text) or _OPEN_END.search(before[-1].text.strip()) or _LEGAL.search(text)
    )


def one_line(lines: Sequence[Line], joiner: str) -> str:
    """Lines as one text; commas and spaces at their ends are not doubled."""
    return joiner.join(
        line.text.strip(" ,") if joiner.startswith(",") else line.text for line in lines
    )
