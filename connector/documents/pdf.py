"""Opening a PDF of anyone's making: is it whole, open, and of a size that can be read?"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2

from connector.errors import DamagedFile, EncryptedFile, TooLarge

NESTED_FORMS = 8
"""How deep drawings inside drawings are looked into for pictures."""

LONGEST_SIDE = 14_400
"""Points: the largest page the PDF format allows (ISO 32000-1, annex C)."""

DAMAGED = (
    "The file is damaged and could not be repaired. Ask the producer to send it again, "
    "or print it to a new PDF."
)

CUT_OFF = (
    "The file is cut off: a part of it is missing, and with it perhaps a page. Download or save it "
    "again, or ask the producer to send it once more."
)

_REFERENCE = re.compile(rb"(?<![\d.])(\d{1,8})[ \r\n\t]+\d{1,5}[ \r\n\t]+R\b")
_BEGINNING = re.compile(rb"(?<!\d)\d{1,8}[ \r\n\t]+\d{1,5}[ \r\n\t]+obj\b")


def open_pdf(data: bytes, most_pages: int, most_pixels: int) -> pikepdf.Pdf:
    """The opened PDF, mended where qpdf could; the caller closes it.

    Raises EncryptedFile, DamagedFile, TooLarge. A file that only restricts printing or editing
    (owner password, empty user password) opens like any other.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise EncryptedFile(
            "The file is password-protected. Ask the producer for an unlocked copy."
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError) as why:
        if "encrypt" in str(why).lower():
            raise EncryptedFile(
                "The file is encrypted in a way we cannot open. Ask for an unlocked copy."
            ) from None
        raise DamagedFile(DAMAGED) from why
    try:
        if _is_cut_off(pdf, data):
            raise DamagedFile(CUT_OFF)
        _check_size(pdf, most_pages, most_pixels)
    except BaseException:
        pdf.close()
        raise
    return pdf


def _is_cut_off(pdf: pikepdf.Pdf, data: bytes) -> bool:
    """Whether something was lost that qpdf could not find again.

    qpdf mends a file without its table of contents from what is there, and a page whose content is
    gone becomes an empty one: a notice of cancellation at the end would vanish without a word. So
    a file that was mended must be whole: its last object ends, and every object that is referred
    to exists. A table alone that is wrong or missing loses nothing.
    """
    if not any("reconstruct" in str(warning) for warning in pdf.get_warnings()):
        return False
    begun = [found.start() for found in _BEGINNING.finditer(data)]
    if begun and data.rfind(b"endobj") < begun[-1]:
        return True
    try:
        there = {each.objgen[0] for each in pdf.objects if each is not None}
        packed = [each.read_bytes() for each in pdf.objects if _is_object_stream(each)]
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return True
    named = {int(found[1]) for part in (data, *packed) for found in _REFERENCE.finditer(part)}
    return not named <= there


def _is_object_stream(each: object) -> bool:
    return isinstance(each, pikepdf.Stream) and each.get("/Type") == "/ObjStm"


def _check_size(pdf: pikepdf.Pdf, most_pages: int, most_pixels: int) -> None:
    try:
        claimed = int(pdf.Root.Pages.get("/Count", 0))
        count = claimed if claimed > most_pages else len(pdf.pages)
        if count > most_pages:
            raise TooLarge(too_many_pages(count, most_pages))
        if not count:
            raise DamagedFile("The file has no pages. Ask the producer to send it again.")
        for page in pdf.pages:
            _check_page(page, most_pixels)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RuntimeError) as why:
        raise DamagedFile(DAMAGED) from why


def too_many_pages(count: int, limit: int) -> str:
    return f"The file has {count} pages; {limit} is the limit. Send only the certificate's pages."


def too_many_pixels(width: float, height: float) -> str:
    return (
        f"A picture in the file is {width:,.0f} by {height:,.0f} pixels, too large to read. "
        "Scan the page at 300 dpi and send that."
    )


def _check_page(page: pikepdf.Page, most_pixels: int) -> None:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    if abs(right - left) > LONGEST_SIDE or abs(top - bottom) > LONGEST_SIDE:
        raise TooLarge("A page of the file is larger than five meters. Send it on letter paper.")
    for width, height in _picture_sizes(page.obj.get("/Resources"), NESTED_FORMS):
        if width * height > most_pixels:
            raise TooLarge(too_many_pixels(width, height))


def _picture_sizes(resources: object, depth: int) -> Iterator[tuple[int, int]]:
    """Width and height in pixels of every picture that the resources name."""
    if not isinstance(resources, pikepdf.Dictionary) or depth == 0:
        return
    drawings = resources.get("/XObject")
    if not isinstance(drawings, pikepdf.Dictionary):
        return
    for _, drawing in drawings.items():
        if not isinstance(drawing, pikepdf.Stream):
            continue
        if drawing.get("/Subtype") == "/Image":
            yield int(drawing.get("/Width", 0)), int(drawing.get("/Height", 0))
        else:
            yield from _picture_sizes(drawing.get("/Resources"), depth - 1)


def repaired(pdf: pikepdf.Pdf, data: bytes) -> bytes | None:
    """A clean copy of the PDF if pdfium cannot read the bytes as they are, else None."""
    if _pages_by_pdfium(data) == len(pdf.pages):
        return None
    mended = io.BytesIO()
    try:
        pdf.save(mended)
    except (pikepdf.PdfError, RuntimeError) as why:
        raise DamagedFile(DAMAGED) from why
    if _pages_by_pdfium(mended.getvalue()) != len(pdf.pages):
        raise DamagedFile(DAMAGED)
    return mended.getvalue()


def _pages_by_pdfium(data: bytes) -> int:
    """How many pages pdfium finds; 0 when it cannot open the file."""
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            return len(pdf)
    except pypdfium2.PdfiumError:
        return 0
