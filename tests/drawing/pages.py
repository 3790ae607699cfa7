"""The other pages that come with certificates, in our own drawing and without anybody's wording."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from demo.endorsements import Endorsement, draw_endorsement
from demo.page import canvas_of
from demo.sheet import Sheet, Style

Page: TypeAlias = Callable[[Canvas], None]
"""Draws one page; whoever calls it ends the page."""

LEFT, RIGHT = 54.0, 558.0
FILLER = Style().filler


def pdf_of_pages(pages: Sequence[Page]) -> bytes:
    """These pages as one PDF with a text layer."""
    into = io.BytesIO()
    canvas = canvas_of(LETTER, into)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def _paragraphs(canvas: Canvas, y: float, texts: Sequence[str], size: float = 10) -> float:
    """Running text from `y` down; answers where it ends."""
    canvas.setFont("Helvetica", size)
    for text in texts:
        for line in simpleSplit(text, "Helvetica", size, RIGHT - LEFT) or [""]:
            canvas.drawString(LEFT, y, line)
            y -= size * 1.35
        y -= size * 0.6
    return y


def _title(canvas: Canvas, y: float, text: str) -> None:
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawCentredString((LEFT + RIGHT) / 2, y, text)


def _box(canvas: Canvas, area: tuple[float, float, float, float], label: str, text: str) -> None:
    """A ruled box (x, y of its lower left, width, height) with a label above its text."""
    x, y, width, height = area
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, width, height)
    canvas.setFont("Helvetica-Bold", 6)
    canvas.drawString(x + 3, y + height - 8, label)
    canvas.setFont("Helvetica", 8.5)
    for number, line in enumerate(text.split("\n")):
        canvas.drawString(x + 4, y + height - 19 - number * 10, line)


def cover_letter(sheet: Sheet) -> Page:
    """A producer's letter on top of a packet; it repeats names and a date, but certifies nothing."""

    def draw(canvas: Canvas) -> None:
        producer, insured = sheet.parties["producer"], sheet.parties["insured"]
        holder = sheet.parties["certificate_holder"]
        _paragraphs(
            canvas,
            730,
            [
                *producer.lines,
                f"Date: {sheet.cells['certificate_date']}",
                f"To: {holder.name}",
                f"Re: {insured.name}",
                "Attached please find the certificate of insurance that you asked for, and the endorsements.",
                f"Please call {sheet.cells['producer_phone']} with any question.",
                "Sincerely,",
                sheet.cells["producer_contact_name"],
            ],
        )

    return draw


def endorsement(page: Endorsement) -> Page:
    return lambda canvas: draw_endorsement(canvas, page, Style())


@dataclass(frozen=True, slots=True)
class Remarks:
    """A continuation page: what it continues, and its text."""

    text: str
    continues: str = "ACORD 25"
    policy_number: str = ""


def remarks_schedule(sheet: Sheet, remarks: Remarks) -> Page:
    """ADDITIONAL REMARKS SCHEDULE, the continuation of the description."""

    def draw(canvas: Canvas) -> None:
        _title(canvas, 716, "ADDITIONAL REMARKS SCHEDULE")
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(380, 750, "AGENCY CUSTOMER ID:")
        canvas.drawString(500, 716, "Page 1 of 1")
        _box(canvas, (18, 680, 288, 26), "AGENCY", sheet.parties["producer"].name)
        _box(canvas, (18, 654, 288, 26), "POLICY NUMBER", remarks.policy_number)
        _box(canvas, (18, 628, 240, 26), "CARRIER", sheet.cells.get("insurer_a_name", ""))
        _box(canvas, (258, 628, 48, 26), "NAIC CODE", sheet.cells.get("insurer_a_naic", ""))
        _box(canvas, (306, 654, 288, 52), "NAMED INSURED", sheet.parties["insured"].name)
        _box(canvas, (306, 628, 288, 26), "EFFECTIVE DATE:", "")
        canvas.rect(18, 60, 576, 560)
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(22, 608, "ADDITIONAL REMARKS")
        number = remarks.continues.removeprefix("ACORD ")
        canvas.drawString(
            22, 592, f"FORM NUMBER:  {number}    FORM TITLE:  Certificate of Liability Insurance"
        )
        canvas.line(18, 586, 594, 586)
        canvas.setFont("Helvetica", 8.5)
        for row, line in enumerate(remarks.text.split("\n")):
            canvas.drawString(22, 574 - 11 * row, line)
        canvas.setFont("Helvetica-Bold", 8.4)
        canvas.drawString(21.6, 46, "ACORD 101 (2008/01)")

    return draw


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What an insurer's notice says; days as printed."""

    insurer: str
    insured: str
    policy_number: str
    mailed_on: str
    ends_on: str
    kind: str = "General liability"
    reason: str = "Nonpayment of premium"


