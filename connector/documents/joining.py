"""Several documents as one PDF. For a child process of the quarantine: what is joined is hostile."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack

import pikepdf
from PIL import Image, ImageSequence

from connector.documents.admit import Limits, what_to_send
from connector.documents.image import opened
from connector.documents.pdf import open_pdf
from connector.documents.sniff import IMAGES, Sniffed, sniff
from connector.errors import NotAPdf

SCAN_DPI = 150
"""What a picture without a resolution of its own is laid out by."""


def join(parts: Sequence[bytes], limits: Limits) -> bytes:
    """The parts as one PDF, in their order. Raises DocumentRefused and its children.

    The last part is what the others are put in front of: so a form that is filled in keeps its
    fields, whose values nobody would see without them.
    """
    with ExitStack() as opened_ones:
        pdfs = [opened_ones.enter_context(_as_pdf(part, limits)) for part in parts]
        *before, whole = pdfs
        place = 0
        for pdf in before:
            for page in pdf.pages:
                whole.pages.insert(place, page)
                place += 1
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()


def _as_pdf(data: bytes, limits: Limits) -> pikepdf.Pdf:
    kind = sniff(data)
    if kind is Sniffed.PDF:
        return open_pdf(data, limits.pages, limits.pixels)
    if kind in IMAGES:
        return open_pdf(_picture_pages(data), limits.pages, limits.pixels)
    raise NotAPdf(what_to_send(kind))


def _picture_pages(data: bytes) -> bytes:
    out = io.BytesIO()
    with opened(data) as picture:
        first, *others = [_plain(frame) for frame in ImageSequence.Iterator(picture)]
        first.save(out, "PDF", resolution=SCAN_DPI, save_all=True, append_images=others)
    return out.getvalue()


def _plain(frame: Image.Image) -> Image.Image:
    return frame.convert("L" if frame.mode in ("1", "L") else "RGB")
