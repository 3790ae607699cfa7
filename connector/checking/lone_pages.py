"""Endorsement pages that came without a certificate: what each proves for the lines that count now.

A page counts for the policy whose number it prints, in the term that it prints or came in. One that
is certainly another policy's says nothing; one that may be is a doubt. Either way its sentence is
kept for the finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from connector.certificate.endorsement_page import (
    EVIDENCED,
    NOT_YET,
    OTHER_POLICY,
    SENT_AHEAD,
    UNREAD,
    EndorsementPage,
    doubt_of,
    for_others,
    insured_doubt,
    names_others,
    policy_doubt,
    same_policy,
)
from connector.certificate.entries import build
from connector.certificate.entry import Entry, read, unclear
from connector.certificate.fields import BY_PATH
from connector.certificate.model import ENDORSEMENT, STANDARD_LINES, Certificate
from connector.checking.answer import american
from connector.checking.case import Case, LineAt, Stray
from connector.checking.packet import LonePage, Packet, Term

NO_NUMBER = "The endorsement page prints no policy number, so nobody knows which policy it changes."
NOT_SHOWN = "The certificate shows no policy number that the endorsement page could be for."
TERM_UNKNOWN = "The certificate's term is not sure, so the endorsement page may be of another one."
ENDED = "The endorsement page ended on {day}."
EARLIER_TERM = "The endorsement page prints no day and came on {came}, before the certificate's term began on {begins}."

ENDORSEMENTS = tuple(
    dict.fromkeys(
        path.rpartition(".")[2]
        for path, field in BY_PATH.items()
        if field.choices == ENDORSEMENT and "." in path
    )
)
"""The boxes of lines that an endorsement can prove."""


def with_lone_pages(case: Case) -> Case:
    """The case with each page as one more document, which states no line and proves what it grants."""
    found = case.packet.endorsements
    if not found:
        return case
    counting: list[Certificate] = []
    strays: list[Stray] = []
    for lone in found:
        line = line_of(lone.page, case.lines)
        at = case.lines.get(line)
        if at is None:
            continue
        if _is_stray(lone, at, line):
            strays.append(Stray(line, lone.page.grants, _whose(lone.page, at)))
        else:
            counting.append(_document(lone, at, line, case))
    return replace(
        case,
        documents=(*case.documents, *counting),
        pages=(*case.pages, *counting),
        strays=tuple(strays),
    )


def _whose(page: EndorsementPage, at: LineAt) -> str:
    shown = at.entry("policy_number").value
    return OTHER_POLICY.format(printed=page.policy_number, shown=shown).rstrip(".")


def line_of(page: EndorsementPage, lines: Mapping[str, LineAt]) -> str:
    """The line that a page changes: by its form; of an insurer's own form, by the policy number."""
    if page.form is not None or page.policy_number is None:
        return page.line
    return next((line for line in STANDARD_LINES if _shows(lines.get(line), page)), page.line)


def _shows(at: LineAt | None, page: EndorsementPage) -> bool:
    number = at.entry("policy_number").value if at else None
    return number is not None and same_policy(number, page.policy_number or "")


def _is_stray(lone: LonePage, at: LineAt, line: str) -> bool:
    """Whether the page is certainly for another policy of the vendor's: the one before, or the next."""
    number = at.entry("policy_number")
    if lone.page.policy_number is None or not number.is_read or _shows(at, lone.page):
        return False
    return any(term.line == line for term in lone.terms)


def _document(lone: LonePage, at: LineAt, line: str, case: Case) -> Certificate:
    page = lone.page
    why, ours = doubt_of(page) or _doubt(lone, at, line, case.on), _our_names(at, case)
    why = f"{lone.document}: {why}" if why and lone.document else why
    unsure = why or names_others(page, ours)
    proved = unclear(EVIDENCED, page.evidence, why) if why else read(EVIDENCED, page.evidence)
    found: dict[str, Entry[Any]] = {
        f"{line}.{box}": _for_whom(page, box, proved, ours)
        for box in (ENDORSEMENTS if page.is_unread else page.grants)
        if f"{line}.{box}" in BY_PATH
    }
    if page.gives_notice:
        found["notice_of_cancellation"] = proved
    if page.printed is not None:
        found["endorsement_forms"] = _said(str(page.printed), page, unsure)
        found["endorsement_pages"] = _said(f"{page.printed}: {page.page}", page, unsure)
    elif page.is_unread:  # it may be any form that a rule asks for by its number
        found["endorsement_pages"] = unclear(None, page.evidence, why or UNREAD)
    if page.names and "additional_insured_endorsement" in page.grants:
        found["additional_insured_names"] = _said("; ".join(page.names), page, why)
    return build(found)


def _said(words: str, page: EndorsementPage, why: str | None) -> Entry[str]:
    return unclear(words, page.evidence, why) if why else read(words, page.evidence)


def _for_whom(
    page: EndorsementPage, box: str, proved: Entry[str], ours: Collection[str]
) -> Entry[str]:
    why = for_others(page, box, ours)
    return proved.doubted(why) if why else proved


def _our_names(at: LineAt, case: Case) -> tuple[str, ...]:
    """Whom a schedule should name: us, or the holder of the line's certificate."""
    holder = at.certificate.certificate_holder.name
    named = (holder.value,) if holder.is_read and holder.value else ()
    return (*case.context.legal_names, *named)


def _doubt(lone: LonePage, at: LineAt, line: str, on: date) -> str | None:
    """Why the page may not be for the line's policy and term; None where it certainly is."""
    page, number = lone.page, at.entry("policy_number")
    if page.policy_number is None:
        return NO_NUMBER
    if not number.value:
        return NOT_SHOWN
    if why := policy_doubt(page, getattr(at.certificate, at.row)):
        return why
    if why := insured_doubt(page, at.certificate.insured.name):
        return why
    if page.effective is not None and page.effective > on:
        return NOT_YET.format(day=american(page.effective))
    if page.expires is not None and page.expires <= on:
        return ENDED.format(day=american(page.expires))
    return _undated(lone, at, line)


def _undated(lone: LonePage, at: LineAt, line: str) -> str | None:
    """A page without days is of the term that it came in: the same number may go on for years."""
    begins = at.entry("effective_date")
    if not begins.is_read or begins.value is None:
        return TERM_UNKNOWN
    is_dated = lone.page.effective is not None or lone.page.expires is not None
    if is_dated or lone.came >= begins.value:
        return None
    is_early = begins.value - lone.came > SENT_AHEAD
    if is_early or any(_was_in_force(term, lone.came, line) for term in lone.terms):
        return EARLIER_TERM.format(came=american(lone.came), begins=american(begins.value))
    return None


def _was_in_force(term: Term, day: date, line: str) -> bool:
    begins, ends = term.begins or date.min, term.ends or date.max
    return term.line == line and begins <= day < ends


def days_of(packet: Packet) -> Iterator[date]:
    """The days on which a page begins or ends to count."""
    for lone in packet.endorsements:
        yield from filter(None, (lone.page.effective, lone.page.expires))


def terms_of(page: EndorsementPage, certificates: Collection[Certificate]) -> tuple[Term, ...]:
    """What a vendor's certificates show of the policy number on a page."""
    if page.policy_number is None:
        return ()
    found = [
        Term(name, line.effective_date.value, line.expiration_date.value)
        for certificate in certificates
        for name in STANDARD_LINES
        if (line := getattr(certificate, name)).policy_number.value
        and same_policy(line.policy_number.value, page.policy_number)
    ]
    return tuple(dict.fromkeys(found))
