"""Print that stands on a rule of the form: read without the rule and with it.

Where a rule runs through a letter, erasing it takes a part of the letter along (a 6 is left as a 5),
and leaving it adds a stroke (a 5 becomes a 6). So the line is read in several views, the rule erased,
kept within the height of the print, and kept in grey. A text counts that both readers see, in two
views at least, and that no other reading contradicts in a digit; anything else is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from connector.extraction.ocr.acceptance.amounts import USUAL
from connector.extraction.ocr.erasing import Erased
from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.spacing import breaks, like, solid, with_breaks

View: TypeAlias = tuple[Glimpse, Glimpse | None]
"""What the two readers see in one picture of a line."""

_BAND = 4
"""Pixels beside the places where print meets a rule that may belong to the rule."""

_NEAR = 0.7
"""Heights of the print that a reader's place of a character may lie beside the rule that crosses it."""

_GREY = 0.5
_TALL = 0.7
_BROKEN_THOUSANDS = re.compile(r"(?<=\d,)\s(?=\d{3})|(?<=,\d)\s(?=\d\d)|(?<=,\d\d)\s(?=\d)")
_BARS = "|!lIi1"
"""What readers take a rule for."""


def crossed_at(erased: Erased, line: Print) -> float | None:
    """Where an upright rule of the form runs through the line and meets its print, in pixels."""
    x0, top, x1, bottom = line.box
    met = erased.beside[top:bottom, x0 + _BAND : x1 - _BAND].any(axis=0)
    return float(np.flatnonzero(met).mean()) + x0 + _BAND if met.any() else None


def rule_through(before: Gray, line: Print) -> tuple[int, int] | None:
    """First and last column (pixels) of the upright rule of the form that runs through the line, whether
    its print meets it or not; None where there is none, or more than one. `before` is the sheet with
    its rules."""
    x0, top, x1, bottom = line.box
    more = round(_BEYOND * line.height)
    around = before[max(0, top - more) : bottom + more, x0 + _BAND : x1 - _BAND]
    dark = np.flatnonzero((around < _RULE_LEVEL).mean(axis=0) >= _ALL_ALONG) + x0 + _BAND
    if not len(dark) or dark[-1] - dark[0] > 2 * _BAND:
        return None
    return int(dark[0]), int(dark[-1])


_BEYOND, _ALL_ALONG, _RULE_LEVEL = 0.4, 0.95, 185
"""Heights of the print that a rule goes on above and below it, the share of rows in which it is there,
and the grey that is darker."""


def touches(erased: Erased, line: Print) -> bool:
    """Whether any of the line's print meets a rule that was erased."""
    x0, top, x1, bottom = line.box
    return bool(erased.touching[top:bottom, x0:x1].any())


def stands_on_rule(erased: Erased, line: Print) -> bool:
    """Whether the line's letters stand on a level rule, or hang from one: it hides points and the feet or
    heads of letters (of a 0 a U is left), while one that only tails reach lies lower."""
    x0, _, x1, _ = line.box
    boxes = line.blots.boxes
    tall = boxes[boxes[:, 3] - boxes[:, 1] >= _TALL * line.height]
    for edge in (int(np.median(tall[:, side])) for side in (1, 3)):
        around = np.s_[max(0, edge - _FOOT) : edge + _FOOT, x0:x1]
        near = erased.touching[around] & ~erased.beside[around]
        if near.any(axis=0).mean() >= _STANDING:
            return True
    return False


_FOOT, _STANDING = 4, 0.25
"""Pixels around the foot or the head, and the share of a line's width that meets the rule there."""


def with_rule(erased: Erased, before: Gray, line: Print) -> Iterator[Gray]:
    """The sheet with the upright rules within the line's print as they were, and then in grey."""
    x0, top, x1, bottom = line.box
    met = np.flatnonzero(erased.beside[top:bottom, x0:x1].any(axis=0)) + x0
    heights = line.blots.boxes[:, 3] - line.blots.boxes[:, 1]
    tall = line.blots.boxes[heights >= _TALL * heights.max()]
    body = slice(int(np.median(tall[:, 1])), int(np.median(tall[:, 3])))
    for share in (1.0, _GREY):
        found = erased.gray.copy()
        for x in met:
            band = body, slice(max(x0, x - _BAND), x + _BAND + 1)
            found[band] = (255 - share * (255.0 - before[band])).astype(np.uint8)
        yield found


