"""Names and other words: seen alike on letters and digits, with no letter lost inside a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from connector.certificate import values
from connector.extraction.ocr import unread
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing
from connector.extraction.ocr.spacing import breaks, room_between, solid, spaced, with_breaks

_SMALL_WORDS = frozenset({
    "a", "an", "and", "as", "at", "by", "c/o", "co", "d/b/a", "da", "dba", "de", "del", "des", "di",
    "do", "dos", "du", "e", "et", "fbo", "for", "from", "in", "inc", "its", "la", "las", "le", "llc",
    "los", "ltd", "of", "on", "or", "per", "rd", "st", "t/a", "the", "to", "und", "v", "van", "von", "y",
})  # fmt: skip
"""Words of a name that stand in small letters without anything missing before them."""

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
_LONE_LETTER = re.compile(r"(?<![\w/&'.’-])[b-wz](?![\w/&'.’-])")
"""A small letter that is no word (nor Spanish, nor a mark): what is left of one whose other letters were not printed."""

_ALIAS = re.compile(r"(?i)(^|\s)d?\W?b\W?a(\s|$)")
_PLAIN_ALIAS = re.compile(r"(?i)(^|\s)(d/b/a|dba|d\.b\.a\.?)(\s|$)")
_STRAY = re.compile(r"(^|\s)[.,;:'`]+(\s|$)")
_ODD_APOSTROPHE = re.compile(r"(?i)(?<![\w.])['’`]|(?<![s.])['’`](?!\w)|(?<=\w\w)['’`](?=\w{3})")
"""At the start of a word, behind one that does not end in s, or inside one ("Mil'ler"; but O'Brien,
Int'l, Contractor's)."""

LONE_Q = re.compile(r"(?<=[a-z])q(?!u)|q(?=[a-tv-z])")
"""A small q inside a word that has no u behind it."""

_ODD_COLON = re.compile(r"(?i)\b(inc|co|corp|ltd|llc|ins|[a-z]\.[a-z])[:;]")
"""Behind an abbreviation: its point, and dirt above it."""

GROUNDED = "“{text}” stands on a rule of the form, which may hide a part of it."
_FIRST = re.compile(r"\b[Il](?=st\b)")
"""The figure of "1st", which is no word with a letter."""

_SMALL_INC = re.compile(r"^[A-Z][a-z].*\binc\b")
"""Behind words with capitals its i is more likely an I that two readers see alike."""

COLON = "A point in “{text}” may have dirt above it."
DUST = "Specks of dirt on this page cannot be told from the points in “{text}”."
_UPRIGHTS = "An i cannot be told from an l in “{text}”."
UNREAD = "There is a mark in “{text}” that was not read."
_TAIL = "A point in “{text}” may be a comma."
_ALONE_SURE = 0.9
_UPRIGHT, _SURE_OF_UPRIGHT = "IiLl1|!", 0.9
"""Characters that are one stroke each, and how sure the first reader must be to be followed alone."""
_LEAST_OF_UPRIGHT = 0.45
"""And below which agreement of both proves nothing: they share an l whose top is broken off as an i."""

SPACES = "It is not clear where the words of “{text}” end."
_WIDEST_SPACE = 0.8
_WIDE_GAP = 1.75
"""A gap that much wider than the usual space between words: a letter is missing beside it."""


def believe(sighting: Sighting) -> Belief:
    """A line of a name or address."""
    seen, sure_of_spaces = seen_alike(sighting)
    if seen.doubt:
        return seen
    if _has_odd_upright(solid(seen.text), sighting):
        return replace(seen, doubt=_UPRIGHTS.format(text=seen.text))
    if _SMALL_INC.search(seen.text):
        return replace(seen, doubt=_UPRIGHTS.format(text=seen.text))
    if seen.text.endswith((":", ";")):
        return replace(seen, doubt=COLON.format(text=seen.text))
    if sighting.dirty and _has_odd_point(seen.text, before=r"[^\W_]"):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if why := damage(seen.text, sighting):
        return replace(seen, doubt=why)
    return seen if sure_of_spaces else replace(seen, doubt=SPACES.format(text=seen.text))


def believe_prose(sighting: Sighting) -> Belief:
    """A line of running text: seen alike, spaces aside, with no letter lost inside a word."""
    seen = seen_alike(sighting)[0]
    if seen.doubt is None and sighting.dirty and _has_odd_point(seen.text, before="[a-z]"):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if seen.doubt is None and (lone := _LONE_LETTER.search(seen.text)):
        why = f"Letters seem to be missing around “{lone[0]}” in “{seen.text}”."
        return replace(seen, doubt=why)
    return seen


def believe_email(sighting: Sighting) -> Belief:
    """An address of mail: no spaces, one @, and a point in the part behind it."""
    seen = seen_alike(sighting)[0]
    seen = replace(seen, text=solid(seen.text))
    if seen.doubt is None and not _EMAIL.fullmatch(seen.text):
        return replace(seen, doubt=f"“{seen.text}” is no complete e-mail address.")
    return seen


_ABBREVIATIONS = frozenset(
    [
        "add",
        "addl",
        "agg",
        "approx",
        "apt",
        "assn",
        "assoc",
        "attn",
        "auto",
        "ave",
        "bldg",
        "bldrs",
        "blvd",
        "bros",
        "ca",
        "cert",
        "cl",
        "co",
        "comm",
        "comp",
        "constr",
        "contr",
        "contrs",
        "corp",
        "ctr",
        "cty",
        "dept",
        "dev",
        "dist",
        "div",
        "dr",
        "e.g",
        "elec",
        "eng",
        "engrs",
        "enterprs",
        "envir",
        "equip",
        "est",
        "etc",
        "excl",
        "ext",
        "fl",
        "ft",
        "gen",
        "grp",
        "hwy",
        "i.e",
        "inc",
        "incl",
        "indus",
        "ins",
        "insur",
        "int",
        "intl",
        "jr",
        "lab",
        "liab",
        "lic",
        "lim",
        "llc",
        "llp",
        "lp",
        "ltd",
        "maint",
        "mech",
        "med",
        "mfg",
        "mgmt",
        "mr",
        "mrs",
        "ms",
        "mt",
        "natl",
        "no",
        "nos",
        "occ",
        "ops",
        "p.c",
        "p.o",
        "pa",
        "pc",
        "pkwy",
        "pl",
        "pol",
        "prem",
        "prod",
        "prof",
        "proj",
        "prop",
        "props",
        "pt",
        "rd",
        "re",
        "rec",
        "ref",
        "reg",
        "rm",
        "serv",
        "sq",
        "sr",
        "st",
        "ste",
        "subs",
        "supp",
        "svc",
        "svcs",
        "syst",
        "tech",
        "tel",
        "temp",
        "twp",
        "umb",
        "und",
        "univ",
        "u.s",
        "vs",
        "wc",
    ]
)
_POINTED = r"([^\W\d_][\w.'&-]*)\.\s(?={before})"


_JOINED = r"(?<![\w.])([^\W\d_]{4,})\.(?=\w)"
"""A point between a word and what follows it without a space: "Project.4417"."""

_ADDRESS = re.compile(r"(?i)@|www\.|\.(com|net|org|gov|edu|us)\b")


def _has_odd_point(text: str, *, before: str) -> bool:
    """Whether a point stands behind a whole word and `before` what goes on with the sentence or name."""
    words = re.findall(_POINTED.format(before=before), text)
    words += [] if _ADDRESS.search(text) else re.findall(_JOINED, text)
    return any(
        len(word) > 1 and word.lower() not in _ABBREVIATIONS and not re.search(r"\.\w$", word)
        for word in words
    )


def may_be_cut(first: Glimpse, second: Glimpse | None) -> bool:
    """Whether a line that meets a rule may have lost the tails of its letters: readers that differ,
    or a q that is no word's (what is left of a g)."""
    return bool(LONE_Q.search(first.text)) or (
        second is not None and solid(first.text) != solid(second.text)
    )


