"""What a certificate's own words take back from an additional insured whom a tick or a sentence claims.

A page of the endorsement itself is not judged here: it stands for what it grants.
"""

from __future__ import annotations

import re

from connector.certificate.entry import Entry
from connector.certificate.names import Likeness, named_in
from connector.checking.answer import Answer, unclear
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.rule_tests.names import holder_by_words
from connector.checking.rule_tests.said_of_insureds import BLANKET, denies, refused, sentences
from connector.checking.subject import Subject
from connector.checking.verdict import Outcome

BOX = "additional_insured_endorsement"
_CLAIM = re.compile(r"(?is)\badditional(?:ly)?\s+insureds?\b(?:(?!additional\s+insured)[^.;])*")
_HINT = re.compile(r"(?i)vicarious|neglig")
_NARROW = re.compile(
    r"(?is)\bvicarious"
    r"|\bsolely\b.{0,40}\bneglig"
    r"|(?<!except )(?<!than )\b(?:for|by|of|from)\s+(?:the\s+|its\s+|their\s+)?sole\s+neglig"
)
"""Not "only for negligent acts of the insured": so far the usual forms go as well."""


def reservation(case: Case, subject: Subject, required: str) -> Answer | None:
    """Why a stated additional insured may not be us, or not for much; None where nothing says so."""
    box = subject.path.rpartition(".")[2]
    if doubt := _refused(case, box, subject.line, required):
        return doubt
    if box != BOX:
        return None
    return _narrowed(case, required) or _anothers(case, required)


def _refused(case: Case, box: str, line: str | None, required: str) -> Answer | None:
    """A tick against words that say the contrary."""
    for certificate in case.documents:
        entry = certificate.description_of_operations
        if words := refused(entry.value or "", box, line):
            return unclear(Code.BOXES_CONTRADICT, required, f"“{words}”", entry)
    return None


def _narrowed(case: Case, required: str) -> Answer | None:
    """Words that cover an additional insured for others' fault alone are no transfer of risk."""
    for certificate in case.documents:
        entry = certificate.description_of_operations
        if not _HINT.search(entry.value or ""):
            continue
        for claim in _CLAIM.finditer(entry.value or ""):
            if _NARROW.search(claim[0]):
                found = f"“{' '.join(claim[0].split())}”"
                return unclear(Code.NARROW_WORDING, required, found, entry)
    return None


def _anothers(case: Case, required: str) -> Answer | None:
    """Additional insureds are named, and we are none of them, nor any whom a contract says."""
    us, listed = case.context.legal_names, _names(case)
    if not us or not listed:
        return None
    likeness = max(named_in(name, entry.value or "") for name in us for entry in listed)
    if likeness is not Likeness.DIFFERENT or _is_open(case):
        return None
    if any(answer.outcome is not Outcome.NOT_MET for answer in holder_by_words(case)):
        return None
    found = f"stated for {'; '.join(entry.value or '' for entry in listed)}"
    return unclear(Code.NAME_MISSING, required, found, listed[0])


def _names(case: Case) -> list[Entry[str]]:
    names = [certificate.additional_insured_names for certificate in case.documents]
    return [entry for entry in names if entry.is_read and entry.value]


def _is_open(case: Case) -> bool:
    """General words name whoever a contract names, which may be us."""
    texts = [
        entry.value or ""
        for certificate in case.documents
        for entry in (certificate.additional_insured_names, certificate.description_of_operations)
    ]
    return any(
        BLANKET.search(sentence) and not denies(sentence)
        for text in texts
        for sentence in sentences(text)
    )
