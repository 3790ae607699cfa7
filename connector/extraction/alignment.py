"""Prints that stand beside their boxes: values of one row would be read in the next.

An agency's software prints values onto the form; where paper or settings are off by some points,
every value moves together. Nothing on such a page can be placed with certainty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from connector.certificate.entry import Box
from connector.extraction.editions import CellKind, Edition
from connector.extraction.page_objects import Mark
from connector.extraction.placement import Place
from connector.extraction.ticks import is_tick_text
from connector.extraction.word_index import WordIndex
from connector.extraction.words import Word

BESIDE = "The values are printed beside their boxes, so it is not sure which box each belongs to."

HIGHEST, LOWEST = -2.8, 4.2
"""Points that amounts may stand above or below the middle of their row (usual: 0 to 3 below)."""
HIGHEST_OF_ALL, LOWEST_OF_ALL = -4.5, 5.0
"""The same where it is plain that print is in its row: print a row too low would leave the table's uppermost
limit blank, and print a row too high or too low would have the certificate's date at another height."""
DATE_BELOW = 3.5, 7.5
"""Points that the certificate's date stands lower in its box than amounts in theirs: measured 4.9 to 6.2."""
LEVEL, _POSSIBLE = 3.0, (0.0, 11.0)
"""Points off the middle of their row at which amounts may stand in the next one, and how far below their
level a date of the same print can be."""
OUTSIDE = 5.0
"""Points that amounts may reach over the rule at their right."""
FEWEST_AMOUNTS = 3
NEAREST, FARTHEST = 2.0, 14.0
"""Points beside a tick box at which a lone mark must have been meant for it."""

_DAY = re.compile(r"\d{1,2}[/\-.]\d{1,2}[/\-.](\d{4}|\d{2})")
_AMOUNT = re.compile(r"^\$?\d[\d,.]*$")


def misprint(
    edition: Edition, places: Mapping[str, Place], words: WordIndex, marks: Sequence[Mark]
) -> str | None:
    """The doubt about the whole print, when its values stand beside their boxes."""
    suspicious = (
        amounts_off_level(edition, places, words)
        or _ticks_beside(edition, places, words, marks)
        or amount_without_a_name(edition, places, words)
        or _values_astray(edition, places, words)
    )
    return BESIDE if suspicious else None


def _boxes(edition: Edition, places: Mapping[str, Place], kind: CellKind) -> dict[str, Box]:
    return {name: place.box for name, place in places.items() if edition.cells[name].kind is kind}


def amounts_off_level(
    edition: Edition, places: Mapping[str, Place], words: WordIndex, *, by_date: bool = False
) -> bool:
    """Whether amounts stand between two rows, or run out of the right side of their boxes. `by_date`: the
    certificate's date may prove that they are in their row, where each line on a rule is in doubt anyway."""
    found = _amounts(edition, places, words)
    if len(found) < FEWEST_AMOUNTS:
        return False
    below = median(word.middle[1] - (box[1] + box[3]) / 2 for word, box in found)
    beyond = median(word.x1 - box[2] for word, box in found)
    is_in_first = min(box[1] for _, box in found) <= _uppermost(edition, places)
    day = _level_of_date(places, words)
    is_proved = by_date and day is not None and DATE_BELOW[0] <= day - below <= DATE_BELOW[1]
    if day is not None and abs(below) > LEVEL and not _POSSIBLE[0] < day - below < _POSSIBLE[1]:
        return True
    highest = HIGHEST_OF_ALL if is_in_first or is_proved else HIGHEST
    lowest = LOWEST_OF_ALL if is_proved else LOWEST
    return not highest <= below <= lowest or beyond > OUTSIDE


def _level_of_date(places: Mapping[str, Place], words: WordIndex) -> float | None:
    """Points that the certificate's own date stands below the middle of its box; None where it is not
    there."""
    place = places.get("certificate_date")
    days = [word for word in words.inside(place.box) if _DAY.fullmatch(word.text)] if place else []
    if place is None or len(days) != 1:
        return None
    return days[0].middle[1] - (place.box[1] + place.box[3]) / 2


def level_of_amounts(
    edition: Edition, places: Mapping[str, Place], words: WordIndex
) -> float | None:
    """Points that amounts stand below the middle of the rows they stand in; None where they are too few."""
    found = _amounts(edition, places, words)
    if len(found) < FEWEST_AMOUNTS:
        return None
    return median(word.middle[1] - (box[1] + box[3]) / 2 for word, box in found)


def _amounts(
    edition: Edition, places: Mapping[str, Place], words: WordIndex
) -> list[tuple[Word, Box]]:
    """The amounts that stand in boxes of one line, each with its box."""
    return [
        (word, box)
        for box in _boxes(edition, places, CellKind.AMOUNT).values()
        if box[3] - box[1] < 16
        for word in words.inside(box)
        if _AMOUNT.match(word.text)
    ]


