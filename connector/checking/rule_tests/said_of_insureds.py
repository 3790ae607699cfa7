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
_REFUSED = re.compile(
    r"(?i)\bholders?\b[^.;]{0,40}(?:\b(?:not|no|never|excluded)\b|n['’]t\b)[^.;]{0,40}\badditional(?:ly)?\s+insured"
    r"|\bno\s+additional\s+insureds?\b"
    r"|\badditional\s+insureds?\b[^.;]{0,40}(?:\b(?:not|never)\b|n['’]t\b)\s+(?:been\s+|be\s+)?(?:granted|provided|included|afforded|appl\w+|extended|endorsed|given)"
)
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


def refused(text: str) -> str | None:
    """The words by which a text says that the holder, or anybody, is no additional insured."""
    found = _REFUSED.search(_NO_DENIAL.sub(" ", text))
    return " ".join(found[0].split()) if found else None


def sentences(text: str) -> Iterator[str]:
    """Roughly: a sentence that is cut in two says less, and never more."""
    yield from filter(None, (piece.strip() for piece in _STOPS.split(text)))
