"""What two readers and the ink say of one line of a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import fellows, fine, glyphs, over_rules, specks, strokes, unread
from connector.extraction.ocr.acceptance import accents, alike, letters, limits
from connector.extraction.ocr.cells import Page
from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.over_rules import View
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import like, solid

_EDGE, _FRAME = 2, 8
"""Pixels of the sheet kept, and of white added, left and right of a line."""

_AIR = 0.3
"""White above and below a line, in heights of its print. With 0.5 the recogniser is a fifth faster
and drops one of several zeros in small type."""

NUMBERS = (CellKind.DAY, CellKind.AMOUNT)

_DIRTY = 5
"""Specks far from any letter that make a page dirty."""

_POINT = 0.08
"""Side of the smallest point in heights of the print."""

_POINTS = ".,:;`'"

_BESIDE = 0.35
"""Print nearer than this many of its heights beyond the side of a cell belongs to the same text."""


def is_number(cell: Cell) -> bool:
    return cell.name.endswith(".policy_number")


def sight(page: Page, cell: Cell, line: Print, readers: Readers) -> Sighting:
    is_words = cell.kind in (CellKind.LINES, CellKind.VALUE) and not is_number(cell)
    crop = cut(page.erased.gray, line, round(0.5 * line.height) if is_words else 0)
    if cell.name.startswith("producer") and cell.name != "producer.email":  # mail is sent there
        first, second = readers.either(crop)
    else:
        sharp = page.dust == 0 or cell.kind in NUMBERS
        first, second = readers.both(crop, allowed(cell), patient=sharp)
        if is_words:
            first, second = _over_rules(
                page, line, readers, (first, second), sharp, _plainness(cell)
            )
        if cell.kind in NUMBERS or cell.name.endswith("naic"):
            first, second = _on_rule(page, line, readers, (first, second))
        if cell.kind in NUMBERS or is_number(cell):
            first, second = _beside_rule(page, line, readers, (first, second))
    places = _places(line, first, crop.shape[1])
    grounded = over_rules.stands_on_rule(page.erased, line)
    struck = strokes.is_struck(line, page.erased.gray, is_words=is_words)
    x0, top, x1, bottom = line.box
    inked = page.erased.gray[top:bottom]
    is_measured = is_number(cell) or cell.kind in NUMBERS
    around = np.s_[max(0, top) : bottom, max(0, x0 - 3) : x1 + 3]
    rule = over_rules.rule_through(page.before, line) if is_words else None
    return Sighting(
        line,
        first,
        second,
        through=bool(page.erased.through[around].any()),
        touching=bool(page.erased.touching[around].any()),
        beside=bool(page.erased.beside[around].any()),
        spills=_spills(page, cell, line),
        dusty=is_dusty(page, line, first, places, is_words=is_words),
        tailed=is_words and _is_tailed(page, line, first, places),
        unread=_has_unread_ink(page, cell, line, first.text, places, rule),
        told_apart=_told_apart(page, line, places),
        places=places,
        dirty=len(page.dirt) >= _DIRTY,
        twin_points=is_words and _has_twin_points(page, line, solid(first.text), places),
        grounded=grounded,
        whole_with_rule=grounded and is_words and _is_whole(page, line, readers, (first, second)),
        struck=struck,
        struck_darkly=struck
        and strokes.is_struck(line, page.erased.gray, is_words=is_words, dark=True),
        crossed=over_rules.crossed_at(page.erased, line),
        rule=rule,
        widths=fine.widths(inked, line.columns) if is_measured else None,
        leans=fine.leans(inked, line.columns) if is_measured else None,
        stem=fine.stem(page.erased.ink[top:bottom, x0:x1]) if allowed(cell) else None,
    )


def _over_rules(
    page: Page,
    line: Print,
    readers: Readers,
    seen: View,
    sharp: bool,
    is_plain: Callable[[str], bool],
) -> View:
    """What to go by where the form's rules run through words: they are read with the rules too."""
    more = round(0.5 * line.height)

    def read(gray: Gray) -> View:
        return readers.both(cut(gray, line, more), patient=sharp)

    at = over_rules.crossed_at(page.erased, line)
    if at is not None:
        width = cut(page.erased.gray, line, more).shape[1]
        views = [seen]

        def ruled() -> Iterator[View]:
            for gray in over_rules.with_rule(page.erased, page.before, line):
                views.append(read(gray))
                yield views[-1]

        places = _places(line, seen[0], width)
        char = over_rules.stands_at(at, seen[0], places, line)
        found = over_rules.settled(seen, char, ruled, is_plain)
        return _borne_out(page, line, found, views, is_plain)
    if over_rules.touches(page.erased, line) and alike.may_be_cut(*seen):
        first, second = read(page.before)
        if second is not None and solid(first.text) == solid(second.text):
            return first, second
    return seen


