"""Packets: a certificate with what else stands in the same file, and what that proves."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pikepdf
from PIL import Image

from connector.certificate.field import Scalar
from demo.endorsements import Endorsement
from tests.drawing import wear
from tests.drawing.editions import expected_on
from tests.drawing.makes import draw
from tests.drawing.pages import (
    Page,
    Remarks,
    cover_letter,
    endorsement,
    pdf_of_pages,
    remarks_schedule,
)
from tests.drawing.picture import pdf_of, picture, tiff_of
from tests.drawing.truth import Truth
from tests.drawing.values import made_up
from tests.drawing.wording import NEUTRAL


@dataclass(frozen=True, slots=True)
class KnownForm:
    """An endorsement form: number, an edition, our own title, and the key that it is evidence for."""

    number: str
    edition: str
    title: str
    line: str
    evidences: str | None

    @property
    def name(self) -> str:
        return f"{self.number} {self.edition}".strip()

    def printed(self, rng: Random) -> str:
        """The name as one of the carriers prints it at the foot of the page."""
        month, year = self.edition.split()
        if self.number.startswith("WC"):
            return rng.choice((self.name, f"{self.number} (Ed. {int(month)}-{year})"))
        closed = self.number.replace(" ", "")
        return rng.choice(
            (
                self.name,
                self.name,
                f"{self.number} ({month}-{year})",
                f"{self.number} {month}/{year}",
                f"{closed} {month}{year}",
                f"{self.number} (Ed. {month} {year})",
            )
        )

    @property
    def key(self) -> str | None:
        return f"{self.line}_{self.evidences}_endorsement" if self.evidences else None


NAMING = ("additional_insured", "completed_operations")
"""What the forms are evidence for whose schedule names additional insureds."""

GENERAL, AUTO, WORKERS = "general_liability", "auto_liability", "workers_compensation"
KNOWN_FORMS = tuple(
    KnownForm(*row)
    for row in (
        ("CG 20 10", "12 19", "Additional insured: ongoing operations", GENERAL, "additional_insured"),
        ("CG 20 10", "04 13", "Additional insured: ongoing operations", GENERAL, "additional_insured"),
        ("CG 20 10", "07 04", "Additional insured: ongoing operations", GENERAL, "additional_insured"),
        ("CG 20 37", "12 19", "Additional insured: completed operations", GENERAL, "completed_operations"),
        ("CG 20 37", "07 04", "Additional insured: completed operations", GENERAL, "completed_operations"),
        ("CG 20 01", "12 19", "Primary and noncontributory", GENERAL, "primary_and_noncontributory"),
        ("CG 24 04", "05 09", "Waiver of rights of recovery", GENERAL, "waiver_of_subrogation"),
        ("CG 25 03", "05 09", "General aggregate for each project", GENERAL, "per_project_aggregate"),
        ("CA 20 48", "10 13", "Designated insured", AUTO, "additional_insured"),
        ("CA 04 44", "10 13", "Waiver of rights of recovery, autos", AUTO, "waiver_of_subrogation"),
        ("CA 04 49", "11 16", "Primary and noncontributory, autos", AUTO, "primary_and_noncontributory"),
        ("WC 00 03 13", "04 84", "Waiver of our right to recover", WORKERS, "waiver_of_subrogation"),
        ("CG 21 39", "10 93", "Contractual liability limitation", GENERAL, None),
        ("CG 22 94", "10 01", "Damage to work performed by subcontractors", GENERAL, None),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packet:
    """A document of several pages and what its first certificate must answer.

    `kinds` names each page: letter, certificate, endorsement, continuation.
    """

    document: bytes
    kinds: tuple[str, ...]
    truth: Truth
    expected: dict[str, Scalar]


def joined(*documents: bytes) -> bytes:
    """These PDFs one after the other."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for document in documents:
            with pikepdf.open(io.BytesIO(document)) as part:
                whole.pages.extend(part.pages)
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def made_up_packet(seed: int, make: str = "text", edition: str = "2016/03") -> Packet:
    """A letter (sometimes), a certificate and one to five endorsement pages for its policies."""
    rng, truth = Random(f"packet {seed}"), made_up(seed)
    letter = [cover_letter(truth.sheet)] if rng.random() < 0.5 else []
    forms = chosen_forms(rng, truth)
    pages = [endorsement(page_for(form, truth, form.printed(rng))) for form in forms]
    parts = [*_as_pdf(letter), draw(truth, edition, make), *_as_pdf(pages)]
    before = len(letter) + 1
    return Packet(
        document=joined(*parts),
        kinds=("letter",) * len(letter) + ("certificate",) + ("endorsement",) * len(pages),
        truth=truth,
        expected={**expected_on(truth, edition), **evidence_of(forms, truth, before)},
    )


