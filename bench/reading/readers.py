"""The readers that are measured, each in a process of its own: ours, and what one would pick instead."""

from __future__ import annotations

import io
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pdfplumber
import pytesseract
from PIL import Image

from bench.reading import regex_reader
from connector.certificate.field import Scalar
from connector.certificate.fields import BY_KEY
from connector.certificate.flat import flatten
from connector.documents import pages
from connector.documents.admit import Limits, admit
from connector.errors import NotACertificate
from connector.extraction import whole
from connector.extraction.whole import OCR_DPI

TODAY = date(2026, 11, 25)
"""Values that depend on the day are not scored."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Flat values and what they cost: `seconds` on the clock, `work` of processor time, children
    included, and `peak_megabytes` of this process so far."""

    flat: dict[str, Scalar]
    seconds: float
    work: float
    peak_megabytes: float


def ours(data: bytes) -> Reading:
    """Admitted and read as the service does it, pictures too."""

    def read() -> dict[str, Scalar]:
        document = admit(data, "certificate", Limits())
        try:
            return flatten(whole.read_with_pictures(document).certificates[0], TODAY)
        except NotACertificate:  # refused in a sentence: honest, and nothing of it is known
            return {"unclear_fields": ", ".join(BY_KEY), "needs_review": True}

    return _measured(read)


def text_and_patterns(data: bytes) -> Reading:
    """pdfplumber's text and regular expressions. A picture has no text."""

    def read() -> dict[str, Scalar]:
        if not data.startswith(b"%PDF"):
            return regex_reader.read("")
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return regex_reader.read(pdf.pages[0].extract_text(x_tolerance=1.5))

    return _measured(read)


def page_and_patterns(data: bytes) -> Reading:
    """Tesseract over the whole page's picture (psm 3, one thread) and the same expressions."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    document = admit(data, "certificate", Limits())
    dpi = pages.fitting_dpi(pages.size(document, 1), OCR_DPI)
    picture = Image.fromarray(pages.picture(document, 1, dpi))
    config = "--psm 3 -c preserve_interword_spaces=1"
    return _measured(
        lambda: regex_reader.read(str(pytesseract.image_to_string(picture, config=config)))
    )


def _measured(read: Callable[[], dict[str, Scalar]]) -> Reading:
    started, worked = time.perf_counter(), _work()
    flat = read()
    seconds, work = time.perf_counter() - started, _work() - worked
    return Reading(flat, seconds, work, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _work() -> float:
    """Seconds of processor time of this process and of the programs it has run."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in each)
