"""The drawn objects of a PDF page: rules, marks that may be ticks, pictures, and hidden text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium

from connector.certificate.entry import Box
from connector.extraction.clipping import is_cut

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Point: TypeAlias = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

DEEPEST_FORM = 8
"""Forms inside forms are followed this deep; hostile files nest without end."""
MOST_SEGMENTS = 200
"""Paths with more segments are artwork, not rules."""
THIN = 2.0
WHITE, PALE = 245, 190
"""Brightness (0 to 255) from which paint is the paper's, and from which it may not be seen."""
HALF = 128
"""Of 255: paint that lets more through may not be seen."""
SIMPLE_SHAPE = 8
"""Segments of a filled shape that may be a bar over words; letters and logos have more."""
_UNSEEN_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


class Fill(Enum):
    """What a shape or a letter is filled with."""

    INK = 1
    WHITE = 2
    CLEAR = 3
    PALE = 4


@dataclass(frozen=True, slots=True)
class Placement:
    """From PDF user space to the page as seen: cropped, turned by `turn` degrees, y downwards."""

    crop: Box
    turn: int

    @classmethod
    def of(cls, page: Any) -> Placement:
        left, bottom, right, top = page.get_cropbox()
        return cls((left, bottom, right, top), page.get_rotation() % 360)

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.crop[2] - self.crop[0], self.crop[3] - self.crop[1]
        return (height, width) if self.turn in (90, 270) else (width, height)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The box of two corners in user space."""
        left, bottom, right, top = self.crop
        match self.turn:
            case 90:
                return y0 - bottom, x0 - left, y1 - bottom, x1 - left
            case 180:
                return right - x1, y0 - bottom, right - x0, y1 - bottom
            case 270:
                return top - y1, right - x1, top - y0, right - x0
            case _:
                return x0 - left, top - y1, x1 - left, top - y0


class Mark(NamedTuple):
    """A drawn shape that is no rule: a cross, a check, a blot, a signature."""

    box: Box
    is_stroked: bool


@dataclass(slots=True)
class PageObjects:
    """What is drawn on a page besides its words."""

    rules: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    is_doubtful: bool = False
    """Whether words may be unseen for a reason that only the page's picture shows."""
    _invisible: set[int] = field(default_factory=set)
    _order: dict[int, int] = field(default_factory=dict)
    _covers: list[tuple[int, Box]] = field(default_factory=list)
    _bars: list[tuple[int, Box]] = field(default_factory=list)

    @property
    def hide_any(self) -> bool:
        """Whether any words may be hidden."""
        return bool(self._invisible or self._covers or self._bars)

    def over(self, box: Box) -> list[Box]:
        """The covers and bars that lie over a part of a box, whatever was drawn first."""
        x0, top, x1, bottom = box
        return [
            other
            for _, other in (*self._covers, *self._bars)
            if other[0] < x1 and x0 < other[2] and other[1] < bottom and top < other[3]
        ]

    def is_invisible(self, drawn_by: int) -> bool:
        """Whether this page object is text that is drawn unseen."""
        return drawn_by in self._invisible

    def hides(self, drawn_by: int, at: Point) -> bool:
        """Whether text of this page object is covered at this point.

        Where a bar of ink is drawn over it, the page becomes doubtful.
        """
        order = self._order.get(drawn_by)
        if order is None:
            return False
        self.is_doubtful |= _is_under(self._bars, order, at)
        return _is_under(self._covers, order, at)


def read_objects(page: Any, placement: Placement) -> PageObjects:
    """All drawn objects of a pypdfium2 page, those inside forms included."""
    found = PageObjects()
    collector = _Collector(found, placement)
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        collector.take(pdfium.FPDFPage_GetObject(page, index), IDENTITY, 0)
    return found