def _is_whole(page: Page, line: Print, readers: Readers, seen: View) -> bool:
    """Whether a line on a level rule reads the same with it, signs and all: where the rule hides the
    foot of an E, it is an F without and an E with the rule."""
    ruled = readers.both(cut(page.before, line, round(0.5 * line.height)))
    return len({solid(each.text) if each else None for each in (*seen, *ruled)}) == 1


def _borne_out(
    page: Page, line: Print, found: View, views: Sequence[View], is_plain: Callable[[str], bool]
) -> View:
    """The readings to go by where a rule that runs through the line makes them differ: what the ink of
    the character at the rule is like, as far as it can be seen."""
    rule = over_rules.rule_through(page.before, line)
    if rule is None or (found[1] and solid(found[0].text) == solid(found[1].text)):
        return found
    ruled = fellows.Ruled(page.before, line, rule)
    width = cut(page.before, line, round(0.5 * line.height)).shape[1]
    others = [solid(seen.text) for view in views for seen in view if seen]
    second = found[1] or next((view[1] for view in views if view[1]), None)
    seen = [view[0] for view in views if second and is_plain(view[0].text)]
    for first in seen:
        text, places = solid(first.text), _places(line, first, width)
        if second and fellows.bears_out(ruled, text, places, others):
            return first, replace(second, text=like(second.text, text))
    at = (sum(rule) / 2 - _start(line)) / width
    formed = [other for other in others if over_rules.is_formed(other)]
    for first in filter(None, (over_rules.with_zero(each, at) for each in seen)):
        text, places = solid(first.text), _places(line, first, width)
        only = first.places.index(at)
        if second and fellows.bears_out(ruled, text, places, formed, only):
            return first, replace(second, text=like(second.text, text))
    return found


def _on_rule(page: Page, line: Print, readers: Readers, seen: View) -> View:
    """What to go by where a number stands on a level rule that was erased with the feet of its digits
    and the tails of its commas: it is read with the rule too."""
    first, second = seen
    if second is None or not over_rules.touches(page.erased, line):
        return seen
    alike = solid(first.text) == solid(second.text)
    if alike and not over_rules.stands_on_rule(page.erased, line):
        return seen
    ruled = readers.both(cut(page.before, line))
    return over_rules.unless_denied(seen, ruled) if alike else over_rules.with_feet(seen, ruled)


def _beside_rule(page: Page, line: Print, readers: Readers, seen: View) -> View:
    """What to go by where a number's first digit meets a rule on its left: it is read with the rule too,
    where the digit may have been another one."""
    lost = seen[1] is not None and over_rules.may_have_lost_its_side(seen)
    if not lost or not over_rules.begins_on_rule(page.erased, line):
        return seen
    return over_rules.unless_closed(seen, readers.both(cut(page.before, line)))


def _plainness(cell: Cell) -> Callable[[str], bool]:
    """What tells a text of the cell without broken words: in limits all short words are known ones."""
    if cell.name.endswith(".limits"):
        return lambda text: limits.unknown_short_word(text) is None
    return lambda text: alike.LONE_Q.search(text) is None


def _places(line: Print, seen: Glimpse, width: int) -> tuple[float, ...]:
    """The reader's places of its characters as pixels of the sheet; `width` is that of the crop."""
    return tuple(_start(line) + share * width for share in seen.places)


def _start(line: Print) -> int:
    """The column of the sheet at which the picture begins that readers see of a line."""
    return max(0, line.box[0] - _EDGE) - _FRAME


def _told_apart(page: Page, line: Print, places: Sequence[float]) -> NDArray[np.int64] | None:
    """Where the characters begin and end by the reader's places, if letters touch or are broken."""
    x0, top, x1, bottom = line.box
    columns = line.columns
    if not places or len(places) == len(columns) or places[0] < x0 or places[-1] > x1:
        return None
    joined = glyphs.joined(columns, places, line.height)
    if joined is not None:
        return joined
    around = np.s_[top:bottom, x0:x1]
    cut = glyphs.cut_apart(
        page.erased.gray[around], page.erased.ink[around], [place - x0 for place in places]
    )
    return None if cut is None else cut + x0


