"""An image-only page -> what stands in the cells of its form."""

from __future__ import annotations

import cv2
import numpy as np

from connector.certificate.entry import Source
from connector.extraction import editions
from connector.extraction.ocr import readers as engines
from connector.extraction.ocr import registration, rules
from connector.extraction.ocr.cells import prepare
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.paper import Gray, even
from connector.extraction.ocr.perspective import Matrix, rectification
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.registered import read_cells
from connector.extraction.ocr.registration import Placement
from connector.extraction.ocr.sheet import lay_flat
from connector.extraction.reading import PageReading

_LOW_SIDE = 1650
"""Pixels of the longer side while the form is looked for: 150 dots an inch on letter paper."""

_LOW_SCALE = 150 / 72


def read_page(picture: Gray, dpi: float, page: int) -> PageReading:
    """Read one page from its picture (8-bit grey, as a person holds it or turned by quarters).

    `dpi` is the picture's resolution, for evidence in page points; `page` is 1-based.
    """
    readers = engines.loaded()
    if readers is None:
        return PageReading(page, Source.OCR, None, doubt="No reader for pictures is installed.")
    cv2.setNumThreads(1)
    placed = _placed(picture)
    if placed is None:
        return PageReading(page, Source.OCR, None, doubt="The page is no form that we know.")
    return _read_form(picture, dpi, page, placed, readers)


def _placed(picture: Gray) -> tuple[Placement, Matrix] | None:
    """The best placement and the matrix from the form's points to the picture's pixels."""
    shrink = _LOW_SIDE / max(picture.shape)
    low = even(_resized(picture, shrink))
    upright = rectification(low)
    flat = cv2.warpPerspective(low, upright, low.shape[::-1], borderValue=255)
    found = registration.place(
        rules.find(np.asarray(flat, dtype=np.uint8), _LOW_SCALE), editions.all(), _LOW_SCALE
    )
    if not found:
        return None
    best = found[0]
    to_low = np.linalg.inv(upright) @ best.matrix
    return best, np.diag([1 / shrink, 1 / shrink, 1.0]) @ to_low


def _resized(picture: Gray, factor: float) -> Gray:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _read_form(
    picture: Gray,
    dpi: float,
    page: int,
    placed: tuple[Placement, Matrix],
    readers: Readers,
) -> PageReading:
    placement, to_picture = placed
    edition = placement.edition
    sheet = lay_flat(picture, to_picture, edition.page, dpi)
    erased, _ = erase(sheet.gray, edition.rules)
    prepared = prepare(sheet.gray, erased, edition.labels)
    cells = read_cells(prepared, sheet, list(edition.cells.values()), readers, page)
    return PageReading(page, Source.OCR, edition, cells)
