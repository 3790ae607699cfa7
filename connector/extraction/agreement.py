"""Two readings of one thing: what they agree on is believed, what they differ in is unclear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector.certificate.entry import Entry, State
from connector.certificate.values import tidy
from connector.extraction.interference import NOTED, STRUCK
from connector.extraction.labels import plain
from connector.extraction.layout import HIDDEN, NOT_PLACED, OVERPRINTED
from connector.extraction.parties import is_corner_number
from connector.extraction.reading import CellReading, reasons

DIFFER = "Two readings of this box differ: “{first}” and “{second}”."

MOVED = "The form's field for this value stands in another box of the page."
DRAWN_OVER = "The page shows a mark in this box that the form does not hold."


def agree(first: Entry[Any], second: Entry[Any]) -> Entry[Any]:
    """One entry of two readings of the same box.

    Equal values are read when both were sure; a blank and a value, or two values, are unclear
    with the first as best reading and both evidences. One unclear reading makes it unclear.
    """
    others = (*first.others, *((second.evidence,) if second.evidence else ()), *second.others)
    if _same(first, second):
        state = State.UNCLEAR if State.UNCLEAR in (first.state, second.state) else first.state
        doubt = " ".join(dict.fromkeys(d for d in (first.doubt, second.doubt) if d)) or None
        return replace(first, state=state, doubt=doubt, others=others)
    better = second if first.value is None and first.words is None else first
    rest = (first.evidence,) if better is second and first.evidence else others
    why = DIFFER.format(first=_shown(first), second=_shown(second))
    return replace(better, others=rest).doubted(why)


def _same(first: Entry[Any], second: Entry[Any]) -> bool:
    if isinstance(first.value, str) and isinstance(second.value, str):
        return tidy(first.value) == tidy(second.value)
    return bool(first.value == second.value and first.words == second.words)


def _shown(entry: Entry[Any]) -> str:
    if entry.value is None:
        return entry.words or "nothing"
    return str(entry.value)


def overlaid(
    form: Mapping[str, CellReading], drawn: Mapping[str, CellReading]
) -> dict[str, CellReading]:
    """Form fields over the drawn page: a field's value must be what its page shows.

    A field that is empty lets printed text through; a field without a drawn appearance is
    believed; different text is a doubt.
    """
    return {name: _overlaid(form.get(name), drawn.get(name)) for name in {*form, *drawn}}


def _overlaid(form: CellReading | None, drawn: CellReading | None) -> CellReading:
    if form is None or drawn is None:
        found = form or drawn
        assert found is not None  # noqa: S101 - the name came from one of the two
        return found
    chosen = _chosen(form, drawn)
    more = [why for why in _DISTURBED if why in (drawn.doubt or "")]
    more += [MOVED] if not form.is_empty and _stands_elsewhere(form, drawn) else []
    said = [why for why in more if why not in (chosen.doubt or "")]
    return replace(chosen, doubt=" ".join([*filter(None, [chosen.doubt]), *said]) or None)


_DISTURBED = (HIDDEN, OVERPRINTED, NOTED, STRUCK)
"""What lies over the print of a box lies over the field's value too."""

_ASIDE = 8.0
"""Points that the middle of a field may lie outside of its box."""


def _stands_elsewhere(form: CellReading, drawn: CellReading) -> bool:
    """Whether a field stands where the page has another box: a person reads its value there."""
    if form.box is None or drawn.box is None or NOT_PLACED in (drawn.doubt or ""):
        return False
    x0, top, x1, bottom = drawn.box
    x, y = (form.box[0] + form.box[2]) / 2, (form.box[1] + form.box[3]) / 2
    return not (x0 - _ASIDE <= x <= x1 + _ASIDE and top - _ASIDE <= y <= bottom + _ASIDE)


def _chosen(form: CellReading, drawn: CellReading) -> CellReading:
    if drawn.is_empty:
        return form
    if form.is_empty:
        unlike = form.ticked is False and drawn.ticked
        return replace(drawn, doubt=reasons(DRAWN_OVER, drawn.lines)) if unlike else drawn
    if form.ticked is not None or _spelled(form) == _spelled(drawn) or _holds(drawn, form):
        return form
    why = DIFFER.format(first=form.text, second=drawn.text)
    lines = (replace(form.lines[0], second=drawn.text), *form.lines[1:]) if form.lines else ()
    return replace(form, lines=lines, doubt=f"{form.doubt} {why}" if form.doubt else why)


def compared(
    text: Mapping[str, CellReading], picture: Mapping[str, CellReading]
) -> dict[str, CellReading]:
    """A text layer that may lie, beside the picture of its page: what differs is in doubt.

    Where the text has lost letters the picture is believed.
    """
    return {name: _compared(text[name], picture.get(name)) for name in text}


def _compared(text: CellReading, picture: CellReading | None) -> CellReading:
    if picture is None:
        return text
    if _UNKNOWN.search(text.text):
        return picture
    if text.ticked == picture.ticked and _spelled(text) == _spelled(picture):
        return replace(text, doubt=text.doubt)
    why = picture.doubt or DIFFER.format(first=text.text, second=picture.text)
    return replace(text, doubt=f"{text.doubt} {why}" if text.doubt else why)


_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")


def _holds(drawn: CellReading, form: CellReading) -> bool:
    """Whether a block of several lines is drawn as the form says, or not drawn at all.

    Numbers that the maker printed in the corner of the block may stand there too.
    """
    if len(form.lines) < 2:
        return False
    lines = [line.text for line in drawn.lines if not is_corner_number(line.text)]
    shown = " ".join(lines).upper().replace(",", " ").split()
    return not shown or {*form.text.upper().replace(",", " ").split()} <= {*shown}


def _spelled(cell: CellReading) -> str:
    return plain(cell.text)
