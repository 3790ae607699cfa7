"""A document -> its certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2

from connector.certificate.endorsement_page import EndorsementPage, in_sequence
from connector.certificate.entries import build
from connector.certificate.model import Certificate
from connector.certificate.notices import CancellationNotice, ExemptionNotice
from connector.documents.document import Document, DocumentKind
from connector.errors import DamagedFile, NotACertificate
from connector.extraction import cross_checks, form_fields, insurers, packet
from connector.extraction.cancellations import notice_on
from connector.extraction.exemptions import exemption_on
from connector.extraction.page_kinds import PageKind, printed_forms
from connector.extraction.page_reader import (
    OcrReader,
    ReadPage,
    as_property_form,
    read_picture,
    read_text_page,
)
from connector.extraction.text_layer import read_page

READER_VERSION = 7
"""Raised whenever a reading may come out otherwise than before."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Readers beside the text layer. `ocr` reads one page (1-based) of a document as a picture."""

    ocr: OcrReader | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that counts in a document. `certificates` may be empty where a notice is not.

    `endorsements` are the pages that came without a certificate that states their line; those behind
    one that does are in it.
    """

    certificates: tuple[Certificate, ...]
    cancellations: tuple[CancellationNotice, ...] = ()
    exemptions: tuple[ExemptionNotice, ...] = ()
    endorsements: tuple[EndorsementPage, ...] = ()


def read(document: Document, readers: Readers = Readers()) -> list[Certificate]:
    """The certificates of the document in page order, at least one.

    NotACertificate says what to send when no page is one; DamagedFile when it cannot be opened.
    """
    pages = read_pages(document, readers)
    certificates = _certificates(document, _heads(pages), pages)
    if not certificates:
        raise NotACertificate(_what_it_is(pages))
    return certificates


def read_all(document: Document, readers: Readers = Readers()) -> Found:
    """The certificates, notices of cancellation, exemptions and lone endorsement pages of a document.

    NotACertificate when there is nothing of the kind in it.
    """
    pages = read_pages(document, readers)
    notices = [(page, [line.text for line in page.lines]) for page in pages]
    cancelled = [
        notice_on(page.number, page.source, texts)
        for page, texts in notices
        if page.kind is PageKind.CANCELLATION
    ]
    heads = _heads(pages)
    certificates = _certificates(document, heads, pages)
    found = Found(
        tuple(certificates),
        tuple(notice for notice in cancelled if notice is not None),
        tuple(
            exemption_on(page.number, page.source, texts)
            for page, texts in notices
            if page.kind is PageKind.EXEMPTION
        ),
        tuple(_alone(pages) or _left_over(heads, certificates, pages)),
    )
    if found == Found(()):
        raise NotACertificate(_what_it_is(pages))
    return found


def _alone(pages: Sequence[ReadPage]) -> list[EndorsementPage]:
    """The endorsement pages of a document in which no page is a certificate's.

    None unless one of them says that it changes a policy: a letter that names a form proves nothing.
    """
    if any(page.kind is PageKind.CERTIFICATE for page in pages):
        return []
    found = in_sequence([page.endorsement for page in pages if page.endorsement])
    return found if any(page.is_itself for page in found) else []


def _left_over(
    heads: Sequence[ReadPage], certificates: Sequence[Certificate], pages: Sequence[ReadPage]
) -> list[EndorsementPage]:
    """The endorsement pages behind a certificate that does not state their line: they are for another."""
    return [
        page
        for head, certificate in zip(heads, certificates, strict=True)
        for page in packet.left_over(certificate, packet.attached(head, pages))
    ]


def _heads(pages: Sequence[ReadPage]) -> list[ReadPage]:
    """The pages that certificates are read from."""
    certificates = [page for page in pages if page.kind is PageKind.CERTIFICATE]
    if not certificates:
        forms = [as_property_form(page) for page in pages if page.kind is PageKind.OTHER_FORM]
        certificates = [form for form in forms if form is not None]
    if not certificates:
        certificates = [page for page in pages if page.kind is PageKind.PICTURE][:1]
    return certificates


def _certificates(
    document: Document, heads: Sequence[ReadPage], pages: Sequence[ReadPage]
) -> list[Certificate]:
    return [_finished(document, page, pages, len(heads)) for page in heads]


def read_pages(document: Document, readers: Readers = Readers()) -> list[ReadPage]:
    """Every page of the document with what it is, in order."""
    if document.kind is DocumentKind.IMAGE:
        numbers = range(1, document.page_count + 1)
        return [read_picture(document, number, readers.ocr) for number in numbers]
    try:
        pdf = pypdfium2.PdfDocument(document.data)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile("The PDF cannot be opened. Ask the producer to send it again.") from error
    try:
        forms = form_fields.read(document) if pdf.get_formtype() else {}
        return [
            read_text_page(
                document,
                read_page(pdf, index, has_layers=document.has_layers),
                forms.get(index + 1),
                readers.ocr,
            )
            for index in range(len(pdf))
        ]
    finally:
        pdf.close()


def _what_it_is(pages: Sequence[ReadPage]) -> str:
    forms = sorted({printed.form for page in pages for printed in printed_forms(page.text)})
    seen = f"It holds {', '.join(forms)}. " if forms else ""
    if any(page.kind is PageKind.CANCELLATION for page in pages):
        seen = "It holds a notice of cancellation. "
    return (
        f"No page of this document is a certificate of liability insurance. {seen}"
        "Send the ACORD 25 that the insured's agent issued."
    )


def _finished(
    document: Document, page: ReadPage, pages: Sequence[ReadPage], count: int
) -> Certificate:
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
    return packet.completed(certificate, packet.attached(page, pages), page.words)
