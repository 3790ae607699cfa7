"""The compliance report as a PDF to hand over: letter size, a header and a number on each page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from textwrap import wrap

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from connector.spreadsheets import printable
from connector.web.pages.report_rows import Covered, Report, VendorReport
from connector.web.pages.words import day, dollars

PLAIN, BOLD = "Vera", "VeraBd"
MARGIN, LEADING, SIZE = 40, 12, 8
COLUMNS = (0, 118, 220, 274, 328, 392, 456)
"""Where the columns begin, in points from the margin."""
HEADINGS = ("Coverage", "Policy", "Effective", "Expires", "Limit", "Aggregate", "Certificate")
LETTERS_ACROSS = 112
CLOSING = (
    "Read from certificates of insurance. A certificate informs; it does not amend, extend or "
    "alter the coverage of a policy."
)

Line = tuple[str, Sequence[tuple[float, str]]]
"""One line of text: its font, and what stands where."""


def pdf(found: Report, office: str) -> bytes:
    """The report as the office hands it out."""
    _load_fonts()
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=letter, pageCompression=1)
    canvas.setTitle(f"Insurance compliance report, {found.project or 'all projects'}")
    canvas.setAuthor(_plain(office))
    sheet = _Sheet(canvas, found, office)
    for vendor in found.vendors:
        sheet.write(list(_lines(vendor)))
    sheet.end()
    return into.getvalue()


class _Sheet:
    """The page being written, from the top down."""

    def __init__(self, canvas: Canvas, found: Report, office: str) -> None:
        self.canvas, self.found, self.office = canvas, found, office
        self.width, self.height = letter
        self.y, self.is_begun = 0.0, False
        self._begin()

    def write(self, lines: list[Line]) -> None:
        """One vendor; on a new page when it does not fit on this one."""
        room = self.y - MARGIN - LEADING
        if len(lines) * LEADING > room and self.is_begun:
            self._turn()
        for font, pieces in lines:
            if self.y < MARGIN + 2 * LEADING:
                self._turn()
            self._text(font, pieces)
        self.is_begun = True
        self.y -= LEADING / 2

    def end(self) -> None:
        self._footer()
        self.canvas.save()

    def _begin(self) -> None:
        self.y, self.is_begun = self.height - MARGIN, False
        self.canvas.setFont(BOLD, 13)
        self.canvas.drawString(MARGIN, self.y, "Insurance compliance report")
        self.y -= 18
        about = (
            f"{self.office}   ·   {self.found.project or 'All projects'}   ·   {self.found.summary}"
        )
        self._text(PLAIN, [(0, _plain(about))])
        self._text(BOLD, list(zip(COLUMNS, HEADINGS, strict=True)))
        self.canvas.setLineWidth(0.5)
        self.canvas.line(MARGIN, self.y + 8, self.width - MARGIN, self.y + 8)
        self.y -= 4

    def _text(self, font: str, pieces: Sequence[tuple[float, str]]) -> None:
        self.canvas.setFont(font, SIZE)
        for x, text in pieces:
            self.canvas.drawString(MARGIN + x, self.y, text)
        self.y -= LEADING

    def _turn(self) -> None:
        self._footer()
        self.canvas.showPage()
        self._begin()

    def _footer(self) -> None:
        self.canvas.setFont(PLAIN, 7)
        self.canvas.drawString(MARGIN, MARGIN - 12, CLOSING)
        number = f"Page {self.canvas.getPageNumber()}"
        self.canvas.drawRightString(self.width - MARGIN, MARGIN - 12, number)


def _lines(vendor: VendorReport) -> Iterator[Line]:
    row = vendor.row
    name = " · ".join(part for part in (row.name, row.number, row.trade) if part)
    yield BOLD, [(0, _short(name, 70)), (COLUMNS[-2], vendor.stands)]
    for covered in vendor.lines:
        yield PLAIN, list(zip(COLUMNS, _cells(covered), strict=True))
    if not vendor.lines:
        yield PLAIN, [(0, "No coverage is on file.")]
    for title, sentences in (("Missing", vendor.missing), ("Waived", vendor.waived)):
        for sentence in sentences:
            for text in wrap(f"{title}: {_plain(sentence)}", LETTERS_ACROSS):
                yield PLAIN, [(8, text)]


def _cells(covered: Covered) -> tuple[str, ...]:
    line = covered.line
    return (
        covered.name + (" (in doubt)" if line.is_unclear else ""),
        _short(line.policy_number or "", 18),
        day(line.effective_date),
        day(line.expiration_date),
        dollars(line.limit),
        dollars(line.aggregate),
        line.certificate_id.removeprefix("cert_"),
    )


def _short(text: str, most: int) -> str:
    plain = _plain(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _plain(text: str) -> str:
    return " ".join(str(printable(text)).split())


@cache
def _load_fonts() -> None:
    """Fonts that come with the library, so that the file shows the same everywhere."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
