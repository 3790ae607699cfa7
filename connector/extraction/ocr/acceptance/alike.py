"""What two readers see alike in a line of words, and what makes even that a doubt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import numpy as np

from connector.certificate import values
from connector.extraction.ocr import small_marks
from connector.extraction.ocr.acceptance.accents import are_usual, without_accents_of_dirt
from connector.extraction.ocr.acceptance.known_words import ABBREVIATIONS
from connector.extraction.ocr.acceptance.uprights import (
    SURE,
    UPRIGHT,
    UPRIGHTS,
    spots,
    with_its_uprights,
)
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing
from connector.extraction.ocr.spacing import (
    breaks,
    free_paper,
    loses_a_space,
    solid,
    spaced,
    with_breaks,
)

_STRAY = re.compile(r"(^|\s)[.,;:'`]+(\s|$)|(^|\s)[.,;:](?=[^\W\d_])")
_ODD_APOSTROPHE = re.compile(
    r"(?i)(?<![\w.])['’`]|(?<![s.])['’`](?!\w)|(?<=\w\w)['’`](?!(ll|re|ve)\b)(?=\w\w)|['’`](?=&)"
)
"""At the start of a word, behind one that does not end in s, or inside one ("Mil'ler"; but O'Brien,
Int'l, Contractor's)."""

TWO_POINTS = re.compile(r"(?<!\.)\.\.(?!\.)")

LONE_Q = re.compile(r"(?<=[a-z])q(?!u)|q(?=[a-tv-z])")
"""A small q inside a word that has no u behind it."""

_ODD_COLON = re.compile(r"(?i)\b(inc|co|corp|ltd|llc|ins|[a-z]\.[a-z])\.?[:;]|\.;")
"""Behind an abbreviation: its point, and dirt above it; or a comma behind its point ("Co.; Inc.")."""

_SMALL_LAST = re.compile(r"(?<![^\W_])[A-Z]{4,}[a-rt-z](?![^\W_])")
"""A word in capitals that ends in a small letter: "INCLUDEd"."""

_ODD_INITIAL = re.compile(
    r"(?<![^\W\d_])((?<!\w )[A-Z]: [A-Z]\.|(?<=and )[A-Z]: [A-Z]\.|[A-Z]\. [A-Z]:)"
)
"""Behind one of two initials: "J: R. Whitman"."""

_FIRST = re.compile(r"\b[Il](?=st\b)")
"""The figure of "1st", which is no word with a letter."""

_HALF_DASH = re.compile(r"(?<=[^\W_])- (?=[^\W\d_])|(?<=[^\W\d_]) -(?=[^\W_])")
"""A dash with a space on one side, between words, or a number and a word: "on- a", "30- day"."""

_ORDINAL = re.compile(r"(?<![\d#])(\d?1 st|\d?2 nd|\d?3 rd|\d{1,2} th)\b(?!\.)")
"""A figure apart from its ending: "1 st Choice"; but "1 St. James"."""

_HALF_AND = re.compile(r"(?<=\w)& (?=\w)|(?<=\w) &(?=\w)")
"""An "&" with a space on one side: "K& L"."""

_ODD_JOINT = re.compile(
    r"(?i)(, (insurance|ins|casualty|indemnity|assurance|company|co|mutual)"
    r"|(?-i:(?<=[a-z]{4})-(Insurance|Casualty|Indemnity|Assurance|Company|Inc|Corp|LLC)))\b(?!,)"
)
"""Before the words that firms' names end in; or a dash there, which is a speck."""

GROUNDED = "“{text}” stands on a rule of the form, which may hide a part of it."
COLON = "A point in “{text}” may have dirt above it."
DUST = "Specks of dirt on this page cannot be told from the points in “{text}”."
UNREAD = "There is a mark in “{text}” that was not read."
TAIL = "A point and a comma cannot be told apart in “{text}”."
SPACES = "It is not clear where the words of “{text}” end."
_ALONE_SURE = 0.9
LEAST_OF_UPRIGHT = 0.45
"""How sure the first reader must be of I, l, i and 1: below it agreement of both proves nothing, they
share an l whose top is broken off as an i."""


