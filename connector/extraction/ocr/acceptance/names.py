"""Names and other words: seen alike on letters and digits, with no letter lost inside a word."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from connector.certificate import values
from connector.extraction.ocr.sighting import Belief, Sighting, differing

_SMALL_WORDS = frozenset(
    "a an and as at by c/o co d/b/a da dba de del des di do dos du e et fbo for from in inc its la las le "
    "llc los ltd of on or per rd st t/a the to ty und v van vd von y".split()
) - {"ty"}
"""Words of a name that stand in small letters without anything missing before them."""

_WIDE_GAP = 1.75
"""A gap that much wider than the usual space between words: a letter is missing beside it."""


def believe(sighting: Sighting) -> Belief:
    """A line of a name or address."""
    text = values.tidy(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        sure = sighting.first.weakest >= 0.9
        return seen if sure else replace(seen, doubt=differing(sighting))
    if _solid(text) != _solid(sighting.second.text):
        return replace(seen, doubt=differing(sighting))
    if why := damage(text, sighting):
        return replace(seen, doubt=why)
    return seen


def damage(text: str, sighting: Sighting) -> str | None:
    """A sentence when letters seem to be missing: small letters after a gap, or a gap too wide."""
    for word in text.split()[1:]:
        plain = word.strip(".,;:()&'\"")
        if plain[:1].islower() and plain not in _SMALL_WORDS and len(plain) <= 6 and "@" not in text:
            return f"A letter seems to be missing before “{plain}” in “{text}”."
    if _has_wide_gap(sighting):
        return f"There is a gap in “{text}” where something may be missing."
    return None


def _has_wide_gap(sighting: Sighting) -> bool:
    boxes = sighting.line.blots.boxes
    if len(boxes) < 4:
        return False
    reach = np.maximum.accumulate(boxes[:, 2])
    room = (boxes[1:, 0] - reach[:-1]) / max(sighting.line.height, 1.0)
    spaces = room[room > 0.25]
    return bool(len(spaces) >= 2 and spaces.max() > _WIDE_GAP * np.median(spaces))


def _solid(text: str) -> str:
    """Letters and digits only: readers differ on points and spaces without meaning anything."""
    return re.sub(r"[\W_]", "", values.tidy(text)).casefold()
