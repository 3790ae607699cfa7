"""The form's printed labels among words that a reader of pictures saw, slips of its eyes allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from connector.certificate.entry import Box
from connector.extraction.labels import WIDEST_GAP, plain
from connector.extraction.words import Word

SAME_LINE = 3.0
"""Points that the middles of the words of one label may lie above each other."""
MOST_WORDS = 8
_ALIKE = str.maketrans("0158L", "OISBI")
"""Letters that a reader takes for each other in small print."""


class Seen(NamedTuple):
    """A label on the page: which, where, and the numbers of its words."""

    label: str
    box: Box
    words: tuple[int, ...]
    slips: int


def folded(text: str) -> str:
    """A label's letters as far as a reader can be relied on to tell them apart."""
    return plain(text).translate(_ALIKE)


def slips_allowed(length: int) -> int:
    """How many letters of a label may be misread: none of a short one."""
    return 0 if length < 5 else 1 if length < 10 else length // 6


@dataclass(frozen=True, slots=True)
class Labels:
    """Every label that was seen, each word in one of them."""

    seen: tuple[Seen, ...]

    def of(self, *texts: str, inside: Box | None = None) -> list[Seen]:
        """The labels with one of these texts whose middle lies inside the box."""
        wanted = {folded(text) for text in texts}
        found = [seen for seen in self.seen if seen.label in wanted]
        return [seen for seen in found if inside is None or holds(inside, seen.box)]

    def only(self, *texts: str, inside: Box | None = None) -> Seen | None:
        """The one label of these texts; None when there is none, or more than one of them."""
        found = self.of(*texts, inside=inside)
        return found[0] if len(found) == 1 else None

    def joined(self, others: Labels) -> Labels:
        """With the labels of a second look, each place once."""
        new = [
            other for other in others.seen if not any(_is_same(seen, other) for seen in self.seen)
        ]
        return Labels((*self.seen, *new))

    @classmethod
    def among(cls, words: Sequence[Word], texts: Iterable[str]) -> Labels:
        """The labels with these texts; long ones are looked for first."""
        wanted = sorted({folded(text) for text in texts if plain(text)}, key=len, reverse=True)
        found = sorted(_candidates(words, wanted), key=lambda seen: (-len(seen.label), seen.slips))
        used: set[int] = set()
        chosen = []
        for seen in found:
            if used.isdisjoint(seen.words):
                used.update(seen.words)
                chosen.append(seen)
        return cls(tuple(chosen))


def is_part_of(text: str, labels: Iterable[str]) -> bool:
    """Whether a text may be a part of one of these labels, slips allowed: no number, though one of many
    letters may have been taken for a digit."""
    letters = folded(text)
    digits = sum(character.isdigit() for character in text)
    if digits > (1 if len(letters) >= LONG_ENOUGH else 0):
        return False
    return any(fuzz.partial_ratio(letters, folded(label)) >= PART for label in labels)


LONG_ENOUGH = 10
PART = 75
"""rapidfuzz partial ratio (0..100) from which a text may be a part of a label."""


def _is_same(seen: Seen, other: Seen) -> bool:
    return seen.label == other.label and (holds(seen.box, other.box) or holds(other.box, seen.box))


def holds(box: Box, other: Box) -> bool:
    """Whether the middle of another box lies inside."""
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _candidates(words: Sequence[Word], wanted: Sequence[str]) -> Iterable[Seen]:
    texts = [folded(word.text) for word in words]
    followers = [_follower(words, number) for number in range(len(words))]
    longest = max(map(len, wanted), default=0)
    for first, text in enumerate(texts):
        chain, spelled = [first], text
        while len(spelled) <= longest + 2:
            if spelled:
                yield from _spelled(words, tuple(chain), spelled, wanted)
            behind = followers[chain[-1]]
            if behind is None or len(chain) == MOST_WORDS:
                break
            chain.append(behind)
            spelled += texts[behind]


def _spelled(
    words: Sequence[Word], chain: tuple[int, ...], spelled: str, wanted: Sequence[str]
) -> Iterable[Seen]:
    """The label that a chain of words spells with the fewest slips; none where two are as near."""
    slips: dict[str, int] = {}
    ends_in_digit = plain(words[chain[-1]].text)[-1:].isdigit()  # a value's, or a year misread
    for label in wanted:
        allowed = slips_allowed(len(label))
        if abs(len(label) - len(spelled)) > allowed:
            continue
        found = Levenshtein.distance(label, spelled, score_cutoff=allowed)
        if found <= allowed and not (found and ends_in_digit):
            slips[label] = found
    least = min(slips.values(), default=0)
    nearest = [label for label, found in slips.items() if found == least]
    if len(nearest) == 1:
        box = around(words[number].box for number in chain)
        yield Seen(nearest[0], box, chain, least)


def cut_at(box: Box, sides: Iterable[float]) -> Box:
    """The larger part of a box that a rule runs through: what a reader joined over it."""
    x0, top, x1, bottom = box
    for side in sides:
        if x0 < side < x1:
            x0, x1 = (side + 0.5, x1) if side - x0 < x1 - side else (x0, side - 0.5)
    return x0, top, x1, bottom


def _follower(words: Sequence[Word], number: int) -> int | None:
    """The next word on the line of a word, near behind it."""
    word = words[number]
    behind = [
        (other.x0, at)
        for at, other in enumerate(words)
        if at != number
        and -1.5 <= other.x0 - word.x1 <= WIDEST_GAP
        and abs(other.middle[1] - word.middle[1]) <= SAME_LINE
    ]
    return min(behind)[1] if behind else None


def around(boxes: Iterable[Box]) -> Box:
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)