def with_feet(erased: View, ruled: View) -> View:
    """The readings of a number to go by, without the level rule it stands on and with it: what both
    readers see with the rule, unless the first one plainly saw other digits without it."""
    first, second = ruled
    if first.weakest < _SURE or not _same(first, second) or not _is_number(first.text):
        return erased
    plain = _is_number(erased[0].text)
    return erased if plain and _digits(erased[0]) != _digits(first) else ruled


def unless_denied(erased: View, ruled: View) -> View:
    """The readings of a number that both readers see alike without the rule it stands on; beside it
    another number that the first one plainly sees with the rule: a 9 whose foot went with the rule is a 2."""
    first = ruled[0]
    plain = first.weakest >= _SURE and _is_number(first.text)
    return (erased[0], first) if plain and _digits(first) != _digits(erased[0]) else erased


_SURE = 0.9


def begins_on_rule(erased: Erased, line: Print) -> bool:
    """Whether the first character of the line meets an upright rule on its left, with which its left side
    may be gone."""
    x0, top, _, bottom = line.box
    return bool(erased.beside[top:bottom, max(0, x0 - _BAND) : x0 + _BAND].any())


def may_have_lost_its_side(seen: View) -> bool:
    """Whether a number begins with a digit that may be what is left of another one."""
    return solid(seen[0].text)[:1] in _WITH_ITS_SIDE


def unless_closed(erased: View, ruled: View) -> View:
    """The readings of a number whose first digit meets a rule on its left; beside it what a reader sees
    with the rule, where that is a digit of which this one may be left: a 6 without its side is a 5."""
    digit = solid(erased[0].text)[:1]
    for each in filter(None, ruled):
        if solid(each.text).lstrip(_BARS + "[")[:1] in _WITH_ITS_SIDE.get(digit, ()):
            return erased[0], each
    return erased


_WITH_ITS_SIDE = {"5": ("6", "G", "b"), "3": ("8", "B")}


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(solid(text)))


_NUMBER = re.compile(
    r"\$?[1-9]\d{0,2}([.,]\d{3})*(\.00)?|\$?[1-9]\d*|\d{1,2}([/-])\d{1,2}\3(\d\d){1,2}|\d{5}"
)
"""An amount, a day or a code without anything odd in it."""


