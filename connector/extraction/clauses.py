"""The description of operations as clauses: sentences, the lines they name, what they deny."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connector.certificate.entries import entry_at
from connector.certificate.model import OTHER_LINES, Certificate

_LINE_WORDS: Mapping[str, re.Pattern[str]] = {
    "general_liability": re.compile(r"(?i)\bgeneral\s+liab|\bCGL\b|\bGL\b|\bgen\W?l\.?\s+liab"),
    "auto_liability": re.compile(r"(?i)\b(auto|automobiles?|autos|vehicles?)\b|\bBAP\b"),
    "umbrella_liability": re.compile(r"(?i)\bumbrella\b|\bexcess\b"),
    "workers_compensation": re.compile(
        r"(?i)\bwork(er|men|man)\W?s?\W{0,3}comp|\bWC\b|\bemployer\W?s?\W{0,3}liab"
    ),
}
"""The apostrophe may be any mark: printers and readers of pictures make many of it."""
_OTHER_WORDS: Mapping[str, re.Pattern[str]] = {
    "professional": re.compile(
        r"(?i)\bprofessional\b|\bE\s?&\s?O\b|\berrors\s+(and|&)\s+omissions"
    ),
    "pollution": re.compile(r"(?i)\bpollution\b|\bCPL\b|\benvironmental\b"),
    "cyber": re.compile(r"(?i)\bcyber\b"),
    "property": re.compile(
        r"(?i)\bbuilder\W?s?\W{0,3}risk\b|\bproperty\s+polic|\binland\s+marine\b|\binstallation\b"
    ),
    "crime": re.compile(r"(?i)\bcrime\b"),
}
_EVERY_LINE = re.compile(
    r"(?i)\b(all|each|every)(\s+of)?(\s+the)?(\s+(above|listed|referenced|described|captioned|liability))*"
    r"\s+(polic(y|ies)|coverages?|lines)\b"
)
_EXCEPT = re.compile(
    r"(?i)\b(except(ing|ion)?|excluding|excludes?|other\s+than|but\s+not|not\s+including|not\s+applicable\s+to|save\s+for)\b"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence. `kept` is the part before an exception ("except workers compensation")."""

    text: str

    @property
    def kept(self) -> str:
        found = _EXCEPT.search(self.text)
        return self.text[: found.start()] if found else self.text

    @property
    def excepted(self) -> str:
        return self.text[len(self.kept) :]

    @property
    def names_lines(self) -> bool:
        """Whether any line of insurance is named, by itself or with all others."""
        every = (*_LINE_WORDS.values(), *_OTHER_WORDS.values(), _EVERY_LINE)
        return any(words.search(self.kept) for words in every)

    def lines(self, certificate: Certificate, present: Sequence[str]) -> list[str]:
        """The lines present that the clause speaks of and does not except."""
        everything = bool(_EVERY_LINE.search(self.kept))
        return [
            name
            for name in present
            if (everything or _names(self.kept, certificate, name))
            and not _names(self.excepted, certificate, name)
        ]

    @property
    def is_promise(self) -> bool:
        """Whether it asks for something, or says that it will come."""
        return bool(_PROMISE.search(self.text))

    def denies(self, topic: re.Pattern[str]) -> bool:
        """Whether the clause says that the topic does not apply."""
        found = topic.search(self.text)
        if not found:
            return False
        before = self.text[max(0, found.start() - 40) : found.start()]
        after = self.text[found.end() : found.end() + 60]
        return bool(_NOT_BEFORE.search(before) or _NOT_AFTER.search(after))


_NOT_BEFORE = re.compile(
    r"(?i)\b(no|not|never|without|neither|nor|isn\W?t|aren\W?t|can(no|\W?)t|declin\w+|exclud\w+|refus\w+)\b[\w\s,/'’‘`´\-]*$"
)
_NOT_AFTER = re.compile(
    r"(?i)^[\w\s,/'’‘`´\-]{0,30}\b((is|are|was|were|does|do|has|have|will|shall|may|can)\s*(not|n\W?t)\b|\b(won|can)\W?t\b|not\s+(included|provided|available|applicable|afforded)|(is|are)\s+excluded)"
    r"|^\s*(?:\([^)]*\)\s*)?(?:coverage\s*)?(?:excluded\b|:?\s*none\b|:\s*no\b|not\s+(?:covered|granted|endorsed))"
)


_PROMISE = re.compile(
    r"(?i)\b(pending|upon\s+request|to\s+follow|to\s+be\s+(issued|added|endorsed)|applied\s+for|on\s+order|in\s+process"
    r"|(has|have)\s+been\s+(requested|ordered)|requested\s+by|(is|are)\s+being\s+\w+|will\s+be\s+(issued|sent|forwarded|mailed|ordered)"
    r"|quote[ds]?|subject\s+to\s+(underwriting|approval|acceptance))\b"
)


def _names(text: str, certificate: Certificate, name: str) -> bool:
    if name not in OTHER_LINES:
        return bool(_LINE_WORDS[name].search(text))
    kind = entry_at(certificate, f"{name}.kind").value
    words = _OTHER_WORDS.get(str(kind))
    return bool(words and words.search(text))


def clauses(text: str) -> list[Clause]:
    """The sentences of a description; its line breaks may stand inside a sentence."""
    return [Clause(sentence) for block in _blocks(text) for sentence in _sentences(block)]


_HEADED = re.compile(r"^([A-Z][\w /&'\-]{2,40}:|[-*•]\s|\d+[.)]\s|RE\b)")


def _blocks(text: str) -> Iterator[str]:
    """Lines that run on are joined; a line that begins with a heading or a bullet starts anew."""
    block: list[str] = []
    for line in text.split("\n"):
        ended = bool(block) and block[-1].endswith((".", ";")) and line[:1].isupper()
        if block and (_HEADED.match(line) or not line.strip() or ended):
            yield " ".join(block)
            block = []
        if line.strip():
            block.append(line.strip())
    if block:
        yield " ".join(block)


_STOP = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9\"'(])")
_ABBREVIATION = re.compile(
    r"(?i)(\b(inc|co|corp|ltd|llc|l\.l\.c|no|st|ave|rd|dept|mr|mrs|ms|dr|jr|sr|u\.s|p\.o|bldg|ste|attn|re|proj|p\.c|l\.p)|\b[A-Z])\.$"
)
_SAYS = re.compile(
    r"(?i)\b(is|are|applies|apply|includes?|included|shall|will|has|have|provided|waive[drs]?|waiver|"
    r"additional\s+insureds?|primary|notice|subrogation)\b"
)
"""Words without which a piece of text is no sentence of its own."""


def _sentences(block: str) -> Iterator[str]:
    """A full stop behind an abbreviation ends a sentence only between two pieces that say something."""
    start = 0
    for stop in _STOP.finditer(block):
        piece = block[start : stop.start()]
        rest = _STOP.split(block[stop.end() :], maxsplit=1)[0]
        if _ABBREVIATION.search(piece) and not (_SAYS.search(piece) and _SAYS.search(rest)):
            continue
        yield piece
        start = stop.end()
    if block[start:]:
        yield block[start:]
