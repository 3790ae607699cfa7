"""What the words of a certificate claim: additional insured, primary, waiver, notice.

Words only ever make `stated`; `evidenced` needs the endorsement page. A sentence that denies
something states nothing; one that states it for no line in particular states it for the lines
whose box is ticked, and is unclear where none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz

from connector.certificate.entries import lines_present
from connector.certificate.entry import Entry, Evidence, Source, read, unclear
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate, line
from connector.extraction.alignment import BESIDE
from connector.extraction.clauses import Clause, clauses
from connector.extraction.endorsement_forms import forms_named
from connector.extraction.reading import HIDING
from connector.extraction.words import UNKNOWN_LETTER

STATED = "stated"
NO_LINE = "The words claim this without saying for which policy."
DENIED = "The words claim this in one place and deny it in another."
PROMISED = "The words ask for this, or say that it will come."
ONLY_PRIMARY = "The words say primary, but not noncontributory."

ADDITIONAL_INSURED = "additional_insured_endorsement"
PRIMARY = "primary_and_noncontributory_endorsement"
WAIVER = "waiver_of_subrogation_endorsement"
COMPLETED = "completed_operations_endorsement"
PER_PROJECT = "per_project_aggregate_endorsement"

_TOPICS: Mapping[str, re.Pattern[str]] = {
    ADDITIONAL_INSURED: re.compile(
        r"(?i)\badditional(ly)?[\s-]+(named[\s-]+)?insure?ds?\b|\badd\W?l\.?\s+ins(ured|d)?\b"
    ),
    PRIMARY: re.compile(
        r"(?i)\bnon[\s-]*contributory\b|\bprimary\b(?!\s+(contact|insured))|\bP\s?&\s?NC\b|\bPNC\b"
    ),
    WAIVER: re.compile(
        r"(?i)\bwaiv\w*\s+(\w+\s+){0,5}?subrogation\b|\bsubrogation\s+(\w+\s+){0,4}?waive[dr]\b|\bWOS\b"
        r"|\bwaiver\s+of\s+(our\s+)?(right|transfer)"
    ),
    PER_PROJECT: re.compile(
        r"(?i)\b(per|each)[\s-]+(construction\s+)?(project|job)\b[\w\s-]{0,24}\baggregate\b"
        r"|\baggregate\b[\w\s]{0,24}\b(per|each)[\s-]+(construction\s+)?(project|job)\b"
    ),
}
_PHRASES: Mapping[str, tuple[str, ...]] = {
    ADDITIONAL_INSURED: ("additional insured",),
    PRIMARY: ("noncontributory", "primary and"),
    WAIVER: ("subrogation", "waiver of"),
    COMPLETED: ("completed operations",),
    PER_PROJECT: ("per project aggregate", "aggregate per project"),
}
ALIKE = 82
"""Per cent of a phrase's letters found in doubtful text that may be the phrase."""
_COMPLETED = re.compile(r"(?i)\bcompleted[\s-]+(operations?|ops\.?)")
_FORM = re.compile(r"\b(?:CG|CA|CU|WC)[\s-]?\d{2}[\s-]?\d{2}(?:[\s-]?\d{2}){0,3}")
_BOTH_WORDS = re.compile(r"(?i)non[\s-]*contributory|\bP\s?&\s?NC\b|\bPNC\b")

_BOXES = {ADDITIONAL_INSURED: "additional_insured", WAIVER: "subrogation_waived"}


def claims(certificate: Certificate) -> dict[str, Entry[Any]]:
    """The entries that the words of the description state, by path."""
    description = certificate.description_of_operations
    if description.evidence is None or not (description.value or description.is_unclear):
        return {}
    reader = _Reader(certificate, description.evidence)
    for clause in clauses(description.value or ""):
        reader.take(clause)
    found = reader.entries()
    if not description.is_unclear:
        return found
    why = description.doubt or "The description could not be read with certainty."
    hidden: dict[str, Entry[Any]] = {
        path: unclear(None, description.evidence, why)
        for path in reader.may_hide(_readings(description), broken=is_broken(description))
    }
    return {path: entry.doubted(why) for path, entry in (hidden | found).items()}


def _readings(description: Entry[str]) -> str:
    """The text, and what other readings of it say."""
    return "\n".join([description.value or "", *(other.text for other in description.others)])


LEGIBLE = 88
"""Per cent of a line's letters that two readings of it share, where its words can be made out."""


