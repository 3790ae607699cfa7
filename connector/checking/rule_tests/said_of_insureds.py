"""What sentences of a description say of additional insureds: in general, of the holder, or that there are none.

Words prove nothing by standing near one another: a sentence counts where it speaks of additional
insureds itself and denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

BLANKET = re.compile(
    r"(?i)(?:where|when|as|if)\s+(?:and\s+to\s+the\s+extent\s+)?required\s+by\s+(?:a\s+)?(?:written\s+)?(?:contract|agreement)"
    r"|blanket\s+additional\s+insured|any\s+(?:person|organi[sz]ation|other\s+party)\b"
)
_INSURED = re.compile(r"(?i)\badditional(?:ly)?[\s-]+(?:named[\s-]+)?insured|\badd'?l\.?\s+ins")
_DENIAL = re.compile(
    r"(?i)\b(?:no|not|never|neither|nor|without|none|cannot|exclud\w*|denie[sd]|refused|unless)\b|n['’]t\b"
)
_NO_DENIAL = re.compile(
    r"(?i)\bnot\s+(?:be\s+)?limited\s+to\b|\bnot\s+only\b|\bno\.?\s*[:#]?\s*(?=[\w-]*\d)"
)
"""Words that look like a denial: "including but not limited to", "Project No. 4417"."""
_NOT_GIVEN = (
    r"[^.;]{0,40}(?:\b(?:not|never)\b|n['’]t\b)\s+(?:been\s+|be\s+)?"
    r"(?:granted|provided|included|afforded|appl\w+|extended|endorsed|given)"
)
_REFUSED = {
    "additional_insured_endorsement": re.compile(
        r"(?i)\bholders?\b[^.;]{0,40}(?:\b(?:not|no|never|excluded)\b|n['’]t\b)[^.;]{0,40}\badditional(?:ly)?\s+insured"
        rf"|\bno\s+additional\s+insureds?\b|\badditional\s+insureds?\b{_NOT_GIVEN}"
    ),
    "waiver_of_subrogation_endorsement": re.compile(
        rf"(?i)\bno\s+waiver\s+of\s+subrogation\b|\bwaiver\s+of\s+subrogation\b{_NOT_GIVEN}"
        r"|\bsubrogation\s+(?:is|has)\s+(?:been\s+)?not\s+(?:been\s+)?waived\b"
    ),
}
_SOMEBODY = re.compile(r"^s?\s*(?:\(s\)\s*)?(?:is|are|:)\s*(?!as\b|where\b|when\b|per\b|on\b)\S")
_STOPS = re.compile(r"[.;](?=\s|$)|\n")


class Said(StrEnum):
    """`near`: the words are there, and may not mean it."""

    YES = "yes"
    NEAR = "near"


def in_general(text: str) -> tuple[Said, str] | None:
    """Whether a text makes whoever a contract names an additional insured, and its words."""
    if not _INSURED.search(text) or not (near := BLANKET.search(text)):
        return None
    for sentence in sentences(text):
        found = BLANKET.search(sentence)
        if found and _INSURED.search(sentence) and not denies(sentence):
            return Said.YES, found[0]
    return Said.NEAR, near[0]


def in_names(text: str) -> tuple[Said, str] | None:
    """The same of a list of additional insureds, which speaks of nothing else."""
    found = BLANKET.search(text)
    if found is None:
        return None
    return (Said.NEAR if denies(text) else Said.YES), found[0]


def of_holder(sentence: str, end: int) -> Said:
    """Whether a sentence that speaks of holder and additional insured, up to `end`, means the holder."""
    names_another = _SOMEBODY.match(sentence[end:])
    return Said.NEAR if denies(sentence) or names_another else Said.YES


def denies(sentence: str) -> bool:
    return bool(_DENIAL.search(_NO_DENIAL.sub(" ", sentence)))


def refused(text: str, box: str, line: str | None) -> str | None:
    """The words by which a text denies what a tick of a line claims: that the holder, or anybody, is
    no additional insured, that nothing is waived; not those that deny it for other lines only."""
    words, plain = _REFUSED.get(box), _NO_DENIAL.sub(" ", text)
    for found in words.finditer(plain) if words else ():
        about = _STOPS.split(plain[found.end() :])[0]
        named = {name for name, its in _LINES.items() if its.search(about)}
        if not named or line in named:
            return " ".join(found[0].split())
    return None


_LINES = {
    "general_liability": re.compile(r"(?i)\bgeneral\s+liab|\bC?GL\b"),
    "auto_liability": re.compile(r"(?i)\bauto"),
    "umbrella_liability": re.compile(r"(?i)\bumbrella|\bexcess\b"),
    "workers_compensation": re.compile(r"(?i)\bwork(?:er|men|man)\S*\s+comp|\bWC\b|\bemployer"),
    "professional": re.compile(r"(?i)\bprofessional\b|\bE\s?&\s?O\b"),
}


def sentences(text: str) -> Iterator[str]:
    """Roughly: a sentence that is cut in two says less, and never more."""
    yield from filter(None, (piece.strip() for piece in _STOPS.split(text)))
