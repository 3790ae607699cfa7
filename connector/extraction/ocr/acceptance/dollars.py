"""The dollar sign of an amount, and whether a space stands behind it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, free_paper, solid


def hides_a_space(text: str, sighting: Sighting) -> bool:
    """Whether the paper has room for a space between a dollar sign and its amount that neither reader
    sees."""
    plain, spaces, places = solid(text), breaks(text), sighting.places
    room = free_paper(sighting.line, sighting.places)
    if room is None or len(room) != len(plain) - 1:
        return False
    at = sighting.crossed or 0.0
    room[[left < at < right for left, right in pairwise(places)]] = 0  # left by the rule
    least = float(np.median(room)) + _SPACE_BEHIND_DOLLAR
    return any(
        plain[i - 1] == "$"
        and plain[i].isdigit()
        and i not in spaces
        and room[i - 1] > least + (_BEFORE_1 if plain[i] == "1" else 0.0)
        for i in range(1, len(plain))
    )


_SPACE_BEHIND_DOLLAR, _BEFORE_1 = 0.15, 0.18
"""Heights of the print that a gap is wider than the usual one where it may be a space, and that a 1,
which is thin, leaves free besides."""