def is_dusty(
    page: Page, line: Print, seen: Glimpse, places: Sequence[float], *, is_words: bool
) -> bool:
    """Whether a speck, whitened as dirt or read as a point, could as well be the other: words may end
    in one, numbers do not. What lies at an upright rule is what erasing it left of a character."""
    x0, top, x1, bottom = line.box
    at = over_rules.crossed_at(page.erased, line) if is_words else None
    left, right = (-1.0, -1.0) if at is None else _around_rule(at, line)
    middles = (page.dirt.boxes[:, :2] + page.dirt.boxes[:, 2:]) / 2
    beside = (middles[:, 0] > x0) & (middles[:, 0] < x1 + (line.height if is_words else 0))
    level = (middles[:, 1] > top) & (middles[:, 1] < bottom + 3)
    large = page.dirt.areas >= (_POINT * line.height) ** 2
    apart = (middles[:, 0] < left) | (middles[:, 0] > right)
    chosen = np.flatnonzero(beside & level & large & apart)
    dirt = zip(page.dirt.boxes[chosen], page.dirt.areas[chosen], strict=True)
    if any(specks.may_be_a_point(line, speck, int(area)) for speck, area in dirt):
        return True
    if is_words and seen.text[-1:].isalnum() and specks.has_faint_end(line, page.dirty):
        return True
    doubtful = [
        blot
        for blot in line.blots.boxes
        if not left <= (blot[0] + blot[2]) / 2 <= right and specks.is_doubtful_point(line, blot)
    ]
    return any(_is_read(blot, line, seen, places) for blot in doubtful)


def _around_rule(at: float, line: Print) -> tuple[float, float]:
    """From where to where (pixels) a character reaches, and a comma behind it, that a rule at this place
    runs through."""
    return at - _HALF_CHARACTER * line.height, at + (_HALF_CHARACTER + _COMMA_ROOM) * line.height


_HALF_CHARACTER, _COMMA_ROOM = 0.35, 0.3
"""Heights of the print from the middle of a digit to its side, and of a comma with its room."""


def _has_twin_points(page: Page, line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether all points that the reader saw two by two are print."""
    at = [found.start() for found in alike.TWO_POINTS.finditer(text)]
    return len(places) == len(text) and all(
        specks.twin_points(line, places[index], page.dirt) for index in at
    )


def _has_unread_ink(
    page: Page,
    cell: Cell,
    line: Print,
    text: str,
    places: Sequence[float],
    rule: tuple[int, int] | None,
) -> bool:
    """Whether a name, a number or words have marks that the reader did not see."""
    if cell.kind not in (CellKind.LINES, CellKind.VALUE):
        return False
    plain = accents.never_on(text)
    return unread.overlooked(line, solid(text), places, rule=rule, plain=plain) or (
        is_number(cell) and unread.has_faint_mark(line, page.before)
    )


def _is_tailed(page: Page, line: Print, seen: Glimpse, places: Sequence[float]) -> bool:
    """Whether a point that the reader saw may be a comma, or a comma a point."""
    characters = solid(seen.text)
    if len(places) != len(characters):
        return False
    looks = {
        ".": lambda place: specks.has_tail(line, page.dirty, place),  # a tail may be taken for dirt
        ",": lambda place: specks.lacks_tail(line, page.erased.gray, place),
    }
    sure = {spot.start() for spot in _THOUSANDS.finditer(characters)}
    return any(
        looks[mark](place)
        for number, (place, mark) in enumerate(zip(places, characters, strict=True))
        if mark in looks and number not in sure
    )


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
"""A comma that groups the digits of an amount is no point, whatever is left of its tail."""


def _is_read(blot: NDArray[np.int64], line: Print, seen: Glimpse, places: Sequence[float]) -> bool:
    """Whether the reader saw a point where this blot stands, or does not say where it saw what."""
    characters = solid(seen.text)
    if len(places) != len(characters):
        return True
    reach = _BESIDE * line.height
    marks = [x for x, c in zip(places, characters, strict=True) if c in _POINTS]
    return any(blot[0] - reach <= x <= blot[2] + reach for x in marks)


def cut(gray: Gray, line: Print, more: int = 0) -> Gray:
    """The line's part of a sheet, framed in white: the recogniser likes air above and below.

    `more` pixels to the right show a last point too faint to count as ink.
    """
    x0, top, x1, bottom = line.box
    part = gray[max(0, top - 2) : bottom + 2, max(0, x0 - _EDGE) : x1 + _EDGE + more]
    frame = max(3, round(_AIR * line.height))
    return np.pad(part, ((frame, frame), (_FRAME, _FRAME)), constant_values=255)


def allowed(cell: Cell) -> str:
    """The letters that can stand in a cell of one letter; empty for other cells."""
    if cell.kind is CellKind.LETTER:
        return letters.INSURER
    return letters.MARK if cell.kind is CellKind.MARK else ""


def _spills(page: Page, cell: Cell, line: Print) -> bool:
    """Whether print goes on just beyond the left or right side of the cell, on the same line."""
    x0, top, x1, bottom = line.box
    left, _, right, _ = (side * SCALE for side in cell.box)
    boxes = page.blots.boxes
    reach = _BESIDE * line.height
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    across = (boxes[:, 0] + boxes[:, 2]) / 2
    same_line = (middle > top) & (middle < bottom)
    after = (boxes[:, 0] >= x1) & (boxes[:, 0] < x1 + reach) & (across >= right)
    before = (boxes[:, 2] <= x0) & (boxes[:, 2] > x0 - reach) & (across < left)
    return bool((same_line & (before | after)).any())
