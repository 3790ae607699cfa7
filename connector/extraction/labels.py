"""Finding the form's printed labels among the words of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from connector.certificate.entry import Box
from connector.extraction.editions import Edition
from connector.extraction.words import Word

WIDEST_GAP = 9.0
"""Points between two words of one label."""


class Found(NamedTuple):
    """A printed label on the page: the words (by index) that make it up, and their box."""

    box: Box
    words: tuple[int, ...]


@lru_cache(maxsize=8_192)
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
        seen = {
            number: text
            for number, word in enumerate(words)
            if not word.is_hidden and (text := plain(word.text))
        }
        found: dict[str, list[Found]] = {text: [] for text in label_texts(edition)}
        beginnings, chains = _beginnings(edition), _Chains(words, seen)
        for number, text in seen.items():
            for label in beginnings.get(text, ()):
                if chain := chains.spelling(label[len(text) :], (number,)):
                    found[label].append(Found(_around(words, chain), chain))
        return cls(found)


@cache
def label_texts(edition: Edition) -> tuple[str, ...]:
    """The plain texts of the edition's labels, each once."""
    return tuple(dict.fromkeys(text for label in edition.labels if (text := plain(label.text))))


@cache
def _beginnings(edition: Edition) -> dict[str, list[str]]:
    """For every beginning of a label the labels that begin so."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in label_texts(edition):
        for length in range(1, len(text) + 1):
            found[text[:length]].append(text)
    return dict(found)


class _Chains:
    """Words one behind the other on their line; `seen` are their plain texts by number."""

    def __init__(self, words: Sequence[Word], seen: Mapping[int, str]) -> None:
        self._words = words
        self._seen = seen
        self._next: dict[int, list[int]] = {}
        self._lines: dict[int, list[int]] = defaultdict(list)
        for number in seen:
            self._lines[_band(words[number])].append(number)

    def spelling(self, rest: str, chain: tuple[int, ...]) -> tuple[int, ...] | None:
        """The chain with the words behind it that spell the rest of a label."""
        if not rest:
            return chain
        for number in self._behind(chain[-1]):
            text = self._seen[number]
            if rest.startswith(text):
                longer = self.spelling(rest[len(text) :], (*chain, number))
                if longer:
                    return longer
        return None

    def _behind(self, number: int) -> list[int]:
        """The words that may follow a word: near behind it, on its line."""
        known = self._next.get(number)
        if known is None:
            band = _band(self._words[number])
            near = (other for at in (band - 1, band, band + 1) for other in self._lines.get(at, ()))
            last = self._words[number]
            known = [other for other in near if _follows(last, self._words[other])]
            self._next[number] = known
        return known


LINE_BAND = 2.5
"""Points: words of one line stand no further above or below each other."""


def _band(word: Word) -> int:
    return int((word.top + word.bottom) / (2 * LINE_BAND))


def _follows(last: Word, word: Word) -> bool:
    gap = word.x0 - last.x1
    return (
        -1.5 <= gap <= WIDEST_GAP
        and abs(word.top + word.bottom - last.top - last.bottom) < 2 * LINE_BAND
    )


def _around(words: Sequence[Word], chain: Sequence[int]) -> Box:
    if len(chain) == 1:
        return words[chain[0]].box
    x0, top, x1, bottom = zip(*(words[number].box for number in chain), strict=True)
    return min(x0), min(top), max(x1), max(bottom)
