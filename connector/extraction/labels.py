"""Finding the form's printed labels among the words of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from connector.certificate.entry import Box
from connector.extraction.editions import Edition
from connector.extraction.text_layer import Word

WIDEST_GAP = 9.0
"""Points between two words of one label."""


class Found(NamedTuple):
    """A printed label on the page: the words (by index) that make it up, and their box."""

    box: Box
    words: tuple[int, ...]


def plain(text: str) -> str:
    """Capitals and digits only: how labels are compared."""
    return _NOT_PLAIN.sub("", text.upper())


_NOT_PLAIN = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Labels:
    """Every place on the page where a label of the edition could stand, by its plain text."""

    candidates: dict[str, list[Found]]

    @classmethod
    def among(cls, words: Sequence[Word], edition: Edition) -> Labels:
        index: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            if not word.is_hidden and (text := plain(word.text)):
                index[text].append(number)
        return cls({text: list(_find(text, words, index)) for text in label_texts(edition)})


@cache
def label_texts(edition: Edition) -> tuple[str, ...]:
    """The plain texts of the edition's labels, the longest first."""
    texts = {plain(label.text) for label in edition.labels} - {""}
    return tuple(sorted(texts, key=len, reverse=True))


def _find(text: str, words: Sequence[Word], index: dict[str, list[int]]) -> Iterable[Found]:
    for length in range(1, len(text) + 1):
        for number in index.get(text[:length], ()):
            chain = _continued(text[length:], words, index, (number,))
            if chain:
                yield Found(_around([words[n] for n in chain]), chain)


def _continued(
    rest: str, words: Sequence[Word], index: dict[str, list[int]], chain: tuple[int, ...]
) -> tuple[int, ...] | None:
    """The chain of words, each right of the last on the same line, that spells the label."""
    if not rest:
        return chain
    last = words[chain[-1]]
    for length in range(1, len(rest) + 1):
        for number in index.get(rest[:length], ()):
            if _follows(last, words[number]):
                longer = _continued(rest[length:], words, index, (*chain, number))
                if longer:
                    return longer
    return None


def _follows(last: Word, word: Word) -> bool:
    gap = word.x0 - last.x1
    return -1.5 <= gap <= WIDEST_GAP and abs(word.middle[1] - last.middle[1]) < 2.5


def _around(words: Sequence[Word]) -> Box:
    return (
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )
