"""Finding the form's printed labels among the words of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
        found: dict[str, list[Found]] = {text: [] for text in label_texts(edition)}
        beginnings = _beginnings(edition)
        for text, numbers in index.items():
            for label in beginnings.get(text, ()):
                rest = label[len(text) :]
                chains = (_continued(rest, words, index, (number,)) for number in numbers)
                found[label] += [_found(words, chain) for chain in chains if chain]
        return cls(found)


def _found(words: Sequence[Word], chain: tuple[int, ...]) -> Found:
    return Found(_around([words[number] for number in chain]), chain)


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