def _strays(text: str, second: str, sighting: Sighting) -> str | None:
    """A sentence about a point on its own, an apostrophe where no word has one, or an accent that
    only one reader sees: dirt, or print."""
    if _STRAY.search(text):
        return f"A point stands alone in “{text}”: print or dirt."
    if _ODD_APOSTROPHE.search(text):
        return f"An apostrophe stands oddly in “{text}”: print or dirt."
    if lone := LONE_Q.search(text):
        return f"The {lone[0]} in “{text}” may be a g that lost its tail."
    if _ODD_COLON.search(text):
        return COLON.format(text=text)
    if sighting.first.least_sure_of(_UPRIGHT) < _LEAST_OF_UPRIGHT:
        return _UPRIGHTS.format(text=text)
    if not text.isascii() and second.isascii():
        return f"An accent in “{text}” may be dirt."
    return None


def seen_alike(sighting: Sighting) -> tuple[Belief, bool]:
    """The line with its spaces, a doubt where the readers differ, and whether the spaces are sure."""
    text = values.tidy(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        sure = sighting.first.weakest >= _ALONE_SURE
        return (seen if sure else replace(seen, doubt=differing(sighting))), True
    second = _FIRST.sub("1", values.tidy(sighting.second.text))
    second = _with_its_tildes(text, second, sighting)
    second = _with_its_uprights(text, second, sighting)
    alike = _solid(text) == _solid(second) if _solid(text) else text == second
    if not alike or _points(text) != _points(second):
        return replace(seen, doubt=differing(sighting)), True
    columns = sighting.glyphs(len(solid(text)))
    room = room_between(sighting.line.columns, sighting.places, sighting.line.height)
    text, sure = spaced(text, second, columns, sighting.line.height, room)
    if sighting.grounded:
        return replace(seen, text=text, doubt=GROUNDED.format(text=text)), sure
    if why := _strays(text, second, sighting):
        return replace(seen, text=text, doubt=why), sure
    if sighting.unread:
        return replace(seen, text=text, doubt=UNREAD.format(text=text)), sure
    if sighting.tailed and "." in text:
        return replace(seen, text=text, doubt=_TAIL.format(text=text)), sure
    if sighting.dusty:
        return replace(seen, text=text, doubt=DUST.format(text=text)), sure
    return replace(seen, text=text), sure


def _with_its_tildes(text: str, second: str, sighting: Sighting) -> str:
    """The second reader's text with the first one's ñ, which it does not know and takes for n, fi and
    the like: where the first one is sure and the paper shows a flat stroke above the letter."""
    if "ñ" not in text or sighting.first.least_sure_of("ñ") < _SURE_OF_UPRIGHT:
        return second
    whole = solid(text)
    spots = _spots(whole, sighting)
    plain = "".join(_TAKEN_FOR_TILDE if c == "ñ" else re.escape(c) for c in whole)
    if not spots or not re.fullmatch(plain, solid(second)):
        return second
    if not all(unread.has_tilde(sighting.line, spots[i]) for i, c in enumerate(whole) if c == "ñ"):
        return second
    return with_breaks(whole, breaks(text))


_TAKEN_FOR_TILDE = "(?:n|ñ|fi|fl|f|ri|ii|h|fo|A)"


def _with_its_uprights(text: str, second: str, sighting: Sighting) -> str:
    """The second reader's text with the first one's I, l, i and 1, where these alone differ and the
    first one is sure of its own: the second takes an l for an i, and an I that begins a word for an l.
    """
    mine, theirs = solid(text), solid(second)
    if len(mine) != len(theirs) or sighting.first.least_sure_of(_UPRIGHT) < _SURE_OF_UPRIGHT:
        return second
    starts = breaks(text) | {0}
    pairs = list(zip(mine, theirs, strict=True))
    follow = all(
        a == b
        or (
            a in _UPRIGHT
            and b in _UPRIGHT
            and _is_plain_upright(mine, i, starts)
            and not _is_against_ink(mine, i, sighting)
        )
        for i, (a, b) in enumerate(pairs)
    )
    return with_breaks(mine, breaks(second)) if follow else second


def _has_odd_upright(text: str, sighting: Sighting) -> bool:
    """Whether an i has no point where the others of its line have theirs, or an l has one: readers
    share such mistakes."""
    seen = [
        (character, unread.is_dotted(sighting.line, place))
        for character, place in zip(text, _spots(text, sighting), strict=False)
        if character in "il"
    ]
    dotted = seen.count(("i", True))
    return ("l", True) in seen or (0 < seen.count(("i", False)) < dotted)


def _is_against_ink(text: str, index: int, sighting: Sighting) -> bool:
    """Whether the paper shows an l where an i was read, or an i for an l."""
    spots = _spots(text, sighting)
    if text[index] not in "il" or not spots:
        return False
    dotted = unread.is_dotted(sighting.line, spots[index])
    return dotted is not None and dotted != (text[index] == "i")


def _spots(text: str, sighting: Sighting) -> Sequence[float]:
    """Where each character stands: by its ink where all are told apart, for a reader's places of
    narrow letters side by side (the "lli" of Illinois) are half a letter off."""
    columns, places = sighting.line.columns, sighting.places
    if len(columns) == len(places) == len(text):
        middles = columns.mean(axis=1)
        if np.abs(middles - np.array(places)).max() <= _OFF_PLACE * sighting.line.height:
            return [float(middle) for middle in middles]
    return places if len(places) == len(text) else ()


_OFF_PLACE = 0.7
"""Heights of the print that a reader's place may lie beside a character's ink."""


def _is_plain_upright(text: str, index: int, starts: set[int]) -> bool:
    """Whether an upright character is of the case that its word asks for."""
    character, following = text[index], text[index + 1 : index + 2]
    if index in starts:
        return character == "I" and following.islower()
    return character in "il" and text[index - 1].isalpha()


def damage(text: str, sighting: Sighting) -> str | None:
    """A sentence when letters seem to be missing: small letters after a gap, or a gap too wide."""
    for word in text.split()[1:]:
        plain = word.strip(".,;:()&'\"")
        if (
            plain[:1].islower()
            and plain not in _SMALL_WORDS
            and len(plain) <= 6
            and "@" not in text
        ):
            return f"A letter seems to be missing before “{plain}” in “{text}”."
    if _ALIAS.search(text) and not _PLAIN_ALIAS.search(text):
        return f"The words “doing business as” in “{text}” are hard to make out."
    if has_wide_gap(text, sighting):
        return f"There is a gap in “{text}” where something may be missing."
    return None


def has_wide_gap(text: str, sighting: Sighting) -> bool:
    """Whether one space of the line is much wider than its others."""
    columns = sighting.line.columns
    spaces = text.count(" ")
    if spaces < 2 or len(columns) <= spaces:
        return False
    widest = np.sort(columns[1:, 0] - columns[:-1, 1])[-spaces:]
    too_wide = max(_WIDE_GAP * float(np.median(widest)), _WIDEST_SPACE * sighting.line.height)
    return bool(widest[-1] > too_wide)


def _points(text: str) -> str:
    """Points and the like: a speck of dirt makes one that the other reader does not see."""
    return re.sub(r"[^.,:;&$/'()#@%+*]", "", text)


def _solid(text: str) -> str:
    """Letters and digits without accents: readers differ on the rest without meaning anything."""
    plain = unicodedata.normalize("NFKD", values.tidy(text))
    return re.sub(r"[\W_]", "", plain)
