"""A document of several pages: which belong to which certificate, and what they add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connector.certificate.endorsement_page import EndorsementPage, in_sequence
from connector.certificate.entries import entry_at, is_surely_present, lines_present, with_entries
from connector.certificate.entry import Entry, Evidence, State, unclear
from connector.certificate.fields import LINE_OF
from connector.certificate.model import Certificate
from connector.extraction import continuation, doubtful_words, named_parties, wording
from connector.extraction.endorsements import belongs, evidence_for, why_not
from connector.extraction.labels import plain
from connector.extraction.page_kinds import PageKind
from connector.extraction.page_reader import ReadPage
from connector.extraction.reading import CellReading

UNREAD = "Page {pages} of the document is a picture that was not read; it may be an endorsement."
MAYBE_ABSENT = "The words name a line of the form that may not be filled in."
CANCELLED = "A notice of cancellation for this policy stands on page {page} of the document."


def attached(certificate: ReadPage, pages: Sequence[ReadPage]) -> list[ReadPage]:
    """The pages that belong to a certificate: those behind it, up to the next certificate.

    What stands before the first certificate belongs to the first.
    """
    starts = [page.number for page in pages if page.kind is PageKind.CERTIFICATE]
    if not starts:
        return []
    first = certificate.number == starts[0]
    end = next((start for start in starts if start > certificate.number), pages[-1].number + 1)
    return [
        page
        for page in pages
        if page.kind is not PageKind.CERTIFICATE
        and (certificate.number < page.number < end or (first and page.number < certificate.number))
    ]


def completed(
    certificate: Certificate, pages: Sequence[ReadPage], words: CellReading | None = None
) -> Certificate:
    """The certificate with what its attached pages and its own words add; `words` are those of its
    description, line by line, where they are known."""
    certificate = _continued(certificate, pages)
    certificate = with_entries(certificate, _stated(certificate, words))
    endorsements = [page for page in _endorsements(pages) if belongs(certificate, page)]
    certificate = with_entries(certificate, evidence_for(certificate, endorsements))
    certificate = with_entries(certificate, _named(certificate, endorsements))
    certificate = with_entries(certificate, _cancelled(certificate, pages))
    return with_entries(certificate, _unread(certificate, pages))


def left_over(certificate: Certificate, pages: Sequence[ReadPage]) -> list[EndorsementPage]:
    """The endorsement pages among these whose line the certificate does not state."""
    return [
        page for page in _endorsements(pages) if page.is_itself and not belongs(certificate, page)
    ]


def _endorsements(pages: Sequence[ReadPage]) -> list[EndorsementPage]:
    return in_sequence([page.endorsement for page in pages if page.endorsement])


def _continued(certificate: Certificate, pages: Sequence[ReadPage]) -> Certificate:
    description = certificate.description_of_operations
    for page in pages:
        if page.kind is PageKind.CONTINUATION:
            of = continuation.continues(page.lines)
            if of in (None, "25"):
                added = continuation.remarks(page.lines)
                description = continuation.appended(description, added, page.number, page.source)
    return replace(certificate, description_of_operations=description)


def _stated(certificate: Certificate, words: CellReading | None) -> dict[str, Entry[Any]]:
    """What the words claim; what they may not claim in another version of them is unclear, and every
    claim where it is not known which words may stand there."""
    if words is not None and certificate.description_of_operations.is_unclear:
        sure = doubtful_words.agreed(certificate, words, _said)
        if sure is not None:
            return {path: _of_its_line(certificate, path, entry) for path, entry in sure.items()}
    found = _said(certificate)
    unreadable = named_parties.unreadable(certificate)
    for path, entry in found.items():
        if path in unreadable:
            found[path] = entry.doubted(unreadable[path].doubt or "")
        else:
            found[path] = _of_its_line(certificate, path, entry)
    return {**unreadable, **found}


def _of_its_line(certificate: Certificate, path: str, entry: Entry[Any]) -> Entry[Any]:
    """A claim about a line of the form, in doubt where it is not sure that the line is filled in."""
    if path in LINE_OF and not is_surely_present(certificate, LINE_OF[path]):
        return entry.doubted(MAYBE_ABSENT)
    return entry


def _said(certificate: Certificate) -> dict[str, Entry[Any]]:
    found = {**wording.claims(certificate), **named_parties.notice(certificate)}
    names = named_parties.additional_insureds(certificate)
    return found | ({"additional_insured_names": names} if names else {})


def _named(
    certificate: Certificate, endorsements: Sequence[EndorsementPage]
) -> dict[str, Entry[Any]]:
    """The names in the schedules of additional insured endorsements, beside those in the words."""
    known = certificate.additional_insured_names
    names = known.value.split("; ") if known.value else []
    added = [
        (name, page)
        for page in endorsements
        if page.form and "additional_insured_endorsement" in page.form.grants and page.is_itself
        for name in page.names
        if plain(name) not in {plain(other) for other in names}
    ]
    if not added:
        return {}
    text = "; ".join(dict.fromkeys([*names, *(name for name, _ in added)]))
    evidence = replace(added[0][1].evidence, text=added[0][0])
    if known.evidence:
        found = replace(known, value=text, others=(*known.others, evidence))
    else:
        found = replace(known, value=text, evidence=evidence, state=State.READ)
    for why in dict.fromkeys(filter(None, (why_not(certificate, page) for _, page in added))):
        found = found.doubted(why)
    return {"additional_insured_names": found}


def _cancelled(certificate: Certificate, pages: Sequence[ReadPage]) -> dict[str, Entry[Any]]:
    """A line whose policy a notice of cancellation names no longer stands as printed."""
    found: dict[str, Entry[Any]] = {}
    for page in pages:
        if page.kind is not PageKind.CANCELLATION:
            continue
        words = plain(page.text)
        for name in lines_present(certificate):
            number = entry_at(certificate, f"{name}.policy_number").value
            if number and plain(number) in words:
                path = f"{name}.expiration_date"
                why = CANCELLED.format(page=page.number)
                found[path] = entry_at(certificate, path).doubted(why)
    return found


def _unread(certificate: Certificate, pages: Sequence[ReadPage]) -> dict[str, Entry[Any]]:
    """Pictures that nobody could read may hold endorsements: which ones are there is unclear."""
    unread = [page.number for page in pages if page.kind is PageKind.PICTURE]
    if not unread:
        return {}
    why = UNREAD.format(pages=", ".join(map(str, unread)))
    known = certificate.endorsement_forms
    if known.evidence:
        return {"endorsement_forms": known.doubted(why)}
    evidence = Evidence(unread[0], None, "", pages[0].source, 0.0)
    return {"endorsement_forms": unclear(None, evidence, why)}
