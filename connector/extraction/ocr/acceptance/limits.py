"""Limits in words: the lines of the free rows, whose amounts must all be written in one way."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from connector.certificate import values
from connector.extraction.ocr.acceptance.alike import DUST, SPACES, UNREAD, seen_alike
from connector.extraction.ocr.acceptance.amounts import USUAL
from connector.extraction.ocr.acceptance.commas import with_the_rule_s_comma
from connector.extraction.ocr.acceptance.dollars import hides_a_space
from connector.extraction.ocr.acceptance.known_words import ABBREVIATIONS, misread
from connector.extraction.ocr.acceptance.names import has_wide_gap
from connector.extraction.ocr.sighting import Belief, Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

_AMOUNT = re.compile(r"([$S]?)\s?(\d[\d,. ]*\d)(?![\w/])")
_GROUPED = re.compile(r"(?!0)(\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d+)(\.\d\d)?")
_USUAL, _ROUND = re.compile(r"(?<![\d,.])[1-9]\d{0,2}(,\d{3})+(?![\d,])"), "OoCcQDGUu"
_LOOSE_COMMA = re.compile(r"(\d) ?, ?(\d{3})(?!\d)")
_SHORT_WORDS = frozenset({
    "a", "acc", "add", "agg", "all", "any", "and", "at", "bi", "by", "clm", "csl", "ded", "ea", "el",
    "fee", "for", "in", "inc", "job", "lim", "loc", "max", "med", "n", "na", "no", "occ", "of", "one",
    "or", "pd", "per", "pol", "pr", "sir", "sub", "the", "to", "tot", "ttl", "wc", "x",
})  # fmt: skip
"""Words of up to three letters that stand beside limits."""

_LONGER_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,6}(?![^\W\d_])")
_LONGER_WORDS = frozenset({
    "acct", "annual", "claim", "claims", "clms", "conds", "defense", "each", "item", "limit", "limits",
    "loss", "losses", "made", "medium", "miles", "occur", "occurs", "person", "policy", "prem", "total",
    "totals", "unit", "units",
})  # fmt: skip
"""Words of four to six letters that stand beside limits."""

_NO_SPACE = re.compile(
    r"[^\W\d_]\$|\s[.,:;]\s?\$|(Per|Each|Any)[A-Z][a-z]|\d[^\W\d_]|(?<!\d)[.,]\d|\d[.,][^\W\d_]"
)
"""Two words, or a word and an amount, with no space between them (a rule was read as a letter there), or a point
before an amount (dirt)."""

_ONE_SIDED = re.compile(r"(?<=[^\W\d_]) /(?=\S)|(?<=\S)/ (?=\S)")
"""A slash with a space on one side only: "Ea Claim /$2,000,000"."""

_LONE_DIGIT = re.compile(r"\d{1,2}\s+[^\W\d_]")
"""A digit before the words of a line: what readers make of a mark there."""

_POINT_LAST = re.compile(r"\d[.,:;]$")
"""A point behind an amount that ends a line: on a page with dirt it may be a speck."""

_SPECK_INSIDE = re.compile(r"\d{3}[.,:;][^\W\d_]")
"""A point between an amount and a word with no space behind it: "3,000,000.Agg"."""

_SHORT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,3}(?![^\W\d_])")


OVER = "A line of limits runs over the side of its box."


def believe(sighting: Sighting) -> Belief:
    """A line of limits in the free rows: its amounts must all be written in one way.

    `words_stand` where the amounts are as both readers saw them, so that a doubt is about words or spaces.
    """
    return replace(_believed(sighting), words_stand=_amounts_stand(sighting))


def _amounts_stand(sighting: Sighting) -> bool:
    """Whether both readers see the same amounts, well grouped and apart from words, and no ink may hide more."""
    if sighting.second is None or sighting.spills or sighting.dusty or sighting.unread:
        return False
    if sighting.grounded or sighting.tailed:
        return False
    texts = [values.tidy(each.text) for each in (sighting.first, sighting.second)]
    seen, other = (_AMOUNT.findall(text) for text in texts)
    return (
        bool(seen)
        and seen == other
        and not any(_unclear_amounts(text, sighting) for text in texts)
        and not any(_GLUED_DIGIT.search(text) or _LONE_DIGIT.match(text) for text in texts)
    )


_GLUED_DIGIT = re.compile(
    r"[^\W\d_]\d|\d[^\W\d_]|(?<!\d)[.,]\d|[.,:;](?!\d|\s)|\d[:;]|(?<![\d,.])\d{1,2}\s+\$"
)
"""A digit that touches a letter, or an odd point beside one: either may be a part of the amount."""


def _believed(sighting: Sighting) -> Belief:
    if sighting.spills:
        return Belief(values.tidy(sighting.first.text), sighting.first.confidence, OVER)
    sighting = with_the_rule_s_comma(_with_plain_dollars(sighting))
    seen = seen_alike(_with_its_zeros(sighting))[0]
    seen = replace(seen, text=_LOOSE_COMMA.sub(r"\1,\2", seen.text))
    seen = replace(seen, text=_without_a_space_at_the_rule(seen.text, sighting))
    seen = replace(seen, text=_with_spaces_of_words(seen.text, sighting))
    if seen.doubt:
        return seen
    if (
        (sighting.dirty and _POINT_LAST.search(seen.text))
        or _SPECK_INSIDE.search(seen.text)
        or _has_pointed_word(seen.text)
    ):
        return replace(seen, doubt=DUST.format(text=seen.text))
    if why := misread(seen.text, any_letter=True):
        return replace(seen, doubt=why)
    if short := unknown_short_word(seen.text):
        return replace(
            seen, doubt=f"Letters seem to be missing or misread in “{short}” of “{seen.text}”."
        )
    seen = replace(seen, text=_without_the_rule_s_space(seen.text, sighting))
    if _has_rule_s_space(seen.text, sighting) or hides_a_space(seen.text, sighting):
        return replace(seen, doubt=SPACES.format(text=seen.text))
    if _ONE_SIDED.search(seen.text):
        return replace(seen, doubt=SPACES.format(text=seen.text))
    if _LONE_DIGIT.match(seen.text):
        return replace(seen, doubt=UNREAD.format(text=seen.text))
    if _NO_SPACE.search(seen.text):
        return replace(seen, doubt=SPACES.format(text=seen.text))
    return replace(seen, doubt=_unclear_amounts(seen.text, sighting))


def _unclear_amounts(text: str, sighting: Sighting) -> str | None:
    """A sentence where the amounts of a line are not all written in one way, or more may stand between them."""
    why = f"The amounts in “{text}” are not clear."
    if text.count("(") != text.count(")"):
        return why
    amounts = _AMOUNT.findall(text)
    if len(amounts) > 1 and has_wide_gap(text, sighting):
        return UNREAD.format(text=text)
    dollars = {bool(dollar) for dollar, _ in amounts}
    signs = {sign for _, amount in amounts for sign in _SIGNS if sign in amount}
    if len(dollars) > 1 or len(signs) > 1 or _may_lack_a_comma(text, sighting):
        return why
    return None if all(_GROUPED.fullmatch(amount) for _, amount in amounts) else why


def _has_pointed_word(text: str) -> bool:
    """Whether a point stands behind a word that is no abbreviation: "Aggregate. 6,000,000"."""
    return any(word.lower() not in ABBREVIATIONS for word in _POINTED_WORD.findall(text))


_POINTED_WORD = re.compile(r"([^\W\d_]{5,})\.(?!\w)")


_SIGNS = ", "
"""What groups digits: one of them in all of a line."""


def _may_lack_a_comma(text: str, sighting: Sighting) -> bool:
    """Whether a rule runs through an amount that has no commas: one may have been erased along."""
    places, rule = sighting.places, sighting.rule
    if rule is None or len(solid(text)) != len(places):
        return False
    for amount in _AMOUNT.finditer(text):
        first = len(solid(text[: amount.start(2)]))
        last = first + len(solid(amount[2])) - 1
        is_met = places[first] < sum(rule) / 2 < places[last]
        if is_met and not _COMMAS.fullmatch(amount[2]):
            return True
    return False


_COMMAS = re.compile(r"\d{1,3}(,\d{3})*(\.\d\d)?")


def _without_a_space_at_the_rule(text: str, sighting: Sighting) -> str:
    """The text without a space that one reader alone sees where a rule was erased, if the paper that
    the rule took is all the room there is."""
    plain, places, rule, second = solid(text), sighting.places, sighting.rule, sighting.second
    if rule is None or second is None or not len(plain) == len(places) == len(solid(second.text)):
        return text
    at, columns = sum(rule) / 2, sighting.line.columns
    before, after = columns[columns[:, 1] <= at + 1, 1], columns[columns[:, 0] >= at - 1, 0]
    if not len(before) or not len(after):
        return text
    free = after.min() - before.max() - (rule[1] - rule[0] + _RULE_EDGES)
    if free >= _SPACE * sighting.line.height:
        return text
    sure = breaks(sighting.first.text) & breaks(second.text)
    there = {i for i in breaks(text) if places[i - 1] < at < places[i]}
    return with_breaks(plain, breaks(text) - (there - sure))


def _with_spaces_of_words(text: str, sighting: Sighting) -> str:
    """The text with a space that one reader sees between an amount and a word, which are never printed
    as one."""
    if sighting.second is None or len(solid(sighting.second.text)) != len(solid(text)):
        return text
    claimed = breaks(sighting.first.text) | breaks(sighting.second.text)
    plain = solid(text)
    between = {found.start() + 1 for found in _AMOUNT_AND_WORD.finditer(plain)}
    return with_breaks(plain, breaks(text) | (claimed & between))


_AMOUNT_AND_WORD = re.compile(r"\d(?=[A-Z][a-z])")

_RULE_EDGES, _SPACE = 5, 0.22
"""Pixels that go with a rule that is erased, and heights of the print that a space is wide."""


def _has_rule_s_space(text: str, sighting: Sighting) -> bool:
    """Whether the text has a space between a dollar sign and its amount where a rule was erased, whose
    room looks like one."""
    plain, places = solid(text), sighting.places
    if sighting.crossed is None or len(plain) != len(places):
        return False
    return any(
        plain[i - 1] == "$" and places[i - 1] < sighting.crossed < places[i]
        for i in breaks(text)
        if plain[i].isdigit()
    )


def _without_the_rule_s_space(text: str, sighting: Sighting) -> str:
    """The text without such a space where its other dollar signs have none."""
    others = len(re.findall(r"\$\d", text))
    if others and _has_rule_s_space(text, sighting) and len(re.findall(r"\$\s", text)) == 1:
        return re.sub(r"\$\s", "$", text)
    return text


def unknown_short_word(text: str) -> str | None:
    """A short word that is none: "Ag" is an "Agg" that lost a letter, and readers share the loss; or
    one that is nearly a word of limits: no "Bach Claim" is printed."""
    words: list[str] = _SHORT_WORD.findall(text)
    short = next((word for word in words if word.lower() not in _SHORT_WORDS), None)
    if short is not None:
        return short
    longer: list[str] = _LONGER_WORD.findall(text)
    return next((word for word in longer if _is_nearly_one(word.lower())), None)


def _is_nearly_one(word: str) -> bool:
    if word in _LONGER_WORDS:
        return False
    known = (*_LONGER_WORDS, "agg")
    return any(Levenshtein.distance(word, each, score_cutoff=1) <= 1 for each in known)


def _with_plain_dollars(sighting: Sighting) -> Sighting:
    """Both texts with a plain dollar sign before their digits, for £, for an S and for points behind it."""
    first, second = sighting.first, sighting.second
    return replace(
        sighting,
        first=replace(first, text=_DOLLAR.sub(r"$\1", first.text)),
        second=second and replace(second, text=_DOLLAR.sub(r"$\1", second.text)),
    )


_DOLLAR = re.compile(r"(?:[$£]|(?<![^\W_])S(?=\d{1,3},\d{3}))(\s?)[.:;']?(?=\d)")


def _with_its_zeros(sighting: Sighting) -> Sighting:
    """The second reader's text with the first one's zeros where it takes them for round letters and
    no digit but 0 can stand: in amounts well grouped that are sums limits usually have.
    """
    second = sighting.second
    if second is None or len(solid(second.text)) != len(solid(sighting.first.text)):
        return sighting
    mine, theirs = solid(sighting.first.text), solid(second.text)
    zeros = {
        index
        for amount in _USUAL.finditer(mine)
        if int(re.sub(r"\D", "", amount[0])) in USUAL
        for index in range(*amount.span())
        if mine[index] == "0" and theirs[index] in _ROUND
    }
    folded = "".join("0" if i in zeros else c for i, c in enumerate(theirs))
    text = with_breaks(folded, breaks(second.text))
    return replace(sighting, second=replace(second, text=text))
