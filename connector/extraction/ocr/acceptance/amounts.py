"""Limits: well grouped, a round sum, and seen alike by both readers."""

from __future__ import annotations

import re
from dataclasses import replace

from connector.certificate import values
from connector.extraction.ocr import small_marks
from connector.extraction.ocr.acceptance.accents import without_accents_of_dirt
from connector.extraction.ocr.acceptance.alike import DUST, SPACES, ends_in_speck
from connector.extraction.ocr.acceptance.dollars import hides_a_space
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing

STEP = 500
"""Limits come in multiples of this; anything else was misread or needs a look."""

USUAL = frozenset(
    unit * factor
    for factor in (1_000, 10_000, 100_000, 1_000_000)
    for unit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 50)
)
"""Sums that limits usually have; one reader alone is believed on these only."""

_GROUPED = re.compile(r"^[$S]?\s?(\d{1,3}(?:\s?[.,;\s]\s?\d{3})+)(?:\s?\.\s?00)?$")
_PLAIN = re.compile(r"^[$S]?\s?(\d{1,9})(?:[.,]00)?$")
_NOTHING = re.compile(r"^[$S]?\s?[0Oo]$")
_SURE = 0.9
_STRAY = re.compile(r"^[\s|!'.,:;\[\]_-]+|[\s|!'.,:;\[\]_-]+$")


def sum_in(glimpse: Glimpse | None) -> int | None:
    """The sum a reader saw where its grouping leaves no question."""
    if glimpse is None:
        return None
    text = _STRAY.sub("", values.tidy(glimpse.text))
    if _NOTHING.match(text):
        return 0
    found = _GROUPED.match(text) or _PLAIN.match(text)
    return int(re.sub(r"\D", "", found[1])) if found else None


def _is_grouped(glimpse: Glimpse) -> bool:
    return bool(_GROUPED.match(_STRAY.sub("", values.tidy(glimpse.text))))


def believe(sighting: Sighting) -> Belief:
    """A limit: a sum of money, or words such as INCLUDED."""
    amount = sum_in(sighting.first)
    if amount is None:
        amount = _sum_in_both(sighting)
        return (
            _words(sighting) if amount is None else Belief(f"{amount:,}", sighting.first.confidence)
        )
    seen = Belief(f"{amount:,}", sighting.first.confidence)
    if sighting.spills:
        return replace(seen, doubt="The amount runs over the side of its box.")
    if amount % STEP:
        return replace(seen, doubt=f"“{sighting.first.text}” is an unusual amount for a limit.")
    if _may_begin_with_a_dollar(amount):
        return replace(seen, doubt=f"The first digit of “{seen.text}” may be a dollar sign.")
    usual = amount in USUAL or (not amount and _stands_alone(sighting))
    if _agree(sighting, amount) and (usual or _is_plain(sighting)):
        return seen
    return replace(seen, doubt=differing(sighting))


def _stands_alone(sighting: Sighting) -> bool:
    """Whether the ink is that of one digit, away from the rules of the form: a 0 that both readers see is
    one then, however sure they are."""
    return len(sighting.line.columns) == 1 and not (sighting.through or sighting.touching)


def _is_plain(sighting: Sighting) -> bool:
    """Whether an unusual amount is read plainly, away from the rules of the form."""
    clear = sighting.first.weakest >= _SURE or sighting.second is None
    return clear and not (sighting.through or sighting.touching)


def _sum_in_both(sighting: Sighting) -> int | None:
    """The usual sum whose digits both readers see, where a rule has taken or changed its commas, or the
    first one saw a speck among them and the second did not."""
    if sighting.second is None or sighting.spills or sighting.through:
        return None
    grouped = sum_in(sighting.second) if _is_grouped(sighting.second) else None
    if grouped in USUAL and _marked(sighting.first.text) == _marked(sighting.second.text):
        return grouped
    if not sighting.touching:
        return None
    seen = [_STRAY.sub("", each.text) for each in (sighting.first, sighting.second)]
    if not all(_LOOSELY.fullmatch(text) for text in seen):
        return None
    sums = {int(re.sub(r"\D", "", text)) for text in seen}
    amount = sums.pop()
    return amount if not sums and amount in USUAL else None


