"""An image-only page -> what stands in the cells of its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from connector.certificate.entry import Source
from connector.extraction import editions
from connector.extraction.alignment import BESIDE
from connector.extraction.editions import CellKind, Edition, Label
from connector.extraction.ocr import readers as engines
from connector.extraction.ocr import registration, rules, words
from connector.extraction.ocr.bent import BentPage, Flattened
from connector.extraction.ocr.cells import prepare
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.labels import MOST as WORDS_STANDING
from connector.extraction.ocr.labels import with_words_astray, words_astray
from connector.extraction.ocr.misplaced import (
    is_misplaced,
    with_lines_astride,
    with_marks_astray,
)
from connector.extraction.ocr.own_print import desk
from connector.extraction.ocr.own_print import page as own_print
from connector.extraction.ocr.paper import Gray, even
from connector.extraction.ocr.perspective import Matrix, moved, rectification
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.registered import read_cells, with_doubtful_rows
from connector.extraction.ocr.registration import Placement
from connector.extraction.ocr.sheet import SCALE, Sheet, lay_bent_flat, lay_flat
from connector.extraction.ocr.shown import with_what_is_shown
from connector.extraction.ocr.splines import Way
from connector.extraction.page_kinds import PageKind, kind_of, printed_forms
from connector.extraction.reading import Line, PageReading

NO_READER = "Reading scanned pages is not installed, so a person must read this page."
NO_FORM = "The page is a picture in which no known form could be found."

GOOD_FIT = 0.8
"""Recall times precision. Measured: the right edition 0.90 to 0.97 on scans, faxes and photos,
the wrong one at most 0.74, other forms below 0.35."""

FLAT_FIT = 0.88
"""Fit below which the paper may be bent, and part of its cells lie beside the form's."""

GOOD_BENT_FIT, _BETTER = 0.85, 0.03
"""What is bent to fit a form must fit it well, and better than unbent: measured 0.93 and more."""

POOR_FIT = 0.12
"""Below this a page has hardly a rule where a form has one. Measured: other prints of the form 0.25 to
0.6, tables of other papers below 0.1."""

_LOW_SIDE = 1650
"""Pixels of the longer side while the form is looked for: 150 dots an inch on letter paper."""

_LOW_SCALE = 150 / 72

_DRAWN = (CellKind.TICK, CellKind.SIGNATURE)
"""Cells whose ink is no type."""


@dataclass(frozen=True, slots=True)
class Found:
    """A form on a page: the editions laid on it, the best first, and the way to the picture.

    `turns` is how many quarter turns (counter-clockwise) bring the picture upright; `to_picture`
    sends rectified low-resolution pixels to the pixels of the picture as it was given: a matrix, or
    any way where the paper is bent. `drawn_to` lays a bent page flat by the rules of another edition.
    """

    placements: tuple[Placement, ...]
    to_picture: Matrix | Way
    turns: int
    drawn_to: Callable[[Edition], Found] | None = None

    @property
    def fit(self) -> float:
        return self.placements[0].fit if self.placements else 0.0

    @property
    def to_points(self) -> Matrix:
        """From points of the upright page, its longer side that of letter paper, to the picture; of
        flat pages only."""
        assert isinstance(self.to_picture, np.ndarray)  # noqa: S101 - bent pages fit a form
        return self.to_picture @ np.diag([_LOW_SCALE, _LOW_SCALE, 1.0])


def read_page(picture: Gray, dpi: float, page: int) -> PageReading:
    """Read one page from its picture (8-bit grey; turned by quarters, skewed, photographed).

    `dpi` is the picture's resolution, for evidence in points of the page; `page` is 1-based.
    The reading has no edition where no known form fits: nothing of it can be relied on then.
    """
    readers = engines.loaded()
    if readers is None:
        return PageReading(page, Source.OCR, None, doubt=NO_READER)
    cv2.setNumThreads(1)
    flat = _find_flat(picture)
    labelled = None if flat.fit >= GOOD_FIT else _by_labels(picture, dpi, page, flat, readers)
    if labelled is not None and not _may_be_bent(labelled):
        return labelled  # before it is bent: a maker's own print can be bent to fit a form
    found = _or_bent(picture, flat)
    reading = _read_form(picture, dpi, page, found, readers) if found.fit >= GOOD_FIT else None
    if reading and labelled and labelled.edition and _open(reading) >= _open(labelled):
        return labelled
    return reading or labelled or _by_words(picture, dpi, page, flat, readers)


