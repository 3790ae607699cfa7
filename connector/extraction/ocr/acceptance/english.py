"""English words and well-known names: what is none of them, and would be one but for letters that look
alike or touch, is more likely misread by both readers alike ("Praine" for Prairie)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

from connector.extraction.ocr.acceptance.known_words import ABBREVIATIONS, MISREAD, is_well_known
from connector.extraction.ocr.spacing import solid

_LIST = "english_words.txt.gz"
"""From SCOWL; english_words_notice.txt gives its terms."""

_TOUCHING = (
    ("ri", "n"),
    ("rn", "m"),
    ("ni", "m"),
    ("cl", "d"),
    ("tl", "d"),
    ("li", "h"),
    ("vv", "w"),
    ("tt", "ll"),
    ("ii", "ll"),
    ("ff", "tt"),
)
_ALIKE = ("il", "lt", "tf", "it", "ec", "nu", "hb", "vy", "gq", "rt")
_FIRST = ("fp", "eb", "bp")
"""Capitals alike, as small letters."""

_FIRMS = frozenset({"markel"})
"""Insurers whose names are nearly a word."""

_TRADES = frozenset(
    {
        "brickwork",
        "cabinetry",
        "countertop",
        "formwork",
        "hardscape",
        "hvac",
        "millwork",
        "rebar",
        "remediation",
        "sheetmetal",
        "signage",
        "sitework",
        "steelwork",
        "tilework",
    }
)
"""Words of the building trades that the list lacks."""

_SHORTEST = 4
"""Letters of a word that is no other by chance."""

_WORD = re.compile(r"(?<![^\W_])[A-Z]?[a-z]{3,}(?![^\W_])")


def nearly_english(text: str, *, is_worn: bool) -> str | None:
    """A sentence about the first word of the text that is none and nearly is one; None without any.

    In print that is not worn only i, l, t and f are mistaken for each other.
    """
    for word in _WORD.findall(text):
        known = _nearly(word.casefold(), _mistakable if is_worn else _with_other_uprights)
        if known is not None:
            return MISREAD.format(word=word, text=text, known=known)
    return None


def _nearly(word: str, mistakable: Callable[[str], Iterator[str]]) -> str | None:
    if len(word) < _SHORTEST or is_known(word):
        return None
    whole = _HEADLESS.get(word[0], word[0]) + word[1:]
    return next(filter(is_known, (whole, *_with_one_more_stroke(word), *mistakable(word))), None)


def _with_one_more_stroke(word: str) -> Iterator[str]:
    """The word with an l more beside an i or l, which is easily lost there: "Ilinois"."""
    return (word[:i] + "l" + word[i:] for i, letter in enumerate(word) if letter in "il")


def _with_other_uprights(word: str) -> Iterator[str]:
    for index, letter in enumerate(word):
        for other in _UPRIGHTS.get(letter, ""):
            yield word[:index] + other + word[index + 1 :]


_HEADLESS = {"u": "o"}
"""What is left of a first letter whose head went with a rule, and what it was: "Umissions"."""

_UPRIGHTS = {"i": "l", "l": "it", "t": "lf", "f": "t"}


def is_common(word: str) -> bool:
    """Whether a word is no name: a well-known one, or an English one in small letters. The list of English
    words holds surnames too (Seller, and who knows of Seiler)."""
    form = word.casefold()
    return is_well_known(form) or (word.islower() and len(form) >= _SHORTEST and is_known(form))


def is_no_other_by_uprights(word: str) -> bool:
    """Whether a word is a common one, and none with an i for one of its l or the other way round."""
    plain = word.casefold()
    others = (
        plain[:i] + _SWAPPED[c] + plain[i + 1 :] for i, c in enumerate(plain) if c in _SWAPPED
    )
    return is_common(word) and not any(map(is_known, others))


_SWAPPED = {"i": "l", "l": "i"}


def is_none_with(other: str, text: str, index: int) -> bool:
    """Whether the character at an index of a text (spaces left out) stands in a common word, or a short form
    with small letters ("Inc"; a state's CA may be a GA), that would be none with the other one there."""
    for word in re.finditer(r"[^\W\d_]+", text):
        at = index - len(solid(text[: word.start()]))
        if 0 <= at < len(word[0]):
            plain = word[0].casefold()
            changed = plain[:at] + other.casefold() + plain[at + 1 :]
            is_short = plain in ABBREVIATIONS and word[0][1:].islower()
            return (is_common(word[0]) or is_short) and not is_known(changed)
    return False


def is_known(word: str) -> bool:
    """Whether a word in small letters is an English one, a well-known short form or a firm's name."""
    forms = {word, word.removesuffix("s")}
    return any(forms & words for words in (_words(), ABBREVIATIONS, _FIRMS, _TRADES))


@cache
def _words() -> frozenset[str]:
    data = files(__package__).joinpath(_LIST).read_bytes()
    return frozenset(gzip.decompress(data).decode().split())


def _mistakable(word: str) -> Iterator[str]:
    """What a word may be where one letter, or two that touch, were taken for what looks like them."""
    pairs = [*_TOUCHING, *((pair[0], pair[1]) for pair in _ALIKE)]
    both = [*pairs, *((other, one) for one, other in pairs)]
    for index in range(len(word)):
        capitals = [*_FIRST, *(pair[::-1] for pair in _FIRST)] if index == 0 else []
        for seen, meant in (*both, *capitals):
            if word.startswith(seen, index):
                yield word[:index] + meant + word[index + len(seen) :]