def _marked(text: str) -> str:
    """An amount's digits, and whether it has cents."""
    text = _STRAY.sub("", text)
    cents = bool(re.search(r"\.00$", text))
    return (
        f"{re.sub(r'[^0-9]', '', text)}{cents}" if re.fullmatch(r"[$S]?[\d\s.,]+", text) else text
    )


_LOOSELY = re.compile(r"[$S]?\s?\d(?:[\s.,;-]{0,2}\d)*[\s.,;-]{0,2}\d{3}")
"""Digits with whatever is left of the commas between them, three behind the last."""


def _may_begin_with_a_dollar(amount: int) -> bool:
    """Whether the sum is usual without its first digit only, and that digit has the shape of a dollar
    sign: $4,000,000 that both readers take for 54,000,000."""
    digits = str(amount)
    alone = len(digits) % 3 == 1  # a sign has no comma behind it
    return (
        amount not in USUAL
        and not alone
        and digits[0] in _LIKE_DOLLAR
        and int(digits[1:] or 0) in USUAL
    )


_LIKE_DOLLAR = "58"


def _agree(sighting: Sighting, amount: int) -> bool:
    """The second reader sees the same sum, or at least the same digits in looser grouping."""
    certain = _is_grouped(sighting.first) and amount in USUAL
    if sighting.second is None:
        return certain and sighting.first.weakest >= 0.97 and not sighting.through
    if sum_in(sighting.second) == amount:
        return True
    same = _digits(sighting.second.text) == _digits(sighting.first.text)
    return same and certain and sighting.first.weakest >= _SURE


def _digits(text: str) -> str:
    """The digits with the letters that look like them folded in; stray marks fall away."""
    plain = text.lstrip("$S ").translate(str.maketrans("OoQlI|", "000111"))
    return re.sub(r"\D", "", plain)


_SPECK_BEHIND = re.compile(r"\s[.,;:'`]+$")
"""A point that stands apart behind words: dirt."""


def _words(sighting: Sighting) -> Belief:
    first = _SPECK_BEHIND.sub("", values.tidy(sighting.first.text))
    if first.endswith(".") and ends_in_speck(sighting):
        first = first.rstrip(".")
    if sighting.second is not None:
        first = without_accents_of_dirt(first, sighting.second.text)
        if "$ " not in sighting.second.text:
            first = first.replace("$ ", "$")
    parsed = values.money(first)
    seen = Belief(first, sighting.first.confidence)
    if parsed.words is None or parsed.doubt:
        return replace(seen, doubt=parsed.doubt or differing(sighting))
    if sighting.second is None or _letters(sighting.second.text) != _letters(first):
        return replace(seen, doubt=differing(sighting))
    may_be_a_speck = first.endswith(".") and (sighting.dirty or sighting.dusty)
    if may_be_a_speck or (sighting.dirty and _WHOLE_WORD.search(first)):
        return replace(seen, doubt=DUST.format(text=first))
    if hides_a_space(first, sighting):
        return replace(seen, doubt=SPACES.format(text=first))
    if _MIXED.search(first) or _has_odd_start(first, sighting):
        return replace(seen, doubt=f"The letters of “{first}” are not clear.")
    return seen


def _has_odd_start(text: str, sighting: Sighting) -> bool:
    """Whether the small i at the start has no point: a capital that both readers take for one."""
    if not text.startswith("i") or not sighting.places:
        return False
    return small_marks.is_dotted(sighting.line, sighting.places[0]) is False


_WHOLE_WORD = re.compile(r"(?i)\b(included|excluded)[.,:;]")
"""A word that is no abbreviation, and a speck behind it."""

_MIXED = re.compile(
    r"[A-Z][a-z]+[A-Z]|[A-Z]{3}[a-rt-z]\b|\b[OQDU]{3}\b|\b[a-z]+[A-Z]|[OQDUoeC]\d|\d[OQDUoeC]|\d{3} \d\d(?!\d)"
)
"""SiR, sIR, INCLUDEd, "4 UUU UUU", "50 Q00", "100,000 00": a small letter or a digit was misread, or a point lost."""


def _letters(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
