"""Commas of amounts that a rule of the form runs through: erasing the rule takes the comma along, and
leaving it makes a 1 of both. Digits grouped by threes tell where a comma must stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

_AMOUNT = re.compile(r"(?<![\d.,])\d[\d,]*\d(?![\d.,])")
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
_HIGH = 0.55
"""Heights of the print of what is a digit at least; commas are lower."""

_NARROWER, _WIDER = 0.15, 0.35
"""Heights of the print that the room at the rule may be less or more than that of other commas: a
digit beside the rule may have lost its edge, and a 1 takes twice as much."""


@dataclass(frozen=True, slots=True)
class _Mended:
    """A solid text with the rule's comma at an index, and whether the reader saw it there itself."""

    text: str
    index: int
    was_seen: bool


def with_the_rule_s_comma(sighting: Sighting) -> Sighting:
    """Both texts with the comma of an amount that a rule runs through, where the paper has as much room
    there as at the line's other commas and the second reader sees nothing else otherwise."""
    first, second = sighting.first, sighting.second
    if sighting.rule is None or second is None or not _has_room_of_a_comma(sighting):
        return sighting
    for mended in _mended(sighting):
        if _is_but_for_it(solid(second.text), mended):
            places = _with_its_place(sighting, mended)
            mine = replace(first, text=_rewritten(first.text, mended), places=(), sure=())
            if mended.was_seen:
                mine = first
            theirs = replace(second, text=_rewritten(second.text, mended))
            return replace(sighting, first=mine, second=theirs, places=places)
    return sighting


def _at(sighting: Sighting) -> float:
    return sum(sighting.rule) / 2 if sighting.rule else 0.0


def _mended(sighting: Sighting) -> Iterator[_Mended]:
    """What the first reader's text is with the rule's comma."""
    at, places, text = _at(sighting), sighting.places, solid(sighting.first.text)
    for amount in _AMOUNT.finditer(text) if len(places) == len(text) else ():
        for index in range(amount.start() + 1, amount.end()):
            if text[index] == "," and _GROUPED.fullmatch(amount[0]):
                if places[index - 1] < at < places[index + 1]:
                    yield _Mended(text, index, was_seen=True)
            elif places[index - 1] < at < places[index]:
                whole = f"{text[:index]},{text[index:]}"
                if _GROUPED.fullmatch(whole[amount.start() : amount.end() + 1]):
                    yield _Mended(whole, index, was_seen=False)


def _is_but_for_it(theirs: str, mended: _Mended) -> bool:
    """Whether a reader sees the text, nothing in place of this comma, or a sign that makes the amount
    none."""
    before, after = mended.text[: mended.index], mended.text[mended.index + 1 :]
    if theirs in (mended.text, before + after):
        return True
    alike = theirs.startswith(before) and theirs.endswith(after)
    return alike and len(theirs) == len(mended.text) and not _is_grouped_at(theirs, mended.index)


def _is_grouped_at(text: str, index: int) -> bool:
    amounts = (m for m in re.finditer(r"[\d.,]+", text) if m.start() <= index < m.end())
    return any(_GROUPED.fullmatch(amount[0]) for amount in amounts)


def _rewritten(text: str, mended: _Mended) -> str:
    """The mended text with the spaces of a reader's, none of them at the comma."""
    longer = len(mended.text) - len(solid(text))
    spaces = {i + longer if i > mended.index else i for i in breaks(text)}
    return with_breaks(mended.text, spaces - {mended.index, mended.index + 1})


def _with_its_place(sighting: Sighting, mended: _Mended) -> tuple[float, ...]:
    places = sighting.places
    if mended.was_seen:
        return places
    return (*places[: mended.index], _at(sighting), *places[mended.index :])


def _has_room_of_a_comma(sighting: Sighting) -> bool:
    """Whether the digits beside the rule stand as far apart as those beside the line's other commas."""
    at, text = _at(sighting), solid(sighting.first.text)
    if len(sighting.places) != len(text):
        return False
    commas = [x for x, c in zip(sighting.places, text, strict=True) if c == ","]
    marks = [_low_mark(sighting, x) for x in commas if abs(x - at) > sighting.line.height]
    rooms = [_room(sighting, mark) for mark in marks if mark is not None]
    known = [room for room in rooms if room is not None]
    here = _room(sighting, at)
    if here is None or not known:
        return False
    usual = float(np.median(known))
    return usual - _NARROWER <= here <= usual + _WIDER


def _low_mark(sighting: Sighting, place: float) -> float | None:
    """The middle of the low blot nearest to where a reader saw a comma."""
    height, boxes = sighting.line.height, sighting.line.blots.boxes
    low = boxes[boxes[:, 3] - boxes[:, 1] < _HIGH * height]
    middles = (low[:, 0] + low[:, 2]) / 2
    near = middles[np.abs(middles - place) <= _OFF_PLACE * height]
    return float(near[np.abs(near - place).argmin()]) if len(near) else None


_OFF_PLACE = 0.6
"""Heights of the print that a reader's place may lie beside its comma."""


def _room(sighting: Sighting, at: float) -> float | None:
    """Heights of the print between the two digits beside a place; None where one stands there."""
    height, boxes = sighting.line.height, sighting.line.blots.boxes
    tall = boxes[boxes[:, 3] - boxes[:, 1] >= _HIGH * height]
    before, after = tall[tall[:, 2] <= at + 1, 2], tall[tall[:, 0] >= at - 1, 0]
    if not len(before) or not len(after) or len(before) + len(after) < len(tall):
        return None
    return float(after.min() - before.max()) / height
