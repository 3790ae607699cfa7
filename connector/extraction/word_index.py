"""The words of a page by their level, so that a box looks only at its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter

from connector.certificate.entry import Box
from connector.extraction.words import Word


class WordIndex:
    """Words sorted from the top; a word belongs to the box that holds its middle."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._sorted = sorted(((*word.middle[::-1], word) for word in words), key=itemgetter(0))
        self._levels = [level for level, _, _ in self._sorted]

    def outside(self, boxes: list[Box]) -> WordIndex:
        """The words that stand in none of the boxes."""
        if not boxes:
            return self
        taken = {word for box in boxes for word in self.inside(box)}
        return WordIndex(word for _, _, word in self._sorted if word not in taken)

    def reaching(self, box: Box) -> list[Word]:
        """The words of a block, whose last line may sag over its lower side.

        A word with a third of its height above the box is the last line of the block above.
        """
        wider = (box[0], box[1] - 4, box[2], box[3] + 4)
        return [
            word
            for word in self.inside(wider)
            if box[1] - word.top <= word.height / 3 < box[3] - max(word.top, box[1])
        ]

    def intruding(self, box: Box, reach_in: float) -> bool:
        """Whether a word reaches further than so many points into the box from either side."""
        middle = (box[1] + box[3]) / 2
        reach = (box[3] - box[1]) / 2
        start = bisect_left(self._levels, middle - reach)
        end = bisect_right(self._levels, middle + reach)
        return any(
            min(word.x1, box[2]) - max(word.x0, box[0]) > reach_in
            for _, _, word in self._sorted[start:end]
        )

    def inside(self, box: Box) -> list[Word]:
        """The words whose middle is in the box, from the top."""
        start, end = bisect_left(self._levels, box[1]), bisect_right(self._levels, box[3])
        return [word for _, x, word in self._sorted[start:end] if box[0] <= x <= box[2]]