def _digits(seen: Glimpse) -> str:
    return re.sub(r"\D", "", seen.text)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The character that a rule runs through ("?" where the reader does not say, nothing where it saw
    none), its number in the solid text, and whether a character of which nothing is left has room."""

    character: str
    number: int = -1
    has_room: bool = True


def stands_at(place: float, seen: Glimpse, places: Sequence[float], line: Print) -> Crossing:
    """What a reader saw where a rule runs through a line, which stands at `places` pixels."""
    text = solid(seen.text)
    if len(text) != len(places) or not text:
        return Crossing("?")
    away = [abs(each - place) for each in places]
    nearest = int(np.argmin(away))
    if away[nearest] > _NEAR * line.height:
        return Crossing("")
    return Crossing(text[nearest], nearest, _has_room(line, place))


def _has_room(line: Print, place: float) -> bool:
    """Whether so much paper is free at the rule that a 1 may have stood there."""
    columns = line.columns
    before = columns[columns[:, 1] <= place + _BAND]
    after = columns[columns[:, 0] >= place - _BAND]
    if not len(before) or not len(after) or len(columns) < _MANY:
        return True
    usual = float(np.median(columns[1:, 0] - columns[:-1, 1]))
    free = float(after[0, 0] - before[-1, 1])
    return free > max(usual, 0.0) + _NARROWEST * line.height


_NARROWEST, _MANY = 0.3, 6
"""Heights of the print that a 1 and the paper beside it take at least, and characters that tell how much
paper is usual between them."""


def settled(
    erased: View,
    at: Crossing,
    more: Callable[[], Iterator[View]],
    is_plain: Callable[[str], bool] = lambda text: True,
) -> View:
    """The readings to go by, which differ where nothing can be relied on.

    `at` is the character that the rule runs through; `more` gives the views with the rule; `is_plain`
    tells a text without broken words.
    """
    crossed = at.character
    first, second = erased
    if second is None:
        return replace(first, weakest=0.0), None
    if _same(first, second) and (not crossed or (crossed.isalpha() and is_plain(first.text))):
        return erased
    views = [erased, *((one, other) for one, other in more() if other is not None)]
    every = [(index, each) for view in views for index, each in enumerate(view) if each]
    for _, seen in every:
        if is_plain(seen.text) and _is_borne_out(seen, views, at):
            by = [
                next(e for i, e in every if i == who and _plain(e, _plain(seen)) == _plain(seen))
                for who in (0, 1)
            ]
            return _without_bars(by[0]), _without_bars(by[1])
    word = _word_at_rule([each for _, each in every], crossed, is_plain)
    spacing = [
        e for i, e in every if i == 1 and word and len(solid(e.text)) == len(solid(word.text))
    ]
    if word is not None and spacing:
        text = with_breaks(solid(word.text), breaks(spacing[0].text))
        return word, replace(spacing[0], text=text)
    alike = is_plain(first.text) and _is_the_rule_s(solid(first.text), solid(second.text), at)
    if alike and not any(_is_another(view, first) for view in views):
        return first, replace(second, text=first.text)
    others = [each for view in views for each in view if each and not _same(first, each)]
    digits = (each for each in others if _digits(each) != _digits(first))
    return first, next(digits, others[0] if others else second)


def _is_another(view: View, first: Glimpse) -> bool:
    """Whether both readers see the same in a view, and other digits than those: of a 0 that a rule has
    parted, one reader sees nothing and the other a bar."""
    return _same(*view) and _digits(view[0]) != _digits(first)


def _is_the_rule_s(mine: str, theirs: str, at: Crossing) -> bool:
    """Whether what the second reader sees otherwise is the rule's doing."""
    return _must_be_zero(mine, theirs, at.number) or (
        not at.has_room and _has_bar_more(mine, theirs, at.number)
    )


def _has_bar_more(mine: str, theirs: str, number: int) -> bool:
    """Whether the second reader sees one bar more, beside the character that the rule runs through."""
    beside = (number, number + 1)
    return any(
        place < len(theirs)
        and theirs[place] in _BARS
        and theirs[:place] + theirs[place + 1 :] == mine
        for place in beside
    )


def _must_be_zero(mine: str, theirs: str, number: int) -> bool:
    """Whether the rule runs through a 0 of the last three digits of a usual limit, which no other digit
    can be, and both readers see the same all around it."""
    limit = next(
        (one for one in _LIMIT.finditer(mine) if one.end() - 3 <= number < one.end()), None
    )
    if limit is None or mine[number] != "0":
        return False
    before, after = mine[: number - 1], mine[number + 2 :]
    alike = theirs.startswith(before) and theirs.endswith(after)
    return alike and abs(len(theirs) - len(mine)) <= 1 and int(limit[0].replace(",", "")) in USUAL


_LIMIT = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})*,000(?![\d,])")


def _word_at_rule(
    seen: Sequence[Glimpse], crossed: str, is_plain: Callable[[str], bool]
) -> Glimpse | None:
    """Where the rule runs through a letter and all digits are seen alike: the one reading without
    broken words, if it was seen twice and there is no other such."""
    digits = {re.sub(r"\D", "", each.text) for each in seen}
    if not crossed.isalpha() or len(digits) != 1:
        return None
    plain = [each for each in seen if is_plain(each.text) and "|" not in each.text]
    alike = {solid(each.text) for each in plain}
    return plain[0] if len(alike) == 1 and len(plain) >= _TWICE else None


