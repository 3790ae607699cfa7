"""The blocks of the producer, the insured and the certificate holder: names and addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from connector.extraction.reading import CellReading, Line, reasons

NOT_A_STREET = "It is not sure where the name ends and the address begins."
NO_NAME = "“{text}” stands where a name is expected."
TWO_FIRMS = "Two firms may be named here."
LONG_LINE = "This box holds more than a name and an address."
LONGEST_LINE, MOST_LINES = 200, 60
"""Letters of a line, and lines of a box; the form has room for about sixty, and for six."""


class Party(NamedTuple):
    """The lines of a block, divided; `doubt` says why the division is not sure."""

    name: tuple[Line, ...]
    address: tuple[Line, ...]
    doubt: str | None


def divide(reading: CellReading, *, one_name_line: bool = False) -> Party:
    """Name lines go until the first line that looks like an address.

    `one_name_line`: the first line alone is the name (the producer). Where a further line is
    neither plainly an address nor plainly a part of the name, the division is in doubt. Numbers
    that makers print in the corners of the block belong to neither.
    """
    if len(reading.lines) > MOST_LINES:
        return Party(reading.lines[:1], reading.lines[1:], LONG_LINE)
    lines, stray = _without_corners(reading.lines)
    if not lines:
        return Party((), (), stray)
    if any(len(line.text) > LONGEST_LINE for line in lines):
        return Party(lines[:1], lines[1:], LONG_LINE)  # and no pattern is tried on it
    stray = stray or _no_name(lines)
    if one_name_line:
        return Party(lines[:1], lines[1:], stray)
    first = next((n for n in range(1, len(lines)) if _begins_address(lines, n)), None)
    if first is None:
        return Party(lines[:1], lines[1:], stray or (NOT_A_STREET if len(lines) > 1 else None))
    sure = all(_continues_name(lines[:n], lines[n].text) for n in range(1, first))
    sure = sure and not _FIRM_SUFFIX.search(lines[first].text)
    sure = sure and not any(_STREET_INSIDE.search(line.text) for line in lines[:first])
    stray = stray or _two_firms(lines[:first])
    return Party(lines[:first], lines[first:], stray or (None if sure else NOT_A_STREET))


def _no_name(lines: Sequence[Line]) -> str | None:
    """The doubt about a first line that is no name: a street, a box, a number, a word for nothing."""
    text = lines[0].text.strip()
    streets = [line for line in lines[1:] if _ADDRESS.match(line.text.strip())]
    firm = _LEGAL.search(text)
    nameless = not re.search(r"[^\W\d_]{2}", text) or _PLACEHOLDER.match(text)
    directions = not firm and is_address(text) and not _DIGIT.match(text)
    street = _DIGIT.match(text) and not firm and (_HOUSE.match(text) or not streets)
    return NO_NAME.format(text=text) if nameless or directions or street else None


def _two_firms(name: Sequence[Line]) -> str | None:
    """The doubt about a name of two whole firms, one below the other, with no word between them."""
    for upper, lower in pairwise(name):
        both = _FIRM_SUFFIX.search(upper.text) and _LEGAL.search(lower.text.split()[-1])
        if both and not _ALIAS.match(lower.text):
            return TWO_FIRMS
    return None


def _begins_address(lines: Sequence[Line], number: int) -> bool:
    """Whether a line looks like an address and the line above it does not run on into it."""
    text = lines[number].text
    if not is_address(text):
        return False
    runs_on = bool(_OPEN_END.search(lines[number - 1].text.strip()))
    return not (runs_on and _LEGAL.search(text) and _DIGIT.match(text))


def _without_corners(lines: Sequence[Line]) -> tuple[tuple[Line, ...], str | None]:
    """The lines of the name and address, one per row, without numbers printed apart from them."""
    lines = [line for line in lines if not is_corner_number(line.text)]
    left = _margin(lines)
    kept: list[Line] = []
    stray: str | None = None
    rows = _rows(lines)
    for row in rows:
        main = [line for line in row if abs(line.box[0] - left) <= ALIGNED or _centred(line, lines)]
        if not main:
            stray = stray if any(_DIGIT.search(line.text) for line in row) else STRAY
            continue
        text = main[0]
        is_city = bool(kept) and not _DIGIT.search(text.text)
        for line in row:
            if line is main[0]:
                continue
            if is_city and _STATE_OR_ZIP.match(line.text):
                text = joined(text, line)
            elif not _DIGIT.search(line.text) or (is_city and row is rows[-1]):
                stray = STRAY
        kept.append(text)
    return tuple(kept), stray


def is_corner_number(text: str) -> bool:
    """Whether a line is a number that makers print beside a name, such as "CLIENT# 9471"."""
    return bool(_NUMBERED.match(text.strip())) and not _IDAHO.match(text.strip())


STRAY = "Words stand apart from the name and address in this box."
SAME_ROW = 3.0
ALIGNED = 12.0
"""Points that the lines of one block may start apart from each other."""

_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(
    r"(?i)^(client|customer|cust|insured|acct|account|cert|certificate|ref|reference|loan|loc|agency|policy|vendor|id|project|job)"
    r"\.?\s*(no|nbr|num|number|id|code)?\s*[.:#]*\s*[\w\-]*\d[\w\-]*$"
)
_IDAHO = re.compile(r"^ID\s+83\d{3}(-\d{4})?$")
"""A state and its zip code that look like an "ID" and a number."""
_STATE_OR_ZIP = re.compile(r"^[A-Z]{2}\.?$|^([A-Z]{2}\s+)?\d{5}(-\d{4})?$")


def _margin(lines: Sequence[Line]) -> float:
    """Where most lines begin; between equals the lower ones, which are the address."""
    starts = [line.box[0] for line in lines]
    return max(
        reversed(starts),
        key=lambda start: sum(abs(start - other) <= ALIGNED for other in starts),
        default=0.0,
    )


def _centred(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the block is set centred and the line is part of it."""
    middles = sorted((one.box[0] + one.box[2]) / 2 for one in lines)
    middle = middles[len(middles) // 2]
    together = sum(abs(other - middle) <= SAME_ROW for other in middles)
    return together > 1 and abs((line.box[0] + line.box[2]) / 2 - middle) <= SAME_ROW


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3]) / 2):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and middle - (rows[-1][0].box[1] + rows[-1][0].box[3]) / 2 <= SAME_ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def joined(first: Line, second: Line) -> Line:
    """Two pieces of one line."""
    a, b = first.box, second.box
    box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    joiner = ", " if _STATE.match(second.text) and not first.text.endswith(",") else " "
    confidence = min(first.confidence, second.confidence)
    text, doubt = f"{first.text}{joiner}{second.text}", reasons(None, (first, second))
    return Line(text, box, confidence, doubt)


