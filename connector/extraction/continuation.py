"""ACORD 101, the additional remarks schedule: the text that continues a certificate's description."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from connector.certificate.entry import Entry, Evidence, Source, State
from connector.extraction.reading import Line

_HEADING = re.compile(r"(?i)\bform\s+(number|title)\s*:")
_FOOT = re.compile(r"(?i)^(acord\s*101\b|©|the\s+acord\s+name)")
_CONTINUES = re.compile(r"(?i)\bform\s+number\s*:?\s*(?:acord\s*)?(\d+)")

ONE_READER = "The continuation page is a picture, whose words nothing confirms."
"""Such a page has no cells, so that no second reader and no ink is compared with it."""


def continues(lines: Sequence[Line]) -> str | None:
    """The number of the form that the schedule says it continues: "25"; None when it does not say."""
    for line in lines:
        if found := _CONTINUES.search(line.text):
            return str(int(found[1]))
    return None


def remarks(lines: Sequence[Line]) -> list[Line]:
    """The lines below the heading and above the foot."""
    start = next((n for n, line in enumerate(lines) if _HEADING.search(line.text)), None)
    if start is None:
        return []
    level = lines[start].box[3]
    below = [line for line in lines if line.box[1] >= level]
    end = next((n for n, line in enumerate(below) if _FOOT.search(line.text)), len(below))
    return below[:end]


def appended(
    description: Entry[str], lines: Sequence[Line], page: int, source: Source
) -> Entry[str]:
    """The description with the remarks of a continuation page below it."""
    text = "\n".join(line.text for line in lines)
    if not text:
        return description
    evidence = Evidence(page, None, text, source, min(line.confidence for line in lines))
    joined = _joined(description, text, evidence)
    return joined.doubted(ONE_READER) if source is Source.OCR else joined


def _joined(description: Entry[str], text: str, evidence: Evidence) -> Entry[str]:
    if not description.value:
        state = State.READ if description.is_blank else description.state
        return replace(description, value=text, state=state, evidence=evidence)
    return replace(
        description,
        value=f"{description.value}\n{text}",
        others=(*description.others, evidence),
    )
