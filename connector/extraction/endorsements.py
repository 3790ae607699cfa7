"""Endorsement pages: which form each is, for which policy and whom, and what that proves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from connector.certificate.endorsement_forms import without_forms
from connector.certificate.endorsement_page import (
    EVIDENCED,
    NOT_SURE,
    EndorsementPage,
    doubt_of,
    for_others,
    insured_doubt,
    names_others,
    policy_doubt,
)
from connector.certificate.entries import is_present
from connector.certificate.entry import Entry, Evidence, Source, read, unclear
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate
from connector.certificate.model import line as line_of
from connector.extraction import endorsement_term, schedules
from connector.extraction.endorsement_forms import PrintedNumber, printed_numbers
from connector.extraction.page_kinds import PrintedForm
from connector.extraction.reading import Line

HEAD, FOOT = 0.2, 0.88
"""Shares of the page's height above and below which forms print their number."""


def recognise(
    page: int, source: Source, lines: Sequence[Line], height: float
) -> EndorsementPage | None:
    """The endorsement that a page with these lines is; None when it prints no form number of its own.

    A page that lists several numbers, such as a schedule of forms, is no endorsement.
    """
    found = _own_number(lines, height)
    title = _title(lines)
    if found is None and title is None:
        return None
    number, line = found if found else (None, lines[0])
    evidence = Evidence(page, line.box, line.text, source, line.confidence)
    occurrences = sum(str(other) == str(number) for other in _all_numbers(lines))
    schedule = schedules.read(lines)
    texts = [line.text for line in lines]
    effective, expires = endorsement_term.printed_on(texts)
    return EndorsementPage(
        page,
        source,
        number,
        title or "",
        _policy_number(lines),
        schedule.names if schedule else (),
        evidence,
        is_sure=source is not Source.OCR or occurrences > 1,
        is_itself=title is not None,
        effective=effective,
        expires=expires,
        is_blank_form=schedule is not None and schedule.is_empty,
        is_for_anyone=schedule is not None and schedule.is_for_anyone,
        insured=_insured(lines),
        is_specimen=any(_SPECIMEN.search(line.text) for line in lines),
        days=endorsement_term.days_on(texts),
    )


ADDENDUM = "ACORD 855"
_ADDENDUM_TITLE = re.compile(r"(?i)new\s+york\s+construction")


def addendum(
    page: int, source: Source, lines: Sequence[Line], forms: Iterable[PrintedForm]
) -> EndorsementPage | None:
    """The New York addendum, which changes no policy and is asked for beside a certificate; else None."""
    if ADDENDUM not in {printed.form for printed in forms}:
        return None
    line = next((each for each in lines if "855" in each.text), lines[0])
    is_sure = source is not Source.OCR or any(_ADDENDUM_TITLE.search(each.text) for each in lines)
    return EndorsementPage(
        page,
        source,
        PrintedNumber(ADDENDUM),
        "",
        _policy_number(lines),
        (),
        Evidence(page, line.box, line.text, source, line.confidence),
        is_sure=is_sure,
    )


def _all_numbers(lines: Iterable[Line]) -> list[PrintedNumber]:
    return [number for line in lines for number in printed_numbers(line.text)]


def _own_number(lines: Sequence[Line], height: float) -> tuple[PrintedNumber, Line] | None:
    """The number in the foot, else in the head, with its edition; none if several stand there."""
    for zone in (_below(lines, height * FOOT), _above(lines, height * HEAD)):
        found = [(number, line) for line in zone for number in printed_numbers(line.text)]
        if len({number.number for number, _ in found}) == 1:
            return max(found, key=lambda pair: pair[0].edition is not None)
        if found:
            return None
    return None


def _below(lines: Iterable[Line], level: float) -> list[Line]:
    return [line for line in lines if line.box[1] >= level]


def _above(lines: Iterable[Line], level: float) -> list[Line]:
    return [line for line in lines if line.box[3] <= level]


_CHANGES = re.compile(r"(?i)this\s+endorsement\s+(changes|modifies|forms)")


def _title(lines: Sequence[Line]) -> str | None:
    """The words below the sentence that every endorsement prints: its title."""
    for number, line in enumerate(lines):
        if _CHANGES.search(line.text):
            return " ".join(after.text for after in lines[number + 1 : number + 3])
    return None


_POLICY = re.compile(
    r"(?i)policy\s*(number|no\.?|#)\s*:?\s*(?P<number>[A-Z0-9][\w\-./ ]*\d[\w\-./]*)"
)
_BEHIND = re.compile(
    r"(?i)\s{2,}.*|\s+(?:endorsement|effective|named|insured|policy|term|from)\b.*"
)
"""What may stand on the line behind the number, and is none of it."""


