"""From bytes to certificates: what a child process of the quarantine is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connector.certificate.entry import Box
from connector.certificate.model import Certificate
from connector.documents import pages
from connector.documents.admit import Limits, admit
from connector.documents.cut_out import cut_out, page_picture
from connector.documents.document import Document
from connector.extraction.picture import draw
from connector.extraction.reader import Found, Readers, read_all
from connector.extraction.reading import PageReading

OCR_DPI = 300.0
"""What scanners make; a photo or a fax gains nothing from more, and loses nothing by it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An admitted document, read as far as it goes quickly.

    `found` is None when a page is a picture, whose reading takes seconds.
    """

    document: Document
    found: Found | None


class _PictureMet(Exception):
    """A page has to be read as a picture."""


def open_document(data: bytes, name: str, limits: Limits) -> Opened:
    """Admit and read what can be read without pictures. Raises DocumentRefused and its children."""
    document = admit(data, name, limits)
    try:
        return Opened(document, read_all(document, Readers(ocr=_not_now)))
    except _PictureMet:
        return Opened(document, None)


def read_with_pictures(document: Document) -> Found:
    """Every page read, pictures too. NotACertificate when nothing of the kind is in it."""
    return read_all(document, Readers(ocr=_as_picture))


class View(StrEnum):
    """How much of a page is shown: all of it, or what stands around a value."""

    PAGE = "page"
    VALUE = "value"
    NARROW_VALUE = "narrow_value"


def show(data: bytes, name: str, limits: Limits, page: int, box: Box | None, view: View) -> bytes:
    """A PNG of a page for a browser, the box outlined; without one always the whole page."""
    document = admit(data, name, limits)
    if view is View.PAGE or box is None:
        return page_picture(document, page, box)
    return cut_out(document, page, box, narrow=view is View.NARROW_VALUE)


def show_values(document: Document, certificate: Certificate) -> bytes:
    """A PNG of the certificate's page with every value outlined where it was read."""
    return draw(document, certificate)


def picture_readers() -> str:
    """Which readers of pictures this machine has, in a sentence."""
    from connector.extraction.ocr.availability import available  # noqa: PLC0415

    return available().sentence


def _not_now(document: Document, number: int) -> PageReading | None:
    raise _PictureMet


def _as_picture(document: Document, number: int) -> PageReading | None:
    from connector.extraction.ocr.pages import read_page  # noqa: PLC0415 - its models are large

    dpi = pages.fitting_dpi(pages.size(document, number), OCR_DPI)
    return read_page(pages.picture(document, number, dpi), dpi, number)
