"""One page of an endorsement: which form it is, for which policy, term and persons, and what it proves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz

from connector.certificate.endorsement_forms import EndorsementForm, Form, known_forms
from connector.certificate.entries import evidence_from, evidence_json
from connector.certificate.entry import Entry, Evidence, Source
from connector.certificate.field import scalar
from connector.certificate.model import CoverageLine
from connector.certificate.names import Likeness, named_in

EVIDENCED = "evidenced"
OTHER_POLICY = "The endorsement page is for policy {printed}, the certificate shows {shown}."
NO_POLICY_READ = (
    "The policy number of the certificate is not sure, so the endorsement may be another policy's."
)
OTHER_TERM = "The endorsement page is of a term {words}, the certificate's begins on {begins}."
OTHER_DAY = (
    "The endorsement page prints {day} without saying what for, and the certificate's term begins on "
    "{begins}."
)
NOT_YET = "The endorsement page takes effect on {day} only."
OTHER_INSURED = "The endorsement page is for {printed}, the certificate for {shown}."
CARRIER_FORM = (
    "The page is an insurer's own form ({title}); a person should confirm what it grants."
)
ANOTHERS = "The endorsement page's schedule names {named}, not the certificate holder."
UNREAD = "The form number of the endorsement page could not be read."
NOBODY = "The endorsement page's schedule is empty, so nobody knows for whom it is."
NO_SCHEDULE = "The schedule of the endorsement page was not found, so nobody knows for whom it is."
SPECIMEN = "The page says that it is a specimen."
NOT_SURE = "The form number was read from a picture once only."
NAMES_IT_ONLY = "The page names {form}, but does not say that it changes the policy."

GENERAL = "general_liability"
_GRANTS_BY_TITLE = {
    "additional_insured_endorsement": re.compile(r"(?i)additional\s+insured"),
    "primary_and_noncontributory_endorsement": re.compile(r"(?i)non-?\s?contributory"),
    "waiver_of_subrogation_endorsement": re.compile(r"(?i)waiver\s+of|right\s+to\s+recover"),
}
_SCHEDULED = (
    "additional_insured_endorsement",
    "completed_operations_endorsement",
    "waiver_of_subrogation_endorsement",
)
"""What a form grants to those alone whom its schedule names."""


SENT_AHEAD = timedelta(days=60)
"""So long before a term begins its papers are sent."""


@dataclass(frozen=True, slots=True)
class EndorsementPage:
    """`printed` is its form number as printed, None when it has none we know how to read.

    `is_sure` is whether the number was read for certain; `is_itself` whether the page says that it
    changes the policy, or goes on from one that does: a letter may name a form, too. `effective`
    and `expires` are the days printed as the endorsement's or the policy's, `days` all that it
    prints. `is_blank_form`: it has a schedule of persons, and nothing stands in it; `is_for_anyone`:
    its schedule says "any person …". `insured` is the named insured that it prints.
    """

    page: int
    source: Source
    printed: Form | None
    title: str
    policy_number: str | None
    names: tuple[str, ...]
    evidence: Evidence
    is_sure: bool = True
    is_itself: bool = True
    effective: date | None = None
    expires: date | None = None
    is_blank_form: bool = False
    insured: str | None = None
    is_specimen: bool = False
    days: tuple[date, ...] = ()
    is_for_anyone: bool = False

    @property
    def form(self) -> EndorsementForm | None:
        return known_forms().get(self.printed.number) if self.printed else None

    @property
    def line(self) -> str:
        """The coverage line that it changes; an unknown form is taken for general liability's."""
        return self.form.line if self.form else GENERAL

    @property
    def grants(self) -> tuple[str, ...]:
        """The names of the line's boxes that it proves: by its number, else by its title."""
        if self.form and self.printed:
            return self.form.granted(self.printed.edition)
        return tuple(name for name, words in _GRANTS_BY_TITLE.items() if words.search(self.title))

    @property
    def is_unread(self) -> bool:
        """Whether it is a picture whose form number could not be read: it may be any form."""
        return self.printed is None and self.source is Source.OCR

    @property
    def is_addendum(self) -> bool:
        """Whether it is a form that no policy has, asked for beside a certificate (ACORD 855)."""
        return self.printed is not None and self.printed.number.startswith("ACORD ")

    @property
    def gives_notice(self) -> bool:
        return self.form is not None and self.form.gives_notice


def in_sequence(pages: Sequence[EndorsementPage]) -> list[EndorsementPage]:
    """The pages of one document, where each further page of a form is what its first page is.

    Only the first says that it changes the policy, and for which.
    """
    found: list[EndorsementPage] = []
    for page in pages:
        last = found[-1] if found else None
        found.append(_goes_on(last, page) if last and _is_next(last, page) else page)
    return found


def _is_next(last: EndorsementPage, page: EndorsementPage) -> bool:
    return (
        page.page == last.page + 1
        and not page.is_itself
        and page.printed is not None
        and page.printed == last.printed
    )


def _goes_on(last: EndorsementPage, page: EndorsementPage) -> EndorsementPage:
    return replace(
        page,
        is_itself=last.is_itself,
        policy_number=page.policy_number or last.policy_number,
        names=page.names or last.names,
        is_blank_form=last.is_blank_form and not page.names,
        is_for_anyone=page.is_for_anyone or last.is_for_anyone,
        effective=page.effective or last.effective,
        expires=page.expires or last.expires,
        insured=page.insured or last.insured,
        days=tuple(dict.fromkeys((*last.days, *page.days))),
    )