def _policy_number(lines: Sequence[Line]) -> str | None:
    for line in lines:
        found = _POLICY.search(without_forms(line.text))
        if found:
            return _BEHIND.sub("", found["number"]).strip()
    labels = [line for line in lines if _LABEL.fullmatch(line.text.strip())]
    below = [other for line in labels for other in lines if _is_below(line, other)]
    numbers = [line.text.strip() for line in below if _NUMBER_ALONE.fullmatch(line.text.strip())]
    return next((number for number in numbers if without_forms(number).strip()), None)


_SPECIMEN = re.compile(r"(?i)\bspecimen\b")
_INSURED = re.compile(
    r"(?i)^(?:first\s+)?named\s+insured(?:\s*\(s\))?\s*:\s*(?P<name>[A-Z0-9].*[A-Z].*)$"
)


def _insured(lines: Sequence[Line]) -> str | None:
    """The named insured that a page prints beside its label."""
    found = (_INSURED.match(without_forms(line.text).strip()) for line in lines)
    names = [_BEHIND.sub("", match["name"]).strip() for match in found if match]
    return names[0] if names else None


_LABEL = re.compile(r"(?i)policy\s*(number|no\.?|#)\s*:?")
_NUMBER_ALONE = re.compile(r"(?i)[A-Z0-9][\w\-./ ]*\d[\w\-./]*")


def _is_below(label: Line, other: Line) -> bool:
    """Whether a line stands right under a label that has nothing beside it."""
    down, aside = other.box[1] - label.box[3], other.box[0] - label.box[0]
    return -2 <= down <= 12 and abs(aside) <= 16


def evidence_for(
    certificate: Certificate, pages: Sequence[EndorsementPage]
) -> dict[str, Entry[Any]]:
    """The entries that these endorsement pages, which belong to a certificate, prove for it, by path."""
    found: dict[str, Entry[Any]] = {}
    for page in pages:
        proved = _proved(certificate, page)
        for box in page.grants:
            path = f"{page.line}.{box}"
            if path in BY_PATH:
                entry = _for_whom(certificate, page, box, proved)
                if path not in found or found[path].is_unclear:
                    found[path] = entry
        if page.gives_notice:
            found["notice_of_cancellation"] = proved
    if listed := _listed(certificate, pages):
        found |= listed
    return found


def _proved(certificate: Certificate, page: EndorsementPage) -> Entry[str]:
    if why := why_not(certificate, page):
        return unclear(EVIDENCED, page.evidence, why)
    return read(EVIDENCED, page.evidence)


def belongs(certificate: Certificate, page: EndorsementPage) -> bool:
    """Whether the certificate states the line that the page changes; what no line is known of belongs."""
    return page.form is None or is_present(certificate, page.line)


def why_not(certificate: Certificate, page: EndorsementPage) -> str | None:
    """Why the page may prove nothing for the certificate; None where it certainly does."""
    doubt = doubt_of(page) or policy_doubt(page, line_of(certificate, page.line))
    return doubt or insured_doubt(page, certificate.insured.name)


def _for_whom(
    certificate: Certificate, page: EndorsementPage, box: str, proved: Entry[str]
) -> Entry[str]:
    """In doubt where the schedule names additional insureds, and the holder is none of them."""
    why = for_others(page, box, _holders(certificate, page))
    return proved.doubted(why) if why else proved


def _holders(certificate: Certificate, page: EndorsementPage) -> tuple[str, ...]:
    """Whom a schedule should name; where the holder is not known, whoever it names."""
    holder = certificate.certificate_holder.name
    return (holder.value or "",) if holder.is_read else page.names


def _listed(certificate: Certificate, pages: Sequence[EndorsementPage]) -> dict[str, Entry[Any]]:
    """Form numbers and the pages that they stand on, in the order of the document.

    In doubt as a whole where one page is: a rule that asks for its form must not be met by it.
    """
    numbered = [(str(page.printed), page) for page in pages if page.printed]
    if not numbered:
        return {}
    names = list(dict.fromkeys(name for name, _ in numbered))
    where = [
        f"{name}: {_spans([page.page for other, page in numbered if other == name])}"
        for name in names
    ]
    evidence = numbered[0][1].evidence
    found = {
        "endorsement_forms": read(", ".join(names), evidence),
        "endorsement_pages": read(", ".join(where), evidence),
    }
    return {path: _doubted(entry, certificate, numbered, path) for path, entry in found.items()}


def _doubted(
    entry: Entry[str],
    certificate: Certificate,
    numbered: Sequence[tuple[str, EndorsementPage]],
    path: str,
) -> Entry[str]:
    """Which forms are named is in doubt where a number is; which pages count, also where a page is."""
    for _, page in numbered:
        if not page.is_sure:
            entry = entry.doubted(NOT_SURE)
        elif path == "endorsement_pages" and (page.form or page.is_addendum):
            why = why_not(certificate, page) or names_others(page, _holders(certificate, page))
            entry = entry.doubted(why) if why else entry
    return entry


def _spans(numbers: Sequence[int]) -> str:
    """Pages 2, 3 and 5 as "2-3 and 5"."""
    spans = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        pages = [page for _, page in run]
        spans.append(str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}")
    return " and ".join(spans)
