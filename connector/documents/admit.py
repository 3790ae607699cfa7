"""The door for documents: bytes of anyone's making become a `Document`, or are refused by name.

What is opened here is hostile until shown otherwise: run `admit` in a child process
(`quarantine.py`), where time and memory are bounded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from connector.documents.document import Document, DocumentKind
from connector.documents.image import count_frames
from connector.documents.name import clean_name
from connector.documents.pdf import open_pdf, repaired
from connector.documents.sniff import IMAGES, Sniffed, sniff
from connector.errors import DamagedFile, EmptyFile, NotAPdf, TooLarge

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may be at most: bytes, pages, and pixels of one picture or drawn page."""

    bytes: int = 25 * MEGABYTE
    pages: int = 100
    pixels: int = 80_000_000


def admit(data: bytes, name: str, limits: Limits) -> Document:
    """The document that `data` holds.

    Raises EmptyFile, NotAPdf (saying what it is instead), EncryptedFile, DamagedFile, TooLarge.
    """
    if len(data) > limits.bytes:
        raise TooLarge(_too_many_bytes(len(data), limits.bytes))
    kind = sniff(data)
    if kind is Sniffed.EMPTY:
        raise EmptyFile("The file is empty. Attach it again; the first upload may have failed.")
    if kind is Sniffed.PDF:
        return _admit_pdf(data, clean_name(name), limits)
    if kind in IMAGES:
        pages = count_frames(data, limits.pages, limits.pixels)
        return Document(data, clean_name(name), _digest(data), pages, DocumentKind.IMAGE)
    raise NotAPdf(what_to_send(kind))


def _admit_pdf(data: bytes, name: str, limits: Limits) -> Document:
    try:
        pdf = open_pdf(data, limits.pages, limits.pixels)
    except DamagedFile:
        inside = sniff(data.replace(b"%PDF-", b""))
        if inside in (Sniffed.WEB_PAGE, Sniffed.EMAIL):
            raise NotAPdf(what_to_send(inside)) from None
        raise
    with pdf:
        pages, mended = len(pdf.pages), repaired(pdf, data)
        layers = "/OCProperties" in pdf.Root
    if mended is None:
        return Document(data, name, _digest(data), pages, DocumentKind.PDF, has_layers=layers)
    return Document(mended, name, _digest(data), pages, DocumentKind.PDF, data, layers)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _too_many_bytes(size: int, limit: int) -> str:
    return (
        f"The file has {size / MEGABYTE:.1f} MB; {limit // MEGABYTE} MB is the limit. "
        "Send only the certificate's pages, or scan them at 300 dpi in black and white."
    )


_ADVICE: dict[Sniffed, str] = {
    Sniffed.WEB_PAGE: "The link probably leads to a login or preview page: use a direct download link.",
    Sniffed.ZIP: "Unpack it and send the certificate itself.",
    Sniffed.ARCHIVE: "Unpack it and send the certificate itself.",
    Sniffed.WORD: "Save it as PDF and send that.",
    Sniffed.EXCEL: "Save it as PDF and send that.",
    Sniffed.POWERPOINT: "Save it as PDF and send that.",
    Sniffed.OLD_OFFICE: "Save it as PDF and send that.",
    Sniffed.RTF: "Save it as PDF and send that.",
    Sniffed.EMAIL: "Send the attached certificate, not the mail around it.",
    Sniffed.OUTLOOK: "Send the attached certificate, not the mail around it.",
}


def what_to_send(kind: Sniffed) -> str:
    """The sentence for a file that is something else."""
    advice = _ADVICE.get(kind, "Send the certificate as PDF, JPEG, PNG or TIFF.")
    return f"The file is {kind}, not a PDF. {advice}"