def cancellation_notice(notice: Cancellation) -> Page:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(LEFT, 740, notice.insurer)
        _title(canvas, 690, "NOTICE OF CANCELLATION OF INSURANCE")
        y = _paragraphs(
            canvas,
            650,
            [
                f"Date mailed: {notice.mailed_on}",
                f"Named insured: {notice.insured}",
                f"Policy number: {notice.policy_number}",
                f"Type of policy: {notice.kind}",
                f"Effective date of cancellation: {notice.ends_on}, 12:01 a.m.",
                f"Reason for cancellation: {notice.reason}",
            ],
        )
        _paragraphs(canvas, y - 12, [FILLER])

    return draw


PROPERTY_FORMS = {
    "ACORD 24": ("CERTIFICATE OF PROPERTY INSURANCE", "2016/03"),
    "ACORD 27": ("EVIDENCE OF PROPERTY INSURANCE", "2016/03"),
    "ACORD 28": ("EVIDENCE OF COMMERCIAL PROPERTY INSURANCE", "2016/03"),
}


@dataclass(frozen=True, slots=True)
class Property:
    """The policy that a property form shows; days as printed."""

    form: str
    policy_number: str
    effective: str
    expiration: str
    insurer: str
    amount: str = "2,500,000"


def property_form(sheet: Sheet, shown: Property) -> Page:
    """ACORD 24, 27 or 28: property, so never a liability certificate."""
    title, edition = PROPERTY_FORMS[shown.form]

    def draw(canvas: Canvas) -> None:
        _title(canvas, 744, title)
        _box(canvas, (508, 760, 86, 24), "DATE (MM/DD/YYYY)", sheet.cells["certificate_date"])
        _box(
            canvas,
            (18, 640, 288, 80),
            _agency_label(shown.form),
            "\n".join(sheet.parties["producer"].lines),
        )
        _box(
            canvas,
            (306, 640, 288, 80),
            "COMPANY" if shown.form != "ACORD 24" else "INSURER A :",
            shown.insurer,
        )
        _box(canvas, (18, 570, 288, 70), "INSURED", "\n".join(sheet.parties["insured"].lines))
        _box(canvas, (306, 605, 288, 35), "POLICY NUMBER", shown.policy_number)
        _box(canvas, (306, 570, 144, 35), "EFFECTIVE DATE", shown.effective)
        _box(canvas, (450, 570, 144, 35), "EXPIRATION DATE", shown.expiration)
        _box(canvas, (18, 500, 576, 60), "PROPERTY INFORMATION", "Building at 900 Commerce Drive")
        _box(
            canvas,
            (18, 420, 440, 80),
            "COVERAGE INFORMATION",
            "Building and contents, special causes of loss",
        )
        _box(canvas, (458, 420, 136, 80), "AMOUNT OF INSURANCE", shown.amount)
        holder = "\n".join(sheet.parties["certificate_holder"].lines)
        _box(
            canvas,
            (18, 120, 288, 80),
            "CERTIFICATE HOLDER" if shown.form == "ACORD 24" else "ADDITIONAL INTEREST",
            holder,
        )
        _box(
            canvas,
            (306, 120, 288, 80),
            "AUTHORIZED REPRESENTATIVE",
            sheet.cells.get("signature", ""),
        )
        _paragraphs(canvas, 390, [FILLER], 8)
        canvas.setFont("Helvetica-Bold", 8.4)
        canvas.drawString(21.6, 46, f"{shown.form} ({edition})")

    return draw


def _agency_label(form: str) -> str:
    return "PRODUCER" if form == "ACORD 24" else "AGENCY"


def new_york_addendum(sheet: Sheet) -> Page:
    """ACORD 855: what a New York certificate adds; never a certificate of its own."""

    def draw(canvas: Canvas) -> None:
        _title(canvas, 744, "NEW YORK CONSTRUCTION CERTIFICATE OF LIABILITY INSURANCE ADDENDUM")
        _box(canvas, (18, 660, 288, 60), "AGENCY", "\n".join(sheet.parties["producer"].lines[:3]))
        _box(canvas, (306, 660, 288, 60), "NAMED INSURED(S)", sheet.parties["insured"].name)
        number = sheet.cells.get("general_liability_policy_number", "")
        _box(canvas, (18, 626, 288, 34), "POLICY NUMBER", number)
        rows = [
            "A. Admitted insurer: Yes",
            "B. Form of general liability: ISO",
            "C. Exclusions: none shown",
        ]
        _paragraphs(canvas, 600, [*rows, FILLER], 9)
        canvas.setFont("Helvetica-Bold", 8.4)
        canvas.drawString(21.6, 46, "ACORD 855 (2014/05)")

    return draw