def _may_be_bent(labelled: PageReading) -> bool:
    """Whether a page that was read by its labels may be a known form on paper that does not lie flat."""
    if labelled.edition is None:
        return _says_certificate(labelled.lines)
    return _open(labelled) > _MANY_OPEN


def _open(reading: PageReading) -> float:
    """The share of a page's boxes that are in doubt."""
    cells = reading.cells.values()
    return 1.0 if reading.doubt else sum(bool(each.reason) for each in cells) / max(len(cells), 1)


_MANY_OPEN = 0.3


def _says_certificate(lines: Iterable[Line]) -> bool:
    return kind_of([line.text for line in lines]) is PageKind.CERTIFICATE


def _by_labels(
    picture: Gray, dpi: float, page: int, found: Found, readers: Readers
) -> PageReading | None:
    """A page with as many rules as a form: a certificate in a maker's own print, or another form as
    lines of text. None where it is no form, or `found` has it the wrong way up."""
    if found.fit < POOR_FIT:
        return None
    laid = desk.lay(picture, found.to_points, _size(picture, found.turns), dpi)
    if not desk.is_form(laid.ruled):
        return None
    seen, lines = desk.look(laid)
    if own_print.is_certificate(lines, seen):
        return own_print.read(laid, lines, seen, readers, page) or _lines_only(page, lines)
    kind = kind_of([line.text for line in lines])
    return None if kind is PageKind.LETTER else _lines_only(page, lines)


def _size(picture: Gray, turns: int) -> tuple[float, float]:
    """Width and height of the upright page in points, its longer side that of letter paper."""
    height, width = (side * _LOW_SIDE / max(picture.shape) / _LOW_SCALE for side in picture.shape)
    return (height, width) if turns % 2 else (width, height)


def _by_words(picture: Gray, dpi: float, page: int, found: Found, readers: Readers) -> PageReading:
    """A page that is no known certificate: its text, to tell what else it may be. A certificate that
    this shows to be upside down is looked at again."""
    turns, lines = words.lines(picture, dpi)
    if turns != found.turns and _says_certificate(lines):
        turned = _held(picture, turns)
        return _by_labels(picture, dpi, page, turned, readers) or _lines_only(page, lines)
    return _lines_only(page, lines)


def _lines_only(page: int, lines: tuple[Line, ...]) -> PageReading:
    text = "\n".join(line.text for line in lines)
    return PageReading(page, Source.OCR, None, text=text, doubt=NO_FORM, lines=lines)


def _held(picture: Gray, turns: int) -> Found:
    """What fits the page held this way."""
    shrink = _LOW_SIDE / max(picture.shape)
    low = even(_resized(picture, shrink))
    return _found(np.ascontiguousarray(np.rot90(low, turns)), shrink, turns, picture)


def find_form(picture: Gray) -> Found:
    """The best-fitting form over the four ways to hold the page, bent where that fits better."""
    return _or_bent(picture, _find_flat(picture))


def _find_flat(picture: Gray) -> Found:
    """The best-fitting form over the four ways to hold the page."""
    shrink = _LOW_SIDE / max(picture.shape)
    low = even(_resized(picture, shrink))
    height, width = picture.shape
    best = Found((), np.eye(3), 0)
    for turns in (0, 2, 1, 3) if height >= width else (1, 3, 0, 2):
        found = _found(np.ascontiguousarray(np.rot90(low, turns)), shrink, turns, picture)
        if found.fit > best.fit:
            best = found
        if best.fit >= GOOD_FIT:
            break
    return best


def _or_bent(picture: Gray, best: Found) -> Found:
    """The same, or the page bent to fit a form where that fits better."""
    if best.fit >= FLAT_FIT:
        return best
    height, width = picture.shape
    shrink = _LOW_SIDE / max(picture.shape)
    low = even(_resized(picture, shrink))
    turns = best.turns if best.fit >= GOOD_FIT else int(height < width)
    bent = _bent(np.ascontiguousarray(np.rot90(low, turns)), shrink, turns, picture)
    return bent if bent.fit >= max(GOOD_BENT_FIT, best.fit + _BETTER) else best


def _bent(low: Gray, shrink: float, turns: int, picture: Gray) -> Found:
    """The same for paper that does not lie flat."""
    page = BentPage(low, _LOW_SCALE)
    back = _turned_back(turns, picture) @ np.diag([1 / shrink, 1 / shrink, 1.0])

    def found(flat: Flattened | None) -> Found:
        if flat is None:
            return Found((), np.eye(3), turns)
        way = flat.way
        return Found(
            flat.placements,
            lambda points: moved(way(points), back),
            turns,
            lambda edition: found(page.laid_flat(edition)),
        )

    return found(page.best())