class _Collector:
    """Sorts page objects into what they mean; holds the buffers that pdfium writes to."""

    def __init__(self, found: PageObjects, placement: Placement) -> None:
        self._found = found
        self._placement = placement
        self._sides = tuple(ctypes.c_float() for _ in range(4))
        self._color = tuple(ctypes.c_uint() for _ in range(4))
        self._count = 0

    def take(self, item: Any, matrix: Matrix, depth: int) -> None:
        """Sort in one page object, and those inside it where it is a form."""
        self._count += 1
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._take_text(item)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._take_path(item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._take_picture(item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            inner = _product(_matrix(item), matrix)
            for index in range(pdfium.FPDFFormObj_CountObjects(item)):
                self.take(pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1)

    def _take_text(self, item: Any) -> None:
        identity = ctypes.cast(item, ctypes.c_void_p).value or 0
        self._found._order[identity] = self._count
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        paint = self._fill(item)
        if mode in _UNSEEN_MODES or (
            mode == pdfium.FPDF_TEXTRENDERMODE_FILL and paint in (Fill.WHITE, Fill.CLEAR)
        ):
            self._found._invisible.add(identity)
        elif paint is not Fill.INK or mode != pdfium.FPDF_TEXTRENDERMODE_FILL or is_cut(item):
            self._found.is_doubtful = True

    def _fill(self, item: Any) -> Fill:
        red, green, blue, alpha = self._color
        if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
            return Fill.INK
        if alpha.value < 16:
            return Fill.CLEAR
        if min(red.value, green.value, blue.value) > WHITE:
            return Fill.WHITE
        light = 0.3 * red.value + 0.59 * green.value + 0.11 * blue.value
        return Fill.PALE if light > PALE or alpha.value < HALF else Fill.INK

    def _take_picture(self, item: Any, matrix: Matrix) -> None:
        box = self._bounds(item, matrix)
        self._found.pictures.append(box)
        self._found._covers.append((self._count, box))

    def _take_path(self, item: Any, matrix: Matrix) -> None:
        count = pdfium.FPDFPath_CountSegments(item)
        box = self._bounds(item, matrix)
        if count > MOST_SEGMENTS:
            self._found.marks.append(Mark(box, is_stroked=False))
            return
        width, height = box[2] - box[0], box[3] - box[1]
        if width < THIN or height < THIN:
            if max(width, height) > THIN:
                self._found.rules.append(_line(box))
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if fill.value and not stroke.value:
            self._take_filled(item, box)
        elif stroke.value:
            self._take_stroked(item, matrix, box)

    def _take_filled(self, item: Any, box: Box) -> None:
        fill = self._fill(item)
        if fill is Fill.WHITE:
            self._found._covers.append((self._count, box))
        elif fill is Fill.INK:
            self._found.marks.append(Mark(box, is_stroked=False))
        if fill in (Fill.INK, Fill.PALE) and pdfium.FPDFPath_CountSegments(item) <= SIMPLE_SHAPE:
            self._found._bars.append((self._count, box))

    def _take_stroked(self, item: Any, matrix: Matrix, box: Box) -> None:
        slanted = False
        for start, end in _segments(item, _product(_matrix(item), matrix)):
            if start is None or end is None:
                slanted = True
                continue
            side = self._placement.box(*_corners(start, end))
            if side[2] - side[0] < 0.7 or side[3] - side[1] < 0.7:
                if max(side[2] - side[0], side[3] - side[1]) > THIN:
                    self._found.rules.append(_line(side))
            else:
                slanted = True
        if slanted:
            self._found.marks.append(Mark(box, is_stroked=True))

    def _bounds(self, item: Any, matrix: Matrix) -> Box:
        left, bottom, right, top = self._sides
        if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return 0.0, 0.0, 0.0, 0.0
        if matrix is IDENTITY:
            return self._placement.box(left.value, bottom.value, right.value, top.value)
        corners = [
            _apply(matrix, x, y)
            for x in (left.value, right.value)
            for y in (bottom.value, top.value)
        ]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return self._placement.box(min(xs), min(ys), max(xs), max(ys))


def _is_under(covers: list[tuple[int, Box]], order: int, at: Point) -> bool:
    """Whether something drawn later than `order` lies over the point."""
    return any(later > order and _holds(box, at) for later, box in covers)


def _holds(box: Box, at: Point) -> bool:
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


def _line(box: Box) -> Box:
    """The middle line of a thin box."""
    x0, top, x1, bottom = box
    if x1 - x0 < bottom - top:
        middle = (x0 + x1) / 2
        return middle, top, middle, bottom
    middle = (top + bottom) / 2
    return x0, middle, x1, middle


def _corners(start: tuple[float, float], end: tuple[float, float]) -> Box:
    return (
        min(start[0], end[0]),
        min(start[1], end[1]),
        max(start[0], end[0]),
        max(start[1], end[1]),
    )


def _segments(item: Any, matrix: Matrix) -> Iterator[tuple[Point, Point] | tuple[None, None]]:
    """The straight pieces of a path in user space; (None, None) for a curve."""
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        else:
            yield None, None
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, first
            last = first


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
