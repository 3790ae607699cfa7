"""Accents: print of another language, or specks of dirt above and below plain letters."""

from __future__ import annotations

import re

from connector.extraction.ocr.acceptance.english import is_common, is_known
from connector.extraction.ocr.acceptance.known_words import (
    MISREAD,
    without_accents,
)
from connector.extraction.ocr.spacing import solid

_WITH_ACCENTS = frozenset({
    "adrian", "agustin", "alvarez", "andre", "andres", "angel", "angela", "barbara", "benitez", "bolivar",
    "cesar", "chavez", "colon", "cordoba", "cortes", "diaz", "dominguez", "fabian", "fernandez", "garcia",
    "gomez", "gonzalez", "gutierrez", "guzman", "hector", "helene", "hernandez", "ines", "ivan", "jesus",
    "jimenez", "joaquin", "jose", "juarez", "julian", "leon", "lopez", "lucia", "maria", "marquez", "martin",
    "martinez", "melendez", "mendez", "mexico", "monica", "montreal", "oscar", "panama", "peru", "perez",
    "quebec", "ramirez", "ramon", "raul", "rene", "rodriguez", "roman", "ruben", "ruiz", "sanchez", "saul",
    "sebastian", "simon", "sofia", "suarez", "tomas", "vazquez", "veronica", "victor", "america", "cabana", "cafe",
    "canon", "facade", "jalapeno", "pinon", "union",
})  # fmt: skip
"""Names of people and places, and a few other words, among those of the list, which are written with accents in
their languages."""

_SHORTEST = 4
"""Letters of a word that is no other by chance."""

_WORD = re.compile(r"[^\W\d_]+")


def without_accents_of_dirt(text: str, second: str) -> str:
    """The text with common words as the second reader sees them, where the first one saw dirt as their accents:
    no "Inșurance" is printed."""

    def plain(word: re.Match[str]) -> str:
        bare = without_accents(word[0])
        return bare if bare.isascii() and bare in seen and _is_plain(word[0]) else word[0]

    seen = set(_WORD.findall(second))
    return text if text.isascii() else _WORD.sub(plain, text)


def accented_english(text: str) -> str | None:
    """A sentence about the first English word that has an accent, as no such word has."""
    for word, bare in _accented(text):
        if len(bare) >= _SHORTEST and is_known(bare.casefold()):
            return MISREAD.format(word=word, text=text, known=bare)
    return None


def never_on(text: str) -> set[int]:
    """The indices, spaces left out, of the letters of words that have no accents."""
    found: set[int] = set()
    for word in _WORD.finditer(text):
        if _is_plain(word[0]):
            start = len(solid(text[: word.start()]))
            found |= set(range(start, start + len(word[0])))
    return found


def _is_plain(word: str) -> bool:
    """Whether a word is a common one that has no accents, whatever stands over its letters."""
    bare = without_accents(word)
    return is_common(bare) and "ñ" not in word.casefold() and bare.casefold() not in _WITH_ACCENTS


def are_usual(text: str) -> bool:
    """Whether every accent stands on a name that is written with it: a speck is no likelier there than
    on any other letter."""
    return not _accented(text)


def _accented(text: str) -> list[tuple[str, str]]:
    """The words with accents, each also without, but those of people and places that are written so, and
    those with an ñ, which its stroke proves."""
    words = [] if text.isascii() else _WORD.findall(text)
    pairs = [(word, without_accents(word)) for word in words if "ñ" not in word.casefold()]
    return [
        (word, bare)
        for word, bare in pairs
        if bare != word and bare.casefold() not in _WITH_ACCENTS
    ]