_TWICE = 2


def _is_borne_out(seen: Glimpse, views: Sequence[View], at: Crossing) -> bool:
    """Whether both readers see this in two views at least, and none sees another digit."""
    text = _plain(seen)
    found = [[_plain(each, text) for each in view if each] for view in views]
    for each in (each for view in found for each in view if is_formed(each)):
        is_bar = not at.has_room and _has_bar_more(text, each, at.number)
        if _contradict(text, each) and not is_bar:
            return False
    readers = {index for view in found for index, each in enumerate(view) if each == text}
    return len(readers) == 2 and sum(text in view for view in found) >= 2


def is_formed(text: str) -> bool:
    """Whether every amount of a text is grouped as amounts are: a reading without that proves nothing."""
    return all(_FORMED.fullmatch(amount) for amount in _AMOUNT.findall(text))


_AMOUNT = re.compile(r"\d[\d,.]*\d")
_FORMED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.00)?|[1-9]\d*")


def with_zero(seen: Glimpse, at: float) -> Glimpse | None:
    """What a reader saw with a 0 at a share of the picture's width where a rule runs between two characters;
    None where the amounts are not grouped as amounts are with it only ("6,00,000")."""
    text = solid(seen.text)
    if len(seen.places) != len(text) or len(seen.sure) != len(text):
        return None
    index = sum(place < at for place in seen.places)
    whole = f"{text[:index]}0{text[index:]}"
    if is_formed(text) or not is_formed(whole):
        return None
    places, sure = (
        (*each[:index], more, *each[index:])
        for each, more in ((seen.places, at), (seen.sure, seen.weakest))
    )
    return replace(seen, text=like(seen.text, whole), places=places, sure=sure)


def _contradict(text: str, other: str) -> bool:
    """Whether another reading has other digits than the text, or more of them, or one of them has a bar more
    that may be a digit as well as the rule. A digit less was lost with the rule, and one in place of a
    dollar sign is the sign and the rule."""
    seen = other
    if len(text) == len(other):
        seen = "".join(b for a, b in zip(text, other, strict=True) if a != "$")
    mine, theirs = (re.sub(r"\D", "", each) for each in (text, seen))
    if len(theirs) > len(mine) or (len(theirs) == len(mine) and theirs != mine):
        return True
    places = zip(text, other, strict=False) if len(text) == len(other) else ()
    if any(a != b and a.isdigit() and b.isdigit() for a, b in places):
        return True
    if abs(len(text) - len(other)) == 1:
        short, long = sorted((text, other), key=len)
        bars = (index for index, mark in enumerate(long) if mark in _BARS)
        return any(long[:index] + long[index + 1 :] == short for index in bars)
    return False


def _same(first: Glimpse, second: Glimpse | None) -> bool:
    return second is not None and solid(first.text) == solid(second.text)


def _plain(seen: Glimpse, like: str = "") -> str:
    """The solid text; without one bar, where it is `like` another text then and the bar stands where
    no digit can be lost."""
    text = solid(seen.text).replace("|", "")
    if len(text) != len(like) + 1:
        return text
    for index, mark in enumerate(text):
        before, after = text[:index], text[index + 1 :]
        if mark in _BARS and before + after == like and not re.match(r"[\d.,]", after):
            return like
    return text


def _without_bars(seen: Glimpse) -> Glimpse:
    """What a reader saw less the rule, which it may take for a bar."""
    text = " ".join(re.sub(r"(?<=\d)\|(?=\d)", "", seen.text).replace("|", " ").split())
    text = _BROKEN_THOUSANDS.sub("", text)
    marks = solid(seen.text)
    if len(marks) != len(seen.places):
        return replace(seen, text=text, places=(), sure=())
    kept = [index for index, mark in enumerate(marks) if mark != "|"]
    places, sure = (tuple(each[i] for i in kept) for each in (seen.places, seen.sure))
    return replace(seen, text=text, places=places, sure=sure)
