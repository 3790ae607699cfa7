"""Everything a reader does to a document, for the tests of hostile ones."""

from __future__ import annotations

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from connector.documents.admit import Limits, admit
from connector.documents.document import DocumentKind
from connector.documents.pages import fitting_dpi, picture, size


def white(height: int, width: int) -> NDArray[np.uint8]:
    return np.full((height, width), 255, np.uint8)


def pages_of(data: bytes) -> int:
    return admit(data, "hostile.pdf", Limits()).page_count


def read_through(data: bytes) -> int:
    """Admit it, draw every page and take the text. Its page count."""
    document = admit(data, "hostile.pdf", Limits())
    for page in range(1, document.page_count + 1):
        picture(document, page, fitting_dpi(size(document, page), 100, 2_000_000))
    if document.kind is DocumentKind.PDF:
        with pypdfium2.PdfDocument(document.data) as opened:
            for number in range(len(opened)):
                opened[number].get_textpage().get_text_bounded()
    return document.page_count
