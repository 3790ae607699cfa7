"""Endorsement pages: which form each is, for which policy and whom, and what that proves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from connector.certificate.entries import entry_at, is_present
from connector.certificate.entry import Entry, Evidence, Source, read, unclear
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate
from connector.certificate.names import Likeness, named_in
from connector.extraction.endorsement_forms import (
    EndorsementForm,
    PrintedNumber,
    known_forms,
    printed_numbers,
)
from connector.extraction.labels import plain
from connector.extraction.reading import Line

EVIDENCED = "evidenced"
OTHER_POLICY = "The endorsement page is for policy {printed}, the certificate shows {shown}."
NO_POLICY_READ = (
    "The policy number of the certificate is not sure, so the endorsement may be another policy's."
)
CARRIER_FORM = (
    "The page is an insurer's own form ({title}); a person should confirm what it grants."
)
ANOTHERS = "The endorsement page's schedule names {named}, not the certificate holder."
NOT_SURE = "The form number was read from a picture once only."

HEAD, FOOT = 0.2, 0.88
"""Shares of the page's height above and below which forms print their number."""


@dataclass(frozen=True, slots=True)
class EndorsementPage:
    """One page of an endorsement. `printed` is its form number as printed, None when it has none we know how to read."""

    page: int
    source: Source
    printed: PrintedNumber | None
    title: str
    policy_number: str | None
    names: tuple[str, ...]
    evidence: Evidence
    is_sure: bool = True

    @property
    def form(self) -> EndorsementForm | None:
        return known_forms().get(self.printed.number) if self.printed else None


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
    return EndorsementPage(
        page,
        source,
        number,
        title or "",
        _policy_number(lines),
        tuple(_scheduled(lines)),
        evidence,
        is_sure=source is not Source.OCR or occurrences > 1,
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
_GRANTS_BY_TITLE = {
    "additional_insured_endorsement": re.compile(r"(?i)additional\s+insured"),
    "primary_and_noncontributory_endorsement": re.compile(r"(?i)non-?\s?contributory"),
    "waiver_of_subrogation_endorsement": re.compile(r"(?i)waiver\s+of|right\s+to\s+recover"),
}


def _title(lines: Sequence[Line]) -> str | None:
    """The words below the sentence that every endorsement prints: its title."""
    for number, line in enumerate(lines):
        if _CHANGES.search(line.text):
            return " ".join(after.text for after in lines[number + 1 : number + 3])
    return None


_POLICY = re.compile(
    r"(?i)policy\s*(number|no\.?|#)\s*:?\s*(?P<number>[A-Z0-9][\w\-./ ]*\d[\w\-./]*)"
)


def _policy_number(lines: Sequence[Line]) -> str | None:
    for line in lines:
        found = _POLICY.search(line.text)
        if found:
            return found["number"].strip()
    return None


_SCHEDULE = re.compile(r"(?i)^name\s*(of|\(s\))?.{0,24}(person|organi[sz]ation)")
_END = re.compile(
    r"(?i)^(information\s+required|section\s|location|a\.|if\s+no\s+entry|the\s+following|sample\b|insurance\s+under|who\s+is)"
)
_ANYONE = re.compile(
    r"(?i)\b(any|all)\s+(person|organi|part)|blanket|where\s+required|as\s+required|written\s+(contract|agreement)|on\s+file"
)


def _scheduled(lines: Sequence[Line]) -> Iterable[str]:
    """The names printed in the schedule, below its heading; "any person …" is no name."""
    for number, line in enumerate(lines):
        if not _SCHEDULE.search(line.text):
            continue
        last = line
        for after in lines[number + 1 : number + 7]:
            apart = after.box[1] - last.box[3] > 20 or after.box[0] - line.box[0] > 200
            if apart or _END.search(after.text):
                break
            if _ANYONE.search(after.text):
                return
            yield after.text
            last = after
        return


def evidence_for(
    certificate: Certificate, pages: Sequence[EndorsementPage]
) -> dict[str, Entry[Any]]:
    """The entries that these endorsement pages prove for a certificate, by path."""
    found: dict[str, Entry[Any]] = {}
    for page in pages:
        for path in _granted(page):
            line = path.partition(".")[0]
            if path in BY_PATH and is_present(certificate, line):
                entry = _for_whom(certificate, page, path, _proved(certificate, page, line))
                if path not in found or found[path].is_unclear:
                    found[path] = entry
        if page.form and page.form.gives_notice:
            found["notice_of_cancellation"] = _proved(certificate, page, page.form.line)
    if listed := _listed(pages):
        found |= listed
    return found


def _granted(page: EndorsementPage) -> tuple[str, ...]:
    if page.form and page.printed:
        return page.form.paths(page.printed.edition)
    if page.printed is None or page.form is None:
        return tuple(
            f"general_liability.{name}"
            for name, words in _GRANTS_BY_TITLE.items()
            if words.search(page.title)
        )
    return ()


def _proved(certificate: Certificate, page: EndorsementPage, line: str) -> Entry[str]:
    shown: Entry[str] = entry_at(certificate, f"{line}.policy_number")
    if page.form is None:
        return unclear(EVIDENCED, page.evidence, CARRIER_FORM.format(title=page.title[:60]))
    if not page.is_sure:
        return unclear(EVIDENCED, page.evidence, NOT_SURE)
    if page.policy_number is None or not shown.value:
        return read(EVIDENCED, page.evidence)
    if plain(page.policy_number) == plain(shown.value):
        return read(EVIDENCED, page.evidence)
    if shown.is_unclear:
        return unclear(EVIDENCED, page.evidence, NO_POLICY_READ)
    why = OTHER_POLICY.format(printed=page.policy_number, shown=shown.value)
    return unclear(EVIDENCED, page.evidence, why)


def _for_whom(
    certificate: Certificate, page: EndorsementPage, path: str, proved: Entry[str]
) -> Entry[str]:
    """In doubt where the schedule names additional insureds, and the holder is none of them."""
    holder = certificate.certificate_holder.name
    if path.rpartition(".")[2] not in _SCHEDULED or not page.names or not holder.is_read:
        return proved
    printed = (*page.names, " ".join(page.names))
    if any(named_in(holder.value or "", name) is Likeness.SAME for name in printed):
        return proved
    return proved.doubted(ANOTHERS.format(named="; ".join(page.names)[:80]))


_SCHEDULED = ("additional_insured_endorsement", "completed_operations_endorsement")
"""What a form grants to those alone whom its schedule names."""


def _listed(pages: Sequence[EndorsementPage]) -> dict[str, Entry[Any]]:
    """Form numbers and the pages that they stand on, in the order of the document."""
    numbered = [(str(page.printed), page) for page in pages if page.printed]
    if not numbered:
        return {}
    names = list(dict.fromkeys(name for name, _ in numbered))
    where = [
        f"{name}: {_spans([page.page for other, page in numbered if other == name])}"
        for name in names
    ]
    evidence = numbered[0][1].evidence
    sure = all(page.is_sure for _, page in numbered)
    make = read if sure else lambda value, seen: unclear(value, seen, NOT_SURE)
    return {
        "endorsement_forms": make(", ".join(names), evidence),
        "endorsement_pages": make(", ".join(where), evidence),
    }


def _spans(numbers: Sequence[int]) -> str:
    """Pages 2, 3 and 5 as "2-3 and 5"."""
    spans = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        pages = [page for _, page in run]
        spans.append(str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}")
    return " and ".join(spans)