def continued_packet(seed: int, make: str = "text", edition: str = "2016/03") -> Packet:
    """A certificate whose description goes on on an ADDITIONAL REMARKS SCHEDULE behind it."""
    rng, truth = Random(f"continued {seed}"), made_up(seed)
    face = str(truth.expected["description_of_operations"] or "See attached remarks.")
    cells = {**truth.sheet.cells, "description_of_operations": face}
    truth = replace(truth, sheet=replace(truth.sheet, cells=cells))
    more = "\n".join(sentence.text for sentence in rng.sample(NEUTRAL, k=3))
    page = remarks_schedule(truth.sheet, Remarks(more))
    return Packet(
        document=joined(draw(truth, edition, make), pdf_of_pages([page])),
        kinds=("certificate", "continuation"),
        truth=truth,
        expected={
            **expected_on(truth, edition),
            "description_of_operations": f"{face}\n{more}",
        },
    )


def two_certificates(seed: int, edition: str = "2016/03") -> bytes:
    """Two certificates of different insureds in one file."""
    return joined(*(draw(made_up(each), edition) for each in (seed, seed + 1)))


def _as_pdf(pages: list[Page]) -> list[bytes]:
    return [pdf_of_pages(pages)] if pages else []


def chosen_forms(rng: Random, truth: Truth) -> list[KnownForm]:
    """Forms of the lines that are there, each number once."""
    fitting = [form for form in KNOWN_FORMS if truth.expected[f"{form.line}_policy_number"]]
    chosen = {form.number: form for form in rng.sample(fitting, k=min(len(fitting), 5))}
    return list(chosen.values())


def page_for(form: KnownForm, truth: Truth, printed: str | None = None) -> Endorsement:
    """The form's page with the line's policy number and the holder in its schedule."""
    holder = truth.sheet.parties["certificate_holder"].name
    return Endorsement(
        form=printed or form.name,
        title=form.title,
        policy_number=str(truth.expected[f"{form.line}_policy_number"]),
        named_insured=truth.sheet.parties["insured"].name,
        schedule=(("Name of person(s) or organization(s):", holder),),
    )


def evidence_of(
    forms: Iterable[KnownForm], truth: Truth, first_page_before: int
) -> dict[str, Scalar]:
    """What these endorsement pages prove; they stand behind page `first_page_before`."""
    listed = list(forms)
    found: dict[str, Scalar] = {form.key: "evidenced" for form in listed if form.key}
    found["endorsement_forms"] = ", ".join(form.name for form in listed) or None
    if any(form.evidences in NAMING for form in listed):
        found["additional_insured_names"] = truth.sheet.parties["certificate_holder"].name
    pages = (f"{form.name}: {first_page_before + n}" for n, form in enumerate(listed, 1))
    found["endorsement_pages"] = ", ".join(pages) or None
    return found


def scanned(document: bytes, seed: int, dpi: int = 200) -> bytes:
    """The whole packet put through an office scanner."""
    return pdf_of(_worn(document, seed, dpi), (dpi, dpi))


def as_tiff(document: bytes, seed: int, dpi: int = 200) -> bytes:
    """The whole packet as a fax server stores it: a TIFF of several black-and-white pages."""
    return tiff_of(_worn(document, seed, dpi), dpi)


def _worn(document: bytes, seed: int, dpi: int) -> list[Image.Image]:
    rng = np.random.default_rng([seed, 7])
    with pikepdf.open(io.BytesIO(document)) as opened:
        count = len(opened.pages)
    return [wear.scanned(picture(document, dpi, page), rng) for page in range(count)]
