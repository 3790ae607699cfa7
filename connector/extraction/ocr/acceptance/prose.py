"""Running text: seen alike, spaces aside, with no letter lost inside a word and no point too many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from connector.extraction.doubtful_words import nearly_governing
from connector.extraction.ocr.acceptance.accents import accented_english
from connector.extraction.ocr.acceptance.alike import (
    COLON,
    DUST,
    LEAST_OF_UPRIGHT,
    LONE_Q,
    SPACES,
    TAIL,
    seen_alike,
)
from connector.extraction.ocr.acceptance.english import nearly_english
from connector.extraction.ocr.acceptance.known_words import ABBREVIATIONS, misread
from connector.extraction.ocr.acceptance.uprights import UPRIGHT, UPRIGHTS, has_odd_upright
from connector.extraction.ocr.sighting import Belief, Sighting

_LONE_LETTER = re.compile(r"(?<![\w/&'.’-])[b-wz](?![\w/&'.’-])")
"""A small letter that is no word (nor Spanish, nor a mark): what is left of one whose other letters were not printed."""

_MIXED_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(,\d{3})*(,\d{3}\.|\.\d{3},)\d{3}(?![\d.,]?\d)")
"""An amount whose thousands are set apart by a comma here and by a point there."""

_LONE_LOOKALIKE = re.compile(r"(?<![\w-])\d{3,}-([0158])(?!\w)")
"""A figure alone behind a number's dash, which nothing tells from a letter: "5501-8" and "5501-B"."""

_LABEL = re.compile(r"(?<!\S)(WC|GL|AL|EL|UMB)\. (?=[a-z])")
"""A policy's letters before a sentence: a colon without its upper point ("WC. waiver of subrogation")."""

_PARTED, _FORM = re.compile(r"1 1"), re.compile(r"[A-Z]{2} \d\d \d\d( \d\d \d\d)?")
"""Ones with a space between them, in worn print perhaps the room beside a 1; and the numbers of forms."""

_LOOKALIKE = "Whether “{lone}” in “{text}” is a letter or a figure is hard to make out."
_POINT_IN_AMOUNT = "“{amount}” has a point among its commas."


def believe(sighting: Sighting) -> Belief:
    """A line of running text: seen alike, spaces aside, with no letter lost inside a word."""
    seen = seen_alike(sighting)[0]
    if seen.doubt is None and sighting.dirty and has_odd_point(seen.text, before="[a-z]"):
        seen = replace(seen, doubt=DUST.format(text=seen.text))
    if seen.doubt is None and _LABEL.search(seen.text):
        seen = replace(seen, doubt=COLON.format(text=seen.text))
    if seen.doubt is None and sighting.is_worn and _PARTED.search(_FORM.sub("", seen.text)):
        seen = replace(seen, doubt=SPACES.format(text=seen.text))
    if seen.doubt is None and sighting.is_worn and (lone := _LONE_LOOKALIKE.search(seen.text)):
        seen = replace(seen, doubt=_LOOKALIKE.format(lone=lone[1], text=seen.text))
    if seen.doubt is None and (mixed := _MIXED_GROUPS.search(seen.text)):
        seen = replace(seen, doubt=_POINT_IN_AMOUNT.format(amount=mixed[0]))
    if seen.doubt is None and (lone := _LONE_LETTER.search(seen.text)):
        why = f"Letters seem to be missing around “{lone[0]}” in “{seen.text}”."
        return replace(seen, doubt=why)
    if seen.doubt is None and has_odd_upright(seen.text, sighting):
        stand = _words_stand(seen.text, sighting) and nearly_governing(seen.text) is None
        return replace(seen, doubt=UPRIGHTS.format(text=seen.text), words_stand=stand)
    if seen.doubt is None and _ONE_SIDED.search(seen.text):
        return replace(seen, doubt=SPACES.format(text=seen.text))
    if seen.doubt is None and (odd := _unknown_pair(seen.text)):
        return replace(seen, doubt=f"“{odd}” in “{seen.text}” is no word.")
    if seen.doubt is None and (odd := nearly_governing(seen.text)):
        return replace(seen, doubt=f"“{odd}” in “{seen.text}” is no word.")
    if seen.doubt is None and (nearly := misread(seen.text)):
        return replace(seen, doubt=nearly)
    if seen.doubt is None and (odd := nearly_english(seen.text, is_worn=sighting.is_worn)):
        return replace(seen, doubt=odd)
    if seen.doubt is None and (odd := accented_english(seen.text)):
        return replace(seen, doubt=odd)
    return replace(seen, words_stand=_words_stand(seen.text, sighting))


