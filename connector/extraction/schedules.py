"""Whom the schedule of an endorsement page names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connector.extraction.reading import Line

_SCHEDULE = re.compile(r"(?i)^name\s*(of|\(s\))?.{0,24}(person|organi[sz]ation)")
_PERSONS = re.compile(
    r"(?i)^(?:(?:designated|scheduled)\s+)?persons?(?:\(s\))?\s*(?:or|and|/)\s*organi[sz]ations?(?:\(s\))?\s*:?$"
)
_BARE_SCHEDULE = re.compile(r"(?i)^schedule\s*:?$")
"""Workers' compensation's waiver has no other heading above its names; some insurers' pages neither."""
_HEADING_GOES_ON = re.compile(r"(?i)^or\s+organi[sz]ation")
_LABELLED = re.compile(
    r"(?i)^(?:name\s+of\s+)?(?:additional\s+insured|persons?|organi[sz]ation)[^:]{0,30}:\s*"
)
_END = re.compile(
    r"(?i)^\(?(?:information\s+required|the\s+information|section\s|location|a\.|if\s+no\s+entry|the\s+following|this\s+(?:endorsement|agreement)|sample\b|insurance\s+under|who\s+is)"
)
_UNTICKED = re.compile(r"^[(\[]\s*[)\]]|^☐")
_ANYONE = re.compile(
    r"(?i)\b(any|all)\s+(person|organi|part)|blanket|where\s+required|as\s+required|written\s+(contract|agreement)|on\s+file"
)


FIRST_GAP, NEXT_GAP = 40, 20
"""Points between the schedule's heading and its first name, and between names."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The names printed in it; `is_for_anyone` where it says "any person …", which is no name."""

    names: tuple[str, ...] = ()
    is_for_anyone: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.names and not self.is_for_anyone


def read(lines: Sequence[Line]) -> Schedule | None:
    """What stands below the schedule's heading; None where there is no schedule of persons."""
    for heading in (_SCHEDULE, _PERSONS, _BARE_SCHEDULE):
        for number, line in enumerate(lines):
            if heading.search(text := line.text.strip()) and text[0].isupper():
                is_bare = heading is _BARE_SCHEDULE
                return _names_below(line, lines[number + 1 : number + 7], is_bare=is_bare)
    return None


def _names_below(heading: Line, lines: Sequence[Line], *, is_bare: bool) -> Schedule:
    """The names in the lines below a heading, which stands in the middle where it is `is_bare`."""
    names: list[str] = []
    last = heading
    for line in lines:
        gap = FIRST_GAP if not names else NEXT_GAP
        if not is_bare and line.box[0] - heading.box[0] > 200:
            continue
        if _HEADING_GOES_ON.search(line.text):
            last = line
            continue
        is_apart = line.box[1] - last.box[3] > gap
        if is_apart or _END.search(line.text) or _UNTICKED.search(line.text):
            break
        if _ANYONE.search(line.text):
            return Schedule(is_for_anyone=True)
        names.append(_LABELLED.sub("", line.text))
        last = line
    return Schedule(tuple(names))