def doubt_of(page: EndorsementPage) -> str | None:
    """Why nobody should rely on what the page is; None where that is certain."""
    if page.is_unread:
        return UNREAD
    if page.is_specimen:
        return SPECIMEN
    if page.form is None and not page.is_addendum:
        return CARRIER_FORM.format(title=page.title[:60])
    if not page.is_itself and not page.is_addendum:
        return NAMES_IT_ONLY.format(form=page.printed)
    return None if page.is_sure else NOT_SURE


def policy_doubt(page: EndorsementPage, line: CoverageLine) -> str | None:
    """Why the page may not be for the policy and term that a certificate's line shows.

    What the page does not print is no doubt here.
    """
    shown = line.policy_number
    printed, number = page.policy_number, shown.value
    if printed is not None and number and not same_policy(printed, number):
        if shown.is_unclear:
            return NO_POLICY_READ
        return OTHER_POLICY.format(printed=printed, shown=number)
    return _term_doubt(page, line.effective_date.value, line.expiration_date.value)


def insured_doubt(page: EndorsementPage, insured: Entry[str]) -> str | None:
    """Why the page may be another insured's: it prints one that is not the certificate's."""
    if page.insured is None or not insured.is_read or not insured.value:
        return None
    likeness = max(named_in(insured.value, page.insured), named_in(page.insured, insured.value))
    misread = page.source is Source.OCR and _alike(page.insured, insured.value)
    if likeness is not Likeness.DIFFERENT or misread:
        return None
    return OTHER_INSURED.format(printed=page.insured[:60], shown=insured.value[:60])


MISREAD_RATIO = 75.0
"""rapidfuzz partial ratio (0..100) from which a name read from a picture may be the other one."""


def _alike(one: str, other: str) -> bool:
    return fuzz.partial_ratio(one.lower(), other.lower()) >= MISREAD_RATIO


def _term_doubt(page: EndorsementPage, begins: date | None, ends: date | None) -> str | None:
    """Days printed on the page must lie in the certificate's term."""
    if begins is None:
        return None
    first, last, until = page.effective, page.expires, ends or date.max
    if first is None and last is None:
        return _day_doubt(page, begins, until)
    if first is not None and not (begins <= first < until):
        return OTHER_TERM.format(words=f"from {_day(first)}", begins=_day(begins))
    if last is not None and not (begins < last <= until):
        return OTHER_TERM.format(words=f"that ends on {_day(last)}", begins=_day(begins))
    return None


def _day_doubt(page: EndorsementPage, begins: date, until: date) -> str | None:
    """Of a page whose days nobody could tell apart: one outside the term may be another term's."""
    outside = (day for day in page.days if not (begins - SENT_AHEAD <= day <= until))
    day = next(outside, None)
    return OTHER_DAY.format(day=_day(day), begins=_day(begins)) if day else None


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def same_policy(one: str, other: str) -> bool:
    """Whether two policy numbers are the same but for spaces, hyphens and case."""
    return plain_number(one) == plain_number(other)


def plain_number(number: str) -> str:
    """A policy number's letters and digits: what numbers are compared by."""
    return "".join(ch for ch in number.upper() if ch.isalnum())


def for_others(page: EndorsementPage, box: str, names: Collection[str]) -> str | None:
    """Why a page may be for others alone: its schedule names persons, and none of `names`; or it is
    empty."""
    if box not in _SCHEDULED:
        return None
    if page.is_blank_form:
        return NOBODY
    if not page.names:
        is_lost = page.form is not None and page.form.is_scheduled and not page.is_for_anyone
        return NO_SCHEDULE if is_lost else None
    printed = (*page.names, " ".join(page.names))
    if any(named_in(name, each) is Likeness.SAME for name in names for each in printed):
        return None
    return ANOTHERS.format(named="; ".join(page.names)[:80])


def names_others(page: EndorsementPage, names: Collection[str]) -> str | None:
    """The same of all that the page grants."""
    doubts = (for_others(page, box, names) for box in page.grants)
    return next(filter(None, doubts), None)


def page_to_json(page: EndorsementPage) -> dict[str, Any]:
    """The page as stored."""
    return {
        "page": page.page,
        "source": page.source.value,
        "form": page.printed.number if page.printed else None,
        "edition": page.printed.edition if page.printed else None,
        "title": page.title,
        "policy_number": page.policy_number,
        "names": list(page.names),
        "evidence": evidence_json(page.evidence),
        "is_sure": page.is_sure,
        "is_itself": page.is_itself,
        "effective": scalar(page.effective),
        "expires": scalar(page.expires),
        "is_blank_form": page.is_blank_form,
        "insured": page.insured,
        "is_specimen": page.is_specimen,
        "days": [scalar(day) for day in page.days],
        "is_for_anyone": page.is_for_anyone,
    }


def page_from_json(stored: Mapping[str, Any]) -> EndorsementPage:
    """What `page_to_json` wrote."""
    return EndorsementPage(
        page=stored["page"],
        source=Source(stored["source"]),
        printed=Form(stored["form"], stored["edition"]) if stored["form"] else None,
        title=stored["title"],
        policy_number=stored["policy_number"],
        names=tuple(stored["names"]),
        evidence=evidence_from(stored["evidence"]),
        is_sure=stored["is_sure"],
        is_itself=stored["is_itself"],
        effective=_date(stored["effective"]),
        expires=_date(stored["expires"]),
        is_blank_form=stored.get("is_blank_form", False),
        insured=stored.get("insured"),
        is_specimen=stored.get("is_specimen", False),
        days=tuple(date.fromisoformat(day) for day in stored.get("days", ())),
        is_for_anyone=stored.get("is_for_anyone", False),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