_STATE = re.compile(r"^[A-Z]{2}\b")


_STREET_WORD = (
    r"st|street|ave|avenue|av|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|cir|circle|way|"
    r"hwy|highway|pkwy|parkway|pl|place|plz|plaza|sq|square|ter|terrace|trl|trail|tpke|turnpike|"
    r"loop|row|alley|expy|expressway|fwy|freeway|pike|route|rte|crossing|xing"
)
_ADDRESS = re.compile(
    r"(?ix) ^\#?\d+[\w\-/]*\s+\S .*"
    r"| ^(p\.?\s*o\.?\s*)?(drawer|box)\s+\S+"
    r"| ^p\.?\s*o\.?\s+\d"
    r"| ^[nsew]\d+\s*[nsew]?\s*\d+\s+[a-z]{2}"  # a grid address: N56 W17000 Ridgewood Dr
    r"| ^(ste|suite|unit|floor|fl|room|rm|bldg|building|apt|mail\s?stop|dept)\b\.?\s*\S+"
    r"| ^\d+(st|nd|rd|th)\s+floor"
    r"| ^(attn|attention|c/o|care\s+of|e-?mail|phone|tel|fax|via)\b"
    r"| ^(one|two|three|four|five|six|seven|eight|nine|ten)\s .* \b(" + _STREET_WORD + r")\b\.?"
    r"| ^(rr|rural\s+route|hc|county\s+road|state\s+road|us\s+hwy|highway|hwy)\s+\d"
    r"| ^(?!.*\b(inc|llc|corp|co|company|ltd)\b)[a-z\s.\-']+\b(" + _STREET_WORD + r")\b\.?\s*(,|$)"
)
_HOUSE = re.compile(r"(?i)^\d+[\w\-/]*\s+.*\b(" + _STREET_WORD + r")\b")
"""A house number and a street, of which "84 Lumber" has the number only."""
_PLACEHOLDER = re.compile(
    r"(?i)^(n\s?/\s?a|none|tb[ad]|to be (determined|advised|named)|various|unknown|same( as .*)?|void|"
    r"see (attached|below|above|schedule|description).*|x{3,}|sample)\W*$"
)
_CITY = re.compile(
    r"(?i)[a-z.\s]+,?\s+[a-z]{2}\.?,?\s+\d{5}(-\d{4})?$|[a-z]\d[a-z]\s?\d[a-z]\d$|^[a-z .'\-]+,\s*[a-z]{2}\.?$"
)


def is_address(text: str) -> bool:
    """Whether a line is a street, a box, a floor, a city, or directions such as Attn."""
    plain = text.strip()
    return len(plain) <= LONGEST_LINE and bool(_ADDRESS.match(plain) or _CITY.search(plain))


_LEGAL = re.compile(
    r"(?i)\b(inc|llc|l\.l\.c|corp|corporation|co|company|ltd|limited|lp|llp|pllc|pc|p\.c|trust|"
    r"group|partners|partnership|authority|district|university|county|city|state|department)\b\.?"
)
_FIRM_SUFFIX = re.compile(r"(?i)\b(inc|llc|l\.l\.c|corp|ltd|llp)\b\.?\s*$")
_ALIAS = re.compile(
    r"(?i)^(d\.?\s*/?b\.?\s*/?a\b|dba\b|d/b/a|t/a|aka|a/k/a|f/k/a|fka|and\b|&|its\b|their\b|as\b|of\b)"
)
_STREET_INSIDE = re.compile(r"(?i)\s\d+[a-z]?\s+[a-z].*\b(" + _STREET_WORD + r")\b\.?\s*$")
"""A house number and a street at the end of a name: two lines that ran into each other."""
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
