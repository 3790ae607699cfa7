"""The names that the words call additional insureds, and the days of notice they promise."""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import fuzz

from connector.certificate.entry import Entry, Evidence, read, unclear
from connector.certificate.model import Certificate
from connector.extraction.clauses import Clause, clauses
from connector.extraction.labels import plain
from connector.extraction.wording import ALIKE, is_broken
from connector.extraction.words import UNKNOWN_LETTER

NAMES_NOT_SURE = "It is not sure which names are meant as additional insureds."
DAYS_DIFFER = "The words name different numbers of days for a notice of cancellation."

_SUBJECT = re.compile(
    r"(?i)^(?P<who>.+?)[,\s]+(?:(?:is|are|shall\s+be|will\s+be|to\s+be|has\s+been|have\s+been)\s+)?(?:hereby\s+|also\s+|automatically\s+)?"
    r"(?:(?:included|named|listed|added|shown|considered|recognized|covered|deemed|endorsed)\s+)?(?:as\s+)?(?:an?\s+)?(?:blanket\s+)?"
    r"additional(?:ly)?\s+insureds?\b"
)
_LISTED = re.compile(
    r"(?i)additional\s+insureds?(?:\s*\(s\))?\s*(?:are|is|include[sd]?|:)\s*[:\-]?\s*(?P<who>.+)$"
)
_HOLDER = re.compile(r"(?i)^(?:the\s+)?(?:certificate\s+|cert\.?\s+)?holder$")
_BLANKET = re.compile(
    r"(?i)\b(any|all)\s+(person|organi[sz]ation|part(y|ies)|entit)|\bblanket\b|\b(when|where|as|if)\s+required\b|written\s+(contract|agreement)"
)
_LEAD = re.compile(r"(?i)^(?:re|project|job|location)\b[^;]*[;:]\s*")
_DENIED = re.compile(r"(?i)\b(no|not|never)\b")
_NO_NAME = re.compile(
    r"(?i)^(the\s+|an?\s+)?(general|commercial|auto|umbrella|excess|work|polic|coverage|endorsement|waiver|primary|certificate$|status|this|these|it|following)"
)


def additional_insureds(certificate: Certificate) -> Entry[str] | None:
    """The names, joined by "; "; None when the words name nobody."""
    names: list[str] = []
    sure = True
    quotes: list[str] = []
    for clause in _clauses(certificate):
        found = _named(clause)
        if found is None:
            continue
        quotes.append(clause.text)
        name, is_sure = _resolved(found, certificate)
        sure = sure and is_sure and not certificate.certificate_holder.name.is_unclear
        if name and name not in names:
            names.append(name)
    if not names:
        return None
    evidence = _evidence(certificate, " ".join(quotes))
    text = "; ".join(names)
    return read(text, evidence) if sure else unclear(text, evidence, NAMES_NOT_SURE)


def unreadable(certificate: Certificate) -> dict[str, Entry[Any]]:
    """Names and notice as unclear, where the description may hold them and cannot be read."""
    description = certificate.description_of_operations
    if not description.is_unclear or not description.evidence:
        return {}
    readings = (description.value or "", *(other.text for other in description.others))
    text = "\n".join(readings).lower()
    why = description.doubt or "The description could not be read with certainty."
    return {
        path: unclear(None, description.evidence, why)
        for path, phrase in _PHRASES.items()
        if is_broken(description)
        or UNKNOWN_LETTER in text
        or fuzz.partial_ratio(phrase, text) >= ALIKE
    }


_PHRASES = {
    "additional_insured_names": "additional insured",
    "notice_of_cancellation": "notice of cancellation",
    "notice_of_cancellation_days": "notice of cancellation",
}


def _clauses(certificate: Certificate) -> list[Clause]:
    description = certificate.description_of_operations
    return clauses(description.value) if description.value and description.evidence else []


def _evidence(certificate: Certificate, quote: str) -> Evidence:
    seen = certificate.description_of_operations.evidence
    assert seen is not None  # noqa: S101 - asked only where the description was read
    return Evidence(seen.page, seen.box, quote, seen.source, seen.confidence)


def _named(clause: Clause) -> str | None:
    found = _SUBJECT.match(clause.text)
    if found:
        who = _LEAD.sub("", found["who"]).strip(" ,:-")
        if _DENIED.search(who) or _DENIED.search(clause.text[found.start("who") : found.end()]):
            return None
        if who and not _NO_NAME.match(who):
            return who
    found = _LISTED.search(clause.text)
    return found["who"].strip(" .") if found else None


def _resolved(who: str, certificate: Certificate) -> tuple[str | None, bool]:
    """The name that words mean, and whether that is sure. Blanket words name nobody."""
    holder = certificate.certificate_holder.name.value
    if _HOLDER.match(who):
        return holder, holder is not None
    if holder and plain(who) == plain(holder):
        return holder, True
    if _BLANKET.search(who):
        return None, True
    several = re.search(r"(?i)[;,]|\band\b|&|\bholder\b", who)
    is_name = bool(re.match(r"[A-Z0-9]", who)) and len(who) <= 80
    return who, is_name and not several


_WORDED = {
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DAYS = re.compile(
    r"(?i)\b(?:(?P<number>\d{1,3})|(?P<word>"
    + "|".join(_WORDED)
    + r"))\)?\s*[- ]?\s*days?\W?s?\b(?P<after>[^.;]{0,60})"
)
_NOTICE = re.compile(
    r"(?i)\b(notice|notification)\b[\w\s,'\-]{0,60}\b(cancel\w*|non-?renewal|termination)|\bcancel\w+\s+(notice|clause)"
)
_NON_PAYMENT = re.compile(
    r"(?i)^[\s,(]*(notice\s+)?(of\s+cancel\w+\s+)?(for|in\s+the\s+event\s+of|due\s+to|if)?\s*(cancel\w*\s+(for|due\s+to)\s+)?non-?\s?pay"
)
_FORM_WORDS = re.compile(r"(?i)in\s+accordance\s+with\s+the\s+policy\s+provisions")
_NO_NOTICE = re.compile(
    r"(?i)\b(no|without|not)\b[\w\s]{0,30}\bnotice|\bnotice\b[\w\s]{0,40}\bnot\b"
)


def notice(certificate: Certificate) -> dict[str, Entry[Any]]:
    """The notice of cancellation that the words state, and its days. Non-payment days do not count."""
    found: dict[str, Entry[Any]] = {}
    for clause in _clauses(certificate):
        if not _NOTICE.search(clause.text) or _FORM_WORDS.search(clause.text):
            continue
        if _NO_NOTICE.search(clause.text):
            continue
        evidence = _evidence(certificate, clause.text)
        found["notice_of_cancellation"] = read("stated", evidence)
        days = sorted(set(_days(clause.text)))
        known = found.get("notice_of_cancellation_days")
        if known is not None and known.value is not None:
            days = sorted({*days, known.value})
        if len(days) == 1:
            found["notice_of_cancellation_days"] = read(days[0], evidence)
        elif days:
            found["notice_of_cancellation_days"] = unclear(days[0], evidence, DAYS_DIFFER)
    return found


def _days(text: str) -> list[int]:
    return [
        int(found["number"]) if found["number"] else _WORDED[found["word"].lower()]
        for found in _DAYS.finditer(text)
        if not _NON_PAYMENT.match(found["after"])
    ]