def seen_alike(sighting: Sighting) -> tuple[Belief, bool]:
    """The line with its spaces, a doubt where the readers differ, and whether the spaces are sure."""
    text = values.tidy(sighting.first.text)
    if sighting.second is not None:
        text = without_accents_of_dirt(text, sighting.second.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        sure = sighting.first.weakest >= _ALONE_SURE
        return (seen if sure else replace(seen, doubt=differing(sighting))), True
    second = _FIRST.sub("1", values.tidy(sighting.second.text))
    second = _without_specks_around(text, second, sighting)
    second = _with_its_tildes(text, second, sighting)
    second = with_its_uprights(text, second, sighting)
    alike = _solid(text) == _solid(second) if _solid(text) else text == second
    if not alike or _points(text) != _points(second):
        return replace(seen, doubt=differing(sighting)), True
    columns = sighting.glyphs(len(solid(text)))
    room = free_paper(sighting.line, sighting.places)
    text, sure = spaced(text, second, columns, sighting.line.height, room)
    sure = sure and not loses_a_space(text, room)
    if sighting.grounded and not (sighting.whole_with_rule and not may_hide_a_point(text)):
        return replace(seen, text=text, doubt=GROUNDED.format(text=text)), sure
    if why := _strays(text, second, sighting):
        return replace(seen, text=text, doubt=why), sure
    if sighting.unread:
        return replace(seen, text=text, doubt=UNREAD.format(text=text)), sure
    if sighting.tailed and re.search("[.,]", text):
        return replace(seen, text=text, doubt=TAIL.format(text=text)), sure
    if sighting.dusty:
        return replace(seen, text=text, doubt=DUST.format(text=text)), sure
    return replace(seen, text=text), sure


def _strays(text: str, second: str, sighting: Sighting) -> str | None:
    """A sentence about a point on its own, an apostrophe where no word has one, or an accent that
    only one reader sees: dirt, or print."""
    if _STRAY.search(text):
        return f"A point stands alone in “{text}”: print or dirt."
    if _ODD_APOSTROPHE.search(text):
        return f"An apostrophe stands oddly in “{text}”: print or dirt."
    if "_" in text and "@" not in text:
        return f"A sign stands oddly in “{text}”: print or dirt."
    if lone := LONE_Q.search(text):
        return f"The {lone[0]} in “{text}” may be a g that lost its tail."
    if TWO_POINTS.search(text) and not sighting.twin_points:
        return f"A sign stands oddly in “{text}”: print or dirt."
    if small := _SMALL_LAST.search(text):
        return f"The last letter of “{small[0]}” is hard to make out."
    if text.count('"') % 2 or _ODD_JOINT.search(text) or _HALF_DASH.search(text):
        return f"A sign stands oddly in “{text}”: print or dirt."
    if _HALF_AND.search(text) or _ORDINAL.search(text):
        return SPACES.format(text=text)
    if _ODD_COLON.search(text) or _ODD_INITIAL.search(text) or _has_false_colon(text, sighting):
        return COLON.format(text=text)
    if sighting.first.least_sure_of(UPRIGHT) < LEAST_OF_UPRIGHT:
        return UPRIGHTS.format(text=text)
    if not text.isascii() and (second.isascii() or (sighting.dirty and not are_usual(text))):
        return f"An accent in “{text}” may be dirt."
    return None


def _has_false_colon(text: str, sighting: Sighting) -> bool:
    """Whether a colon that both readers see is not two points of one size, or a semicolon's point is a
    speck."""
    looks = {":": small_marks.is_colon, ";": small_marks.is_semicolon}
    places = spots(solid(text), sighting)
    marks = [(c, place) for c, place in zip(solid(text), places, strict=False) if c in looks]
    return any(looks[c](sighting.line, place) is False for c, place in marks)


def may_hide_a_point(text: str) -> bool:
    """Whether a rule at the foot of a text may hide the point of a short form or of an initial."""
    words = [word for word in text.split() if word[-1:].isalnum()]
    return any(len(word) == 1 or word.casefold() in ABBREVIATIONS for word in words)


def may_be_cut(first: Glimpse, second: Glimpse | None) -> bool:
    """Whether a line that meets a rule may have lost the tails of its letters: readers that differ,
    or a q that is no word's (what is left of a g)."""
    return bool(LONE_Q.search(first.text)) or (
        second is not None and solid(first.text) != solid(second.text)
    )


def _with_its_tildes(text: str, second: str, sighting: Sighting) -> str:
    """The second reader's text with the first one's ñ, which it does not know and takes for n, fi and
    the like: where the first one is sure and the paper shows a flat stroke above the letter."""
    if "ñ" not in text or sighting.first.least_sure_of("ñ") < SURE:
        return second
    whole = solid(text)
    places = spots(whole, sighting)
    plain = "".join(_TAKEN_FOR_TILDE if c == "ñ" else re.escape(c) for c in whole)
    if not places or not re.fullmatch(plain, solid(second)):
        return second
    if not all(
        small_marks.has_tilde(sighting.line, places[i]) for i, c in enumerate(whole) if c == "ñ"
    ):
        return second
    return with_breaks(whole, breaks(text))


def _without_specks_around(text: str, second: str, sighting: Sighting) -> str:
    """The second reader's text without what it makes of specks that the first one does not see: a lone
    quote before the first letter, for no text begins with half a pair, and a point far behind the last."""
    if _QUOTE_FIRST.match(second) and not _QUOTE.search(text + second[1:]):
        second = second[1:]
    apart = _POINT_APART.search(second)
    if apart and text[-1:].isalnum() and ends_in_speck(sighting):
        second = second[: apart.start()]
    return second


def ends_in_speck(sighting: Sighting) -> bool:
    """Whether a speck stands behind the line's last letter, farther than a point does."""
    boxes, columns, height = sighting.line.blots.boxes, sighting.line.columns, sighting.line.height
    if len(columns) < _FEW:
        return False
    last = boxes[boxes[:, 0].argmax()]
    small = max(last[2] - last[0], last[3] - last[1]) <= _SPECK * height
    usual = max(0.0, float(np.median(columns[1:, 0] - columns[:-1, 1])))
    return bool(small and columns[-1, 0] - columns[-2, 1] > _APART * height + usual)


_QUOTE = re.compile("[‘’'`\"“”]")
_QUOTE_FIRST = re.compile(r"[‘'`](?=[^\W_])")
_POINT_APART = re.compile(r"\s[.,:;'`]$")
_FEW, _SPECK, _APART = 4, 0.35, 0.5
"""Columns of ink that tell how much room is usual between them; sides of a speck, and room that a point
leaves before itself at most, in heights of the print."""

_TAKEN_FOR_TILDE = "(?:n|ñ|fi|fl|f|ri|ii|h|fo|A|i?ji?)"


def _points(text: str) -> str:
    """Points and the like: a speck of dirt makes one that the other reader does not see."""
    return re.sub(r"[^.,:;&$/'()#@%+*]", "", text)


def _solid(text: str) -> str:
    """Letters and digits without accents: readers differ on the rest without meaning anything."""
    plain = unicodedata.normalize("NFKD", values.tidy(text))
    return re.sub(r"[\W_]", "", plain)