def with_loose_points(beliefs: Sequence[Belief], sightings: Sequence[Sighting]) -> list[Belief]:
    """The lines of a text, in doubt where a point ends one in the midst of a sentence (dirt, on a page that
    has some) and where a comma ends the last one (a point with dirt below it)."""
    found = list(beliefs)
    for number, (mine, after) in enumerate(pairwise(beliefs)):
        goes_on = after.text[:1].islower() and has_odd_point(f"{mine.text} a", before="a$")
        if mine.doubt is None and sightings[number].dirty and goes_on:
            found[number] = replace(mine, doubt=DUST.format(text=mine.text))
    if found and found[-1].doubt is None and found[-1].text.endswith(","):
        found[-1] = replace(found[-1], doubt=TAIL.format(text=found[-1].text))
    return found


def _words_stand(text: str, sighting: Sighting) -> bool:
    """Whether every word is as two readers saw it, those aside in which they differ: nothing of the
    line is hidden, lost or overlooked. Where every point may have gone with the dirt, nobody knows where
    one sentence ends, and so of what the next one speaks."""
    if sighting.second is None or sighting.unread or sighting.grounded:
        return False
    if sighting.dusty and not re.search(r"[.;]", text):
        return False
    lost = LONE_Q.search(text) or _LONE_LETTER.search(text) or _unknown_pair(text)
    return not lost and sighting.first.least_sure_of(UPRIGHT) >= LEAST_OF_UPRIGHT


_ONE_SIDED = re.compile(r"(?<=\w\w\w) /(?=\w)|(?<=\w\w\w)/ (?=\w)")


def _unknown_pair(text: str) -> str | None:
    """Two small letters that are no word: "af" is an "of" that both readers see alike."""
    pairs = _PAIR.findall(text)
    return next((pair for pair in pairs if pair not in _PAIRS | ABBREVIATIONS), None)


_PAIR = re.compile(r"(?<![\w/&'.’@-])[a-z]{2}(?![\w/&'’@-])")
_PAIRS = frozenset({
    "ac", "ad", "al", "am", "an", "as", "at", "be", "bi", "by", "ca", "da", "db", "de", "di", "do", "du", "ea",
    "ed", "el", "em", "en", "et", "ex", "go", "he", "id", "if", "ii", "in", "is", "it", "iv", "la", "le", "lo", "me",
    "my", "na", "oh", "ok", "on", "or", "ou", "pd", "pm", "pp", "re", "se", "so", "sf", "si", "su", "to", "tx", "un",
    "up", "us", "va", "vi", "we", "ye", "no", "of",
})  # fmt: skip


_POINTED = r"([^\W\d_][\w.'&-]*)\.\s(?={before})"


_JOINED = r"(?<![\w.])([^\W\d_]{3,})['’]?\.(?=\w)"
"""A point between a word and what follows it without a space: "Project.4417", "per.project"."""

_AFTER_NUMBER = re.compile(r"(?<![\w.,#-])\d+\.(?=[a-z]{3})")
"""A point between a number and the word that it counts: "10.days"."""

_ADDRESS = re.compile(r"(?i)@|www\.|\.(com|net|org|gov|edu|us)\b")


def has_odd_point(text: str, *, before: str) -> bool:
    """Whether a point stands behind a whole word and `before` what goes on with the sentence or name."""
    words = re.findall(_POINTED.format(before=before), text)
    words += [] if _ADDRESS.search(text) else re.findall(_JOINED, text)
    return bool(_AFTER_NUMBER.search(text)) or any(
        len(word) > 1 and word.lower() not in ABBREVIATIONS and not re.search(r"\.\w$", word)
        for word in words
    )
