"""One page of a document: what it is, and what it says if it is a certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from connector.certificate.endorsement_page import EndorsementPage
from connector.certificate.entry import Entry, Evidence, Source, read, unclear
from connector.certificate.fields import BY_PATH, ENTRY_PATHS
from connector.documents.document import Document
from connector.extraction import assembly, editions, layout, registration
from connector.extraction.agreement import compared, overlaid
from connector.extraction.editions import Edition
from connector.extraction.endorsements import addendum, recognise
from connector.extraction.form_fields import FormPage
from connector.extraction.labelled import (
    NO_KNOWN_FORM,
    PROPERTY_FORM,
    LabelledPage,
    free_certificate,
    property_form,
)
from connector.extraction.labels import Labels
from connector.extraction.page_kinds import PageKind, PrintedForm, is_title, kind_of, printed_forms
from connector.extraction.placement import Grid
from connector.extraction.reading import CellReading, Line, PageReading
from connector.extraction.registration import Registration
from connector.extraction.text_layer import TextPage, with_values

PICTURE = "The page is a picture; reading pictures is not available here."
UNREADABLE_PICTURE = "The page is a picture in which no known form could be found."
NOT_READ = "This part of the page could not be read."
UNKNOWN_EDITION = "This edition of the form is not known, so every value needs a look."
NO_EDITION = "The form does not print its edition where it is expected."
ASKEW = "The text of this page stands askew, so it is not sure which box each value belongs to."
BAD_FIT = "The page does not match the form closely enough to be sure."

FAIR_SHARE = 0.5
"""With fewer of its labels on the page, an edition does not fit it."""

OcrReader: TypeAlias = Callable[[Document, int], PageReading | None]
"""Reads one page (1-based) of a document as a picture; None when nothing could be made out."""


@dataclass(slots=True)
class ReadPage:
    """A page with what it is. `lines` are those of pages that are no certificate, from the top;
    `entries` those of a certificate, by path; `endorsement` is set for an endorsement page.
    `words` is the certificate's description as it was read, line by line.
    """

    number: int
    kind: PageKind
    source: Source
    text: str = ""
    lines: Sequence[Line] = ()
    entries: dict[str, Entry[Any]] = field(default_factory=dict)
    read_from: str | None = None
    endorsement: EndorsementPage | None = None
    grid: Grid = field(default_factory=lambda: Grid([], []))
    words: CellReading | None = None


def read_text_page(
    document: Document, page: TextPage, form: FormPage | None, ocr: OcrReader | None
) -> ReadPage:
    """A PDF page by its form fields and text layer; by `ocr` where it is a picture."""
    if form is not None and form.is_filled:
        return _filled(page, form)
    if not page.words and not page.pictures and not page.marks:
        return ReadPage(page.number, PageKind.BLANK, Source.TEXT_LAYER)
    if page.is_picture or not page.words:
        return read_picture(document, page.number, ocr)
    page = with_values(page, form.strangers) if form else page
    seen = ocr(document, page.number) if ocr and page.damaged else None
    if printed := _printed_edition(page.text):
        return _drawn(page, printed, seen)
    lines = _lines(page)
    found = other_page(page.number, Source.TEXT_LAYER, lines, page.size[1])
    found.grid = Grid.of(page.rules)
    if found.kind is PageKind.CERTIFICATE:
        return _drawn(page, None, seen) if _fits_an_edition(page) else _free(found)
    if found.kind is PageKind.LETTER and len(page.rules) > MANY_RULES:
        return read_picture(document, page.number, ocr)  # a form whose labels are drawn, not typed
    return found


def _fits_an_edition(page: TextPage) -> bool:
    return _registered(page, None)[1] is None


def _free(page: ReadPage) -> ReadPage:
    """A certificate on no known form, by its labels."""
    known = LabelledPage(page.number, page.source, page.lines, page.grid)
    nowhere = Evidence(page.number, None, "", page.source, 0.0)
    page.entries = (
        _all_unclear(nowhere) | free_certificate(known) | _unknown_form(page, None, NO_KNOWN_FORM)
    )
    page.read_from = _SOURCE_NAMES[page.source]
    return page


PROPERTY_FORMS = ("ACORD 24", "ACORD 27", "ACORD 28")


def as_property_form(page: ReadPage) -> ReadPage | None:
    """The page as what it shows, where it is a form for property insurance; else None."""
    printed = next((p for p in printed_forms(page.text) if p.form in PROPERTY_FORMS), None)
    if printed is None:
        return None
    title = next((line.text for line in page.lines if is_title(line.text)), printed.form)
    known = LabelledPage(page.number, page.source, page.lines, page.grid)
    why = PROPERTY_FORM.format(form=printed.form)
    entries = property_form(known, printed.form, title)
    entries |= _unknown_form(page, printed, why)
    read_from = _SOURCE_NAMES[page.source]
    return replace(page, kind=PageKind.CERTIFICATE, entries=entries, read_from=read_from)


def _unknown_form(page: ReadPage, printed: PrintedForm | None, why: str) -> dict[str, Entry[Any]]:
    evidence = Evidence(page.number, None, printed.form if printed else "", page.source)
    name = unclear(printed.form if printed else None, evidence, why)
    edition = unclear(printed.edition if printed else None, evidence, why)
    return {"form": name, "form_edition": edition}


MANY_RULES = 60
"""More rules than any letter or endorsement has."""


def _lines(page: TextPage) -> list[Line]:
    seen = [word for word in page.words if not word.is_hidden]
    return layout.lines_of(seen, part_at_gaps=True)


def other_page(number: int, source: Source, lines: Sequence[Line], height: float) -> ReadPage:
    """A page that may be no certificate, by its lines from the top."""
    texts = [line.text for line in lines]
    kind = kind_of(texts)
    page = ReadPage(number, kind, source, "\n".join(texts), lines)
    if kind in (PageKind.ENDORSEMENT, PageKind.LETTER) and lines:
        page.endorsement = recognise(number, source, lines, height)
        page.kind = PageKind.ENDORSEMENT if page.endorsement else PageKind.LETTER
    if kind is PageKind.OTHER_FORM and lines:
        page.endorsement = addendum(number, source, lines, printed_forms(page.text))
    return page


def _drawn(page: TextPage, printed: str | None, seen: PageReading | None) -> ReadPage:
    """A certificate page read from its text layer: `printed` is the edition it says, `seen` its
    picture, where the text is damaged."""
    chosen, doubt = _registered(page, printed)
    cells, misprint = layout.read(page, chosen)
    if seen is not None and seen.edition is not None:
        cells = compared(cells, seen.cells)
    doubt = doubt or misprint or (ASKEW if page.is_askew else None)
    return _certificate(page, chosen.edition, cells, doubt, Source.TEXT_LAYER)


def _filled(page: TextPage, form: FormPage) -> ReadPage:
    """A certificate page with live form fields, checked against what the page shows."""
    page = with_values(page, form.strangers)
    chosen, doubt = _registered(page, _printed_edition(page.text) or form.edition)
    fits = chosen.recall >= FAIR_SHARE
    cells = overlaid(form.cells, layout.read(page, chosen).cells if fits else {})
    doubt = None if doubt == BAD_FIT else doubt
    return _certificate(page, chosen.edition, cells, doubt, Source.FORM_FIELD)


def _certificate(
    page: TextPage,
    edition: Edition,
    cells: Mapping[str, CellReading],
    doubt: str | None,
    source: Source,
) -> ReadPage:
    on_page = page.shown if page.lean else None
    reading = PageReading(page.number, source, edition, cells, page.text, doubt, on_page=on_page)
    return _assembled(reading, edition, _read_from(cells))


def _assembled(reading: PageReading, edition: Edition, read_from: str) -> ReadPage:
    found = assembly.entries(reading, edition)
    found |= _identity(reading.text, reading.page, edition, reading.source)
    return ReadPage(
        reading.page,
        PageKind.CERTIFICATE,
        reading.source,
        reading.text,
        entries=found,
        read_from=read_from,
        words=None if reading.doubt else reading.cells.get("description_of_operations"),
    )


def _read_from(cells: Mapping[str, CellReading]) -> str:
    """`form_fields`, `text_layer` or `ocr`; `mixed` when values come from more than one."""
    sources = {cell.source for cell in cells.values() if not cell.is_empty}
    if len(sources) > 1:
        return "mixed"
    return _SOURCE_NAMES[sources.pop() if sources else Source.TEXT_LAYER]


_SOURCE_NAMES = {
    Source.FORM_FIELD: "form_fields",
    Source.TEXT_LAYER: "text_layer",
    Source.OCR: "ocr",
}

LETTER_HEIGHT = 792.0
"""Points of the page that OCR places its lines on when it knows no form."""


def read_picture(document: Document, number: int, ocr: OcrReader | None) -> ReadPage:
    """A page that is a picture. Without `ocr` nothing on it is known, and its values are unclear."""
    reading = ocr(document, number) if ocr else None
    if reading is not None and reading.edition is not None:
        return _assembled(reading, reading.edition, _read_from(reading.cells))
    if reading is not None and reading.lines:
        found = other_page(number, Source.OCR, reading.lines, LETTER_HEIGHT)
        if found.kind is not PageKind.CERTIFICATE:
            return found
    why = PICTURE if ocr is None else UNREADABLE_PICTURE
    evidence = Evidence(number, None, "", Source.OCR, 0.0)
    unread: dict[str, Entry[Any]] = {"form": unclear(None, evidence, why)}
    return ReadPage(number, PageKind.PICTURE, Source.OCR, entries=_all_unclear(evidence) | unread)


def _all_unclear(evidence: Evidence) -> dict[str, Entry[Any]]:
    """Every box as not known: nobody saw that it is empty, or that a line is not there."""
    paths = (path for path in ENTRY_PATHS if BY_PATH[path].critical)
    return {path: unclear(None, evidence, NOT_READ) for path in paths}


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
    return chosen, BAD_FIT if chosen.recall < FAIR_SHARE else None


def _printed_edition(text: str) -> str | None:
    printed = [form.edition for form in printed_forms(text) if form.form == "ACORD 25"]
    return printed[-1] if printed else None


def _identity(text: str, number: int, edition: Edition, source: Source) -> dict[str, Entry[Any]]:
    """The form and its edition, as printed; the edition that fits best where none is printed."""
    printed = _printed_edition(text)
    evidence = Evidence(number, None, f"{edition.form} ({printed or edition.name})", source)
    known = {one.name for one in editions.all()}
    found: Entry[str] = read(printed or edition.name, evidence)
    if printed is None:
        found = found.doubted(NO_EDITION)
    elif printed not in known:
        found = found.doubted(UNKNOWN_EDITION)
    return {"form": read(edition.form, evidence), "form_edition": found}
