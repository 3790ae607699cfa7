"""Names and other words: seen alike on letters and digits, with no letter lost inside a word."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from connector.extraction.ocr import small_marks
from connector.extraction.ocr.acceptance.accents import accented_english
from connector.extraction.ocr.acceptance.alike import COLON, DUST, SPACES, TAIL, seen_alike
from connector.extraction.ocr.acceptance.english import is_known, nearly_english
from connector.extraction.ocr.acceptance.known_words import ABBREVIATIONS, misread
from connector.extraction.ocr.acceptance.prose import has_odd_point
from connector.extraction.ocr.acceptance.uprights import UPRIGHTS, has_odd_upright
from connector.extraction.ocr.sighting import Belief, Sighting
from connector.extraction.ocr.spacing import solid

_SMALL_WORDS = frozenset({
    "a", "an", "and", "as", "at", "attn", "by", "c/o", "co", "d/b/a", "da", "dba", "de", "del", "des", "di",
    "do", "dos", "du", "e", "et", "fbo", "for", "from", "in", "inc", "its", "la", "las", "le", "llc",
    "los", "ltd", "of", "on", "or", "per", "rd", "st", "t/a", "the", "to", "und", "v", "van", "von", "y",
})  # fmt: skip
"""Words of a name that stand in small letters without anything missing before them."""

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
_ALIAS = re.compile(r"(?i)(^|\s)d?\W?b\W?a(\s|$)")
_PLAIN_ALIAS = re.compile(r"(?i)(^|\s)(d/b/a|dba|d\.b\.a\.?)(\s|$)")
_GLUED = re.compile(r"[a-z]{4}[A-Z][a-z]{3}")
"""Two words with no space between them: "CardinalInsurance"; but McKenna, DeWalt."""

_POINT_LAST = re.compile(r"(?<![\w.'’])([^\W\d_]{2,})\.$")
"""Behind a whole word that ends a name ("Company."), more likely a speck than print; or behind what is left of
a short form ("Cop.")."""

_COMMA_LAST = re.compile(r"([\w.]+),$")
"""Behind an abbreviation that ends a line: a point with dirt below it."""

_SMALL_INC = re.compile(r"^[A-Z][a-z].*\b(inc\b|i[a-z]{4,})")
"""Behind words with capitals such an i is more likely an I that two readers see alike: "Great River insurance"."""

_SMALL_FIRST = re.compile(r"[a-z][a-z]+[.:]?(?= [A-Z])")
"""What is left of a capital that touches its neighbour looks like a small letter: "tron Gate"."""

_LOST_APOSTROPHE = re.compile(r"(?<![\w.&] )(?<![\w.&])(?:[OD] |O)(?=[A-Z][a-z]{3,})")
"""A letter at the head of a name: "O Malley" and "OMalley" are an O'Malley whose apostrophe was taken for dirt."""

_ELLIPSIS = re.compile(r"\.\s?\.\s?\.")
"""What is left of a rule that print has cut, or a name that goes on elsewhere."""

_WIDEST_SPACE = 0.8
_WIDE_GAP = 1.75
"""A gap that much wider than the usual space between words: a letter is missing beside it."""


def believe(sighting: Sighting) -> Belief:
    """A line of a name or address."""
    seen, sure_of_spaces = seen_alike(sighting)
    if seen.doubt:
        return seen
    if has_odd_upright(seen.text, sighting):
        return replace(seen, doubt=UPRIGHTS.format(text=seen.text))
    if small_marks.has_speck_for_apostrophe(
        sighting.line, solid(sighting.first.text), sighting.places
    ):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if _SMALL_INC.search(seen.text):
        return replace(seen, doubt=UPRIGHTS.format(text=seen.text))
    if (last := _COMMA_LAST.search(seen.text)) and last[1].lower() in ABBREVIATIONS:
        return replace(seen, doubt=TAIL.format(text=seen.text))
    if _GLUED.search(seen.text) or _LOST_APOSTROPHE.search(seen.text):
        return replace(seen, doubt=SPACES.format(text=seen.text))
    if seen.text.endswith(".") and not _has_end_point(sighting):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if (last := _POINT_LAST.search(seen.text)) and last[1].lower() not in ABBREVIATIONS:
        return replace(seen, doubt=DUST.format(text=seen.text))
    if _ELLIPSIS.search(seen.text):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if seen.text.endswith(":") or ";" in seen.text:
        return replace(seen, doubt=COLON.format(text=seen.text))
    if sighting.dirty and has_odd_point(seen.text, before=r"[^\W_]"):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if why := damage(seen.text, sighting) or _misread(seen.text, sighting):
        return replace(seen, doubt=why)
    return seen if sure_of_spaces else replace(seen, doubt=SPACES.format(text=seen.text))


def _misread(text: str, sighting: Sighting) -> str | None:
    nearly = misread(text) or nearly_english(text, is_worn=sighting.is_worn)
    return nearly or accented_english(text)


def _has_end_point(sighting: Sighting) -> bool:
    """Whether the point that ends a line has ink of its own, or a reader that is sure of it."""
    boxes = sighting.line.blots.boxes
    last = boxes[boxes[:, 2].argmax()]
    is_low = last[3] - last[1] < _LOW_MARK * sighting.line.height
    return bool(is_low or not sighting.first.sure or sighting.first.sure[-1] >= _SURE_OF_POINT)


_LOW_MARK, _SURE_OF_POINT = 0.5, 0.998


def believe_email(sighting: Sighting) -> Belief:
    """An address of mail: no spaces, one @, and a point in the part behind it."""
    seen = seen_alike(sighting)[0]
    seen = replace(seen, text=solid(seen.text))
    if seen.doubt is None and not _EMAIL.fullmatch(seen.text):
        return replace(seen, doubt=f"“{seen.text}” is no complete e-mail address.")
    return seen


def damage(text: str, sighting: Sighting) -> str | None:
    """A sentence when letters seem to be missing: small letters after a gap, or a gap too wide."""
    if (first := _SMALL_FIRST.match(text)) and first[0].rstrip(".:") not in _SMALL_WORDS:
        return f"The first letter of “{text}” is hard to make out."
    for word in text.split()[1:]:
        plain = word.strip(".,;:()&'\"")
        if (
            plain[:1].islower()
            and plain not in _SMALL_WORDS
            and (len(plain) <= _SHORT or not is_known(plain))
            and "@" not in text
        ):
            return f"A letter seems to be missing before “{plain}” in “{text}”."
    if _ALIAS.search(text) and not _PLAIN_ALIAS.search(text):
        return f"The words “doing business as” in “{text}” are hard to make out."
    if has_wide_gap(text, sighting):
        return f"There is a gap in “{text}” where something may be missing."
    return None


_SHORT = 6
"""Letters of a small word that may be what is left of another, though it is one: "elms" of "Helms"."""


def has_wide_gap(text: str, sighting: Sighting) -> bool:
    """Whether one space of the line is much wider than its others."""
    columns = sighting.line.columns
    spaces = text.count(" ")
    if spaces < 2 or len(columns) <= spaces:
        return False
    widest = np.sort(columns[1:, 0] - columns[:-1, 1])[-spaces:]
    too_wide = max(_WIDE_GAP * float(np.median(widest)), _WIDEST_SPACE * sighting.line.height)
    return bool(widest[-1] > too_wide)