def _found(low: Gray, shrink: float, turns: int, picture: Gray) -> Found:
    upright = rectification(low)
    flat = cv2.warpPerspective(low, upright, low.shape[::-1], borderValue=255)
    seen = rules.find(np.asarray(flat, dtype=np.uint8), _LOW_SCALE)
    placements = registration.place(seen, editions.all(), _LOW_SCALE)
    back = _turned_back(turns, picture) @ np.diag([1 / shrink, 1 / shrink, 1.0])
    return Found(tuple(placements), back @ np.linalg.inv(upright), turns)


def _turned_back(turns: int, picture: Gray) -> Matrix:
    """From pixels of the picture after `turns` quarter turns (numpy.rot90) to before."""
    height, width = picture.shape
    matrices = {
        0: np.eye(3),
        1: np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]]),
        2: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]]),
        3: np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]]),
    }
    return np.asarray(matrices[turns], dtype=np.float64)


def _resized(picture: Gray, factor: float) -> Gray:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how)
    return np.asarray(resized, dtype=np.uint8)


def _read_form(
    picture: Gray, dpi: float, page: int, found: Found, readers: Readers
) -> PageReading | None:
    """The cells of the form; None where the page was bent to fit one that it is not."""
    placement = found.placements[0]
    sheet = _sheet(picture, found, placement, dpi)
    printed = _printed_edition(sheet, placement.edition, readers)
    edition = _edition(printed, found)
    if edition.rules != placement.edition.rules:
        found = found.drawn_to(edition) if found.drawn_to else found
        placements = [p for p in found.placements if p.edition.rules == edition.rules]
        if not placements or (found.drawn_to and placements[0].fit < GOOD_BENT_FIT):
            return None
        placement = placements[0]
        sheet = _sheet(picture, found, placement, dpi)
    typed = [cell.box for cell in edition.cells.values() if cell.kind not in _DRAWN]
    erased = erase(sheet.gray, edition.rules, typed, [label.box for label in edition.labels])
    prepared = prepare(sheet.gray, erased, edition.labels)
    cells = read_cells(prepared, edition.cells.values(), readers, page)
    cells = with_what_is_shown(cells, edition.cells, sheet, placement)
    if found.drawn_to:
        astray, standing = words_astray(sheet, edition, readers.first)
        if standing < WORDS_STANDING:
            return None
        cells = with_words_astray(cells, edition.cells, astray, edition.labels)
    cells = with_doubtful_rows(cells, edition.cells.values())
    cells = with_lines_astride(prepared, edition, cells)
    cells = with_marks_astray(prepared, edition, cells)
    text = f"{edition.form} ({printed})" if printed else ""
    doubt = BESIDE if is_misplaced(prepared, edition, cells) else None
    return PageReading(page, Source.OCR, edition, cells, text, doubt, on_page=sheet.on_page)


def _sheet(picture: Gray, found: Found, placement: Placement, dpi: float) -> Sheet:
    way, matrix, size = found.to_picture, placement.matrix, placement.edition.page
    if isinstance(way, np.ndarray):
        return lay_flat(picture, way @ matrix, size, dpi)
    return lay_bent_flat(picture, lambda points: way(moved(points, matrix)), size, dpi)


def _printed_edition(sheet: Sheet, edition: Edition, readers: Readers) -> str | None:
    """The edition that the form prints at its foot, where both readers see the same."""
    foot = _foot(edition)
    if foot is None:
        return None
    x0, top, x1, bottom = (round(side * SCALE) for side in foot.box)
    crop = np.ascontiguousarray(sheet.gray[top - 14 : bottom + 14, x0 - 14 : x1 + 40])
    first, second = readers.both(crop)
    seen = [
        {form.edition for form in printed_forms(glimpse.text)}
        for glimpse in (first, second or first)
    ]
    both = seen[0] & seen[1]
    return both.pop() if len(both) == 1 else None


def _foot(edition: Edition) -> Label | None:
    return next((label for label in edition.labels if label.text in edition.printed), None)


def _edition(printed: str | None, found: Found) -> Edition:
    """The edition printed on the form if it is known, in the print that fits best; else the best fit.

    Several editions share one geometry; only the printed name tells them apart.
    """
    named = [edition for edition in editions.all() if edition.name == printed]
    for placement in found.placements:
        for edition in named:
            if edition.rules == placement.edition.rules:
                return edition
    return found.placements[0].edition