def is_broken(description: Entry[str]) -> bool:
    """Whether any words may stand there: two readings of a line differ too much, or the doubt is not
    about a word that a reader of pictures saw, but about what of the text was found at all."""
    evidence = description.evidence
    seen_once = not description.others and evidence and evidence.source is not Source.OCR
    if not description.value or seen_once:
        return True
    if any(why in (description.doubt or "") for why in (*HIDING, BESIDE)):
        return True
    lines = (description.value or "").split("\n")
    page = description.evidence.page if description.evidence else None
    return any(
        max(fuzz.ratio(line, other.text) for line in lines) < LEGIBLE
        for other in description.others
        if other.text and other.page == page  # not the text that another page goes on with
    )


def _denied_by(topic: str) -> tuple[re.Pattern[str], ...]:
    """The words whose denial denies a topic."""
    if topic == COMPLETED:
        return (_COMPLETED, _TOPICS[ADDITIONAL_INSURED])
    return (_TOPICS[topic],)


class _Reader:
    """Gathers what the clauses claim and deny, in the order of the text."""

    def __init__(self, certificate: Certificate, evidence: Evidence) -> None:
        self._certificate = certificate
        self._page, self._box, self._source = evidence.page, evidence.box, evidence.source
        self._confidence = evidence.confidence
        self._present = lines_present(certificate)
        self._found: dict[str, Entry[Any]] = {}
        self._denied: set[str] = set()
        self._general: list[tuple[str, Clause]] = []

    def take(self, clause: Clause) -> None:
        for topic in self._topics(clause):
            lines = clause.lines(self._certificate, self._present)
            paths = [path for name in lines if (path := f"{name}.{topic}") in BY_PATH]
            if any(clause.denies(words) for words in _denied_by(topic)):
                self._denied.update(paths or [topic])
            elif paths:
                self._state(paths, topic, clause)
            elif topic == PER_PROJECT or (topic == COMPLETED and not clause.names_lines):
                self._state([f"general_liability.{topic}"], topic, clause)
            elif not clause.names_lines:
                self._general.append((topic, clause))
        if not clause.denies(_FORM):
            named = [p for p in forms_named(clause.kept) if p.partition(".")[0] in self._present]
            self._state(named, "", clause)

    def may_hide(self, text: str, *, broken: bool) -> list[str]:
        """The paths of topics whose words may stand in a text that is not read with certainty: of
        all topics where it is broken."""
        return [
            f"{name}.{topic}"
            for topic, phrases in _PHRASES.items()
            if broken
            or UNKNOWN_LETTER in text
            or any(fuzz.partial_ratio(phrase, text.lower()) >= ALIKE for phrase in phrases)
            for name in self._present
            if f"{name}.{topic}" in BY_PATH
        ]

    def _topics(self, clause: Clause) -> Iterable[str]:
        for topic, words in _TOPICS.items():
            if words.search(clause.text):
                yield topic
        if _COMPLETED.search(clause.kept) and _TOPICS[ADDITIONAL_INSURED].search(clause.text):
            yield COMPLETED

    def _state(self, paths: Iterable[str], topic: str, clause: Clause) -> None:
        for path in paths:
            entry = read(STATED, self._evidence(clause))
            if clause.is_promise:
                entry = entry.doubted(PROMISED)
            if topic == PRIMARY and not _BOTH_WORDS.search(clause.text):
                entry = entry.doubted(ONLY_PRIMARY)
            if path not in self._found or self._found[path].is_unclear:
                self._found[path] = entry

    def _evidence(self, clause: Clause) -> Evidence:
        return Evidence(self._page, self._box, clause.text, self._source, self._confidence)

    def entries(self) -> dict[str, Entry[Any]]:
        for topic, clause in self._general:
            self._state_generally(topic, clause)
        for path in self._found:
            if path in self._denied or path.rpartition(".")[2] in self._denied:
                self._found[path] = self._found[path].doubted(DENIED)
        return self._found

    def _state_generally(self, topic: str, clause: Clause) -> None:
        """A claim for no line by name: for the lines that the form marks, else unclear."""
        able = [name for name in self._present if f"{name}.{topic}" in BY_PATH]
        marked = [name for name in able if self._is_marked(name, topic)]
        self._state([f"{name}.{topic}" for name in marked], topic, clause)
        for name in able if not marked else ():
            path = f"{name}.{topic}"
            self._found.setdefault(path, unclear(STATED, self._evidence(clause), NO_LINE))

    def _is_marked(self, name: str, topic: str) -> bool:
        """Whether the line's own box says the same; primary goes with additional insured."""
        box: Entry[bool] = getattr(
            line(self._certificate, name), _BOXES.get(topic, "additional_insured")
        )
        stated = self._found.get(f"{name}.{ADDITIONAL_INSURED}") if topic == PRIMARY else None
        return bool(box.value) or (stated is not None and stated.is_read)
