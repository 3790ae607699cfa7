"""A document -> its certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2

from connector.certificate.entries import build, with_entries
from connector.certificate.entry import (
    Entry,
    Evidence,
    Source,
    unclear,
)
from connector.certificate.entry import (
    read as read_entry,
)
from connector.certificate.fields import ENTRY_PATHS
from connector.certificate.model import Certificate
from connector.documents.document import Document, DocumentKind
from connector.errors import DamagedFile, NotACertificate
from connector.extraction import (
    assembly,
    cross_checks,
    editions,
    form_fields,
    insurers,
    layout,
    named_parties,
    registration,
    wording,
)
from connector.extraction.agreement import overlaid
from connector.extraction.editions import Edition
from connector.extraction.form_fields import FormPage
from connector.extraction.labels import Labels
from connector.extraction.page_kinds import PageKind, kind_of, printed_forms
from connector.extraction.reading import CellReading, PageReading
from connector.extraction.registration import Registration
from connector.extraction.text_layer import TextPage, read_page, with_values

READER_VERSION = 1
"""Raised whenever a reading may come out otherwise than before."""

PICTURE = "The page is a picture; reading pictures is not available here."
UNREADABLE_PICTURE = "The page is a picture in which no known form could be found."
UNKNOWN_EDITION = "This edition of the form is not known, so every value needs a look."
NO_EDITION = "The form does not print its edition where it is expected."
BAD_FIT = "The page does not match the form closely enough to be sure."

FAIR_SHARE = 0.5
"""With fewer of its labels near their places, an edition does not fit a page."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Readers beside the text layer. `ocr` reads one page (1-based) of a document as a picture."""

    ocr: Callable[[Document, int], PageReading | None] | None = None


def read(document: Document, readers: Readers = Readers()) -> list[Certificate]:
    """The certificates of the document in page order, at least one.

    NotACertificate says what to send when no page is one; DamagedFile when it cannot be opened.
    """
    pages = _pages(document, readers)
    certificates = [page for page in pages if page.kind is PageKind.CERTIFICATE]
    if not certificates:
        certificates = [page for page in pages if page.kind is PageKind.PICTURE][:1]
    if not certificates:
        raise NotACertificate(_what_it_is(pages))
    count = len(certificates)
    return [_finished(document, page, count) for page in certificates]


@dataclass(slots=True)
class _Page:
    """A page with what it is and, if it is a certificate, its entries."""

    number: int
    kind: PageKind
    text: str = ""
    entries: dict[str, Entry[Any]] = field(default_factory=dict)
    read_from: str | None = None


def _what_it_is(pages: Sequence[_Page]) -> str:
    forms = sorted({printed.form for page in pages for printed in printed_forms(page.text)})
    seen = f"It holds {', '.join(forms)}. " if forms else ""
    return (
        f"No page of this document is a certificate of liability insurance. {seen}"
        "Send the ACORD 25 that the insured's agent issued."
    )


def _pages(document: Document, readers: Readers) -> list[_Page]:
    if document.kind == DocumentKind.IMAGE:
        return [_picture(document, number, readers) for number in range(1, document.page_count + 1)]
    try:
        pdf = pypdfium2.PdfDocument(document.data)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile("The PDF cannot be opened. Ask the producer to send it again.") from error
    try:
        forms = form_fields.read(document) if pdf.get_formtype() else {}
        return [
            _page(document, read_page(pdf, index), forms.get(index + 1), readers)
            for index in range(len(pdf))
        ]
    finally:
        pdf.close()


def _page(document: Document, page: TextPage, form: FormPage | None, readers: Readers) -> _Page:
    if form is not None and form.is_filled:
        return _filled(page, form)
    if page.is_picture or not page.words:
        return _picture(document, page.number, readers)
    kind = kind_of(page.text)
    if kind is not PageKind.CERTIFICATE:
        return _Page(page.number, kind, page.text)
    return _drawn(with_values(page, form.strangers) if form else page)


def _drawn(page: TextPage) -> _Page:
    """A certificate page read from its text layer."""
    chosen, doubt = _registered(page, _printed_edition(page.text))
    cells = layout.read(page, chosen)
    return _certificate(page, chosen.edition, cells, doubt, Source.TEXT_LAYER)