def _uppermost(edition: Edition, places: Mapping[str, Place]) -> float:
    """Where the table's first box of a limit begins: above it stands the heading."""
    return min(box[1] for box in _boxes(edition, places, CellKind.AMOUNT).values())


def _ticks_beside(
    edition: Edition, places: Mapping[str, Place], words: WordIndex, marks: Sequence[Mark]
) -> bool:
    """Whether a mark stands next to a tick box, in no box at all."""
    boxes = list(_boxes(edition, places, CellKind.TICK).values())
    owned = [place.box for place in places.values()]
    typed = [word for box in boxes for word in words.inside(_wider(box)) if _is_lone_tick(word)]
    drawn = [mark.box for mark in marks if _is_small(mark.box)]
    near = [box for box in drawn if any(_holds(_wider(tick), box) for tick in boxes)]
    lone = [word.box for word in typed] + near
    return any(not any(_holds(box, mark) for box in owned) for mark in lone)


def _is_lone_tick(word: Word) -> bool:
    return not word.is_hidden and is_tick_text(word.text)


def _is_small(box: Box) -> bool:
    return 3 < box[2] - box[0] < 16 and 3 < box[3] - box[1] < 16


def _wider(box: Box) -> Box:
    return box[0] - NEAREST, box[1] - NEAREST, box[2] + NEAREST, box[3] + NEAREST


def _holds(box: Box, mark: Box) -> bool:
    x, y = (mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def amount_without_a_name(edition: Edition, places: Mapping[str, Place], words: WordIndex) -> bool:
    """Whether a row's free limit, below its last printed one, has an amount but no words for it."""
    boxes = {name: place.box for name, place in places.items()}
    return any(
        _has_amount(words.inside(amount)) and not _has_words(words.inside(named))
        for named, amount in _free_limits(edition, boxes)
    )


def free_limits(edition: Edition, boxes: Mapping[str, Box]) -> list[Box]:
    """Where an agency writes the limits that the form has no row for, and their names."""
    return [side for sides in _free_limits(edition, boxes) for side in sides]


def _free_limits(edition: Edition, boxes: Mapping[str, Box]) -> list[tuple[Box, Box]]:
    """The boxes below each row's last printed limit: of the name, and of the amount."""
    found = []
    for row in ("general_liability", "auto_liability", "umbrella_liability"):
        letter, amounts = _row(edition, boxes, row)
        if letter is not None and amounts:
            left, _, right, top = max(amounts, key=lambda box: box[3])
            named = (left - NAME_WIDTH, top, left, letter[3])
            found.append((named, (left, top, right, letter[3])))
    return found


def _row(edition: Edition, boxes: Mapping[str, Box], row: str) -> tuple[Box | None, list[Box]]:
    """A row's box of the insurer letter, which is as high as the row, and those of its limits."""
    amounts = [
        box
        for name, box in boxes.items()
        if name.startswith(f"{row}.")
        and edition.cells[name].kind is CellKind.AMOUNT
        and name.rpartition(".")[2] != "deductible_or_retention"
    ]
    return boxes.get(f"{row}.insurer_letter"), amounts


NAME_WIDTH = 100.0
"""Points at the left of an amount that belong to its name."""


def _has_amount(words: Iterable[Word]) -> bool:
    return any(_AMOUNT.match(word.text) and len(word.text) > 3 for word in words)


def _has_words(words: Iterable[Word]) -> bool:
    return any(re.search(r"[A-Za-z]{2}", word.text) for word in words)


FEWEST_ASTRAY = 3
_VALUE = re.compile(
    r"[A-FXYN]|\$?\d{1,3}(,\d{3})+(\.\d\d)?|\d{1,2}[/\-.]\d{1,2}[/\-.](\d{4}|\d{2})"
)
"""A letter or a mark, an amount, a date: words that are values wherever they stand."""


def _values_astray(edition: Edition, places: Mapping[str, Place], words: WordIndex) -> bool:
    """Whether letters, amounts and dates stand at the table's height, but in no box: beside it, or
    over the printed words, as where all of the print lies far to one side."""
    table = [place.box for name, place in places.items() if edition.cells[name].row]
    if not table:
        return False
    boxes = {name: place.box for name, place in places.items()}
    owned = [*boxes.values(), *free_limits(edition, boxes)]
    level = (-WIDEST, min(box[1] for box in table), WIDEST, max(box[3] for box in table))
    astray = [
        word
        for word in words.inside(level)
        if not word.is_hidden and _VALUE.fullmatch(word.text)
        if not any(_holds(box, word.box) for box in owned)
    ]
    return len(astray) >= FEWEST_ASTRAY


WIDEST = 10_000.0