def _filled(page: TextPage, form: FormPage) -> _Page:
    """A certificate page with live form fields, checked against what the page shows."""
    page = with_values(page, form.strangers)
    chosen, doubt = _registered(page, _printed_edition(page.text) or form.edition)
    fits = chosen.fit.share >= FAIR_SHARE
    cells = overlaid(form.cells, layout.read(page, chosen) if fits else {})
    doubt = None if doubt == BAD_FIT else doubt
    return _certificate(page, chosen.edition, cells, doubt, Source.FORM_FIELD)


def _certificate(
    page: TextPage,
    edition: Edition,
    cells: Mapping[str, CellReading],
    doubt: str | None,
    source: Source,
) -> _Page:
    reading = PageReading(page.number, source, edition, cells, page.text, doubt)
    found = assembly.entries(reading, edition) | _identity(page.text, page.number, edition, source)
    return _Page(page.number, PageKind.CERTIFICATE, page.text, found, _read_from(cells))


def _read_from(cells: Mapping[str, CellReading]) -> str:
    """`form_fields`, `text_layer` or `ocr`; `mixed` when values come from more than one."""
    sources = {cell.source for cell in cells.values() if cell.lines or cell.ticked}
    sources.discard(Source.REVIEWER)
    if len(sources) > 1:
        return "mixed"
    return _SOURCE_NAMES[sources.pop() if sources else Source.TEXT_LAYER]


_SOURCE_NAMES = {
    Source.FORM_FIELD: "form_fields",
    Source.TEXT_LAYER: "text_layer",
    Source.OCR: "ocr",
}


def _picture(document: Document, number: int, readers: Readers) -> _Page:
    if readers.ocr is None:
        return _Page(number, PageKind.PICTURE, entries=_nothing_read(number, PICTURE))
    reading = readers.ocr(document, number)
    if reading is None or reading.edition is None:
        return _Page(number, PageKind.PICTURE, entries=_nothing_read(number, UNREADABLE_PICTURE))
    found = assembly.entries(reading, reading.edition)
    found |= _identity(reading.text, number, reading.edition, Source.OCR)
    return _Page(number, PageKind.CERTIFICATE, reading.text, found, Source.OCR.value)


def _nothing_read(number: int, why: str) -> dict[str, Entry[Any]]:
    """Every critical value unclear: nothing is invented, and a person must look."""
    evidence = Evidence(number, None, "", Source.OCR, 0.0)
    return {path: unclear(None, evidence, why) for path in ENTRY_PATHS if path in _IDENTITY_PATHS}


_IDENTITY_PATHS = ("form", "form_edition", "insured.name", "certificate_holder.name")


def _registered(page: TextPage, printed: str | None) -> tuple[Registration, str | None]:
    """The edition that fits the page, and the doubt about it if there is one."""
    known = [edition for edition in editions.all() if edition.name == printed]
    tried = [
        registration.register(Labels.among(page.words, edition), edition)
        for edition in known or editions.all()
    ]
    chosen = registration.best(tried)
    if printed and not known:
        return chosen, UNKNOWN_EDITION
    return chosen, BAD_FIT if chosen.fit.share < FAIR_SHARE else None


def _printed_edition(text: str) -> str | None:
    printed = [form.edition for form in printed_forms(text) if form.form == "ACORD 25"]
    return printed[-1] if printed else None


def _identity(text: str, number: int, edition: Edition, source: Source) -> dict[str, Entry[Any]]:
    printed = _printed_edition(text)
    evidence = Evidence(number, None, f"{edition.form} ({printed or edition.name})", source)
    if printed is None:
        return {
            "form": read_entry(edition.form, evidence),
            "form_edition": unclear(edition.name, evidence, NO_EDITION),
        }
    known = printed in {one.name for one in editions.all()}
    return {
        "form": read_entry(edition.form, evidence),
        "form_edition": read_entry(printed, evidence)
        if known
        else unclear(printed, evidence, UNKNOWN_EDITION),
    }


def _finished(document: Document, page: _Page, count: int) -> Certificate:
    certificate = replace(
        build(page.entries),
        certificate_page=page.number,
        page_count=document.page_count,
        document_name=document.name,
        document_sha256=document.sha256,
        certificates_in_document=count,
        read_from=page.read_from,
        reader_version=READER_VERSION,
    )
    certificate = cross_checks.check(insurers.resolve(certificate))
    return with_entries(certificate, stated(certificate))


def stated(certificate: Certificate) -> dict[str, Entry[Any]]:
    """What the words of the description come to."""
    found = {**wording.claims(certificate), **named_parties.notice(certificate)}
    names = named_parties.additional_insureds(certificate)
    return {**found, "additional_insured_names": names} if names else found
