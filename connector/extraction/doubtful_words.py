"""What a description that is not certain may say, where its doubts go no farther than they do.

A point that may be dirt, or a name that two readers spell differently, leaves every other word as
both readers saw it. What the words claim is sure where it stays the same in every version of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from connector.certificate.entry import Entry, State, unclear
from connector.certificate.model import Certificate
from connector.extraction.reading import ALIKE_UPRIGHTS, CellReading, Line

Say: TypeAlias = Callable[[Certificate], dict[str, Entry[Any]]]
"""What the words of a certificate claim, by path."""

LEGIBLE = 88
"""Per cent of a line's letters that two readings share at least, where the others are to be relied on."""


def agreed(certificate: Certificate, words: CellReading, say: Say) -> dict[str, Entry[Any]] | None:
    """What the description claims, unclear where one version of it claims something else.

    None where its doubts may go farther than the versions do.
    """
    description = certificate.description_of_operations
    texts = _versions(words) if description.value == words.text else None
    if texts is None:
        return None
    plain = replace(description, state=State.READ, doubt=None, others=())
    found, *others = (
        say(replace(certificate, description_of_operations=replace(plain, value=text)))
        for text in dict.fromkeys(texts)
    )
    why = description.doubt or "The description could not be read with certainty."
    paths = dict.fromkeys(path for each in (found, *others) for path in each)
    return {
        path: found[path]
        if all(_same(found.get(path), each.get(path)) for each in others)
        else found.get(path, unclear(None, description.evidence, why)).doubted(why)
        for path in paths
    }


def _same(entry: Entry[Any] | None, other: Entry[Any] | None) -> bool:
    if entry is None or other is None:
        return entry is other
    return (entry.value, entry.state) == (other.value, other.state)


def _versions(words: CellReading) -> list[str] | None:
    """The description as read, and as it may be; None where that cannot be told."""
    doubtful = [number for number, line in enumerate(words.lines) if line.doubt]
    if words.doubt or any(_is_open(words.lines[number]) for number in doubtful):
        return None
    lines = [_mended(line.text, line.second or line.text) for line in words.lines]
    changed: list[Mapping[int, str]] = [{}]
    for number in doubtful:
        after = lines[number + 1][:1] if number + 1 < len(lines) else ""
        changed += [{number: text} for text in _line_versions(words.lines[number], after)]
    seconds = {n: _mended(s, lines[n]) for n in doubtful if (s := words.lines[n].second)}
    changed += [seconds, {n: _PLAIN.sub("", lines[n]) for n in doubtful}]
    return ["\n".join({**dict(enumerate(lines)), **change}.values()) for change in changed]


def _is_open(line: Line) -> bool:
    """Whether any words may stand in a line, or one that no reader saw rightly may be a word by which
    claims are told."""
    if not line.words_stand:
        return True
    second = line.second or line.text
    unsure = list(_differing(line.text, second))
    if fuzz.ratio(line.text, second) < LEGIBLE or any(_may_govern(one) for one in unsure):
        return True
    return any(_is_nearly(word, _VERY_ALIKE) for word in _words(line.text))


def nearly_governing(text: str) -> str | None:
    """The first word that is nearly one by which claims are told, though both readers see it: "inaured"."""
    return next((word for word in _words(text) if _is_nearly(word, _ONE_LETTER_OFF)), None)


def _line_versions(line: Line, after: str) -> Iterator[str]:
    """A doubtful line as another reader saw it, without accents, and with its points otherwise; the
    next line begins with `after`."""
    second = line.second or line.text
    for text in dict.fromkeys((_mended(line.text, second), _mended(second, line.text))):
        yield text
        yield _without_accents(text)
        yield _PLAIN.sub("", text)
        yield _QUOTES.sub("", text)
        yield " ".join(_PLAIN.sub(" ", text).split())
        for stop in _ENDS.finditer(text):
            yield text[: stop.start()] + text[stop.start() + 1 :]
        for gap in _MAY_END.finditer(text):
            yield f"{text[: gap.start()]}.{text[gap.start() :]}"
        if after[:1].isupper():
            yield text[:-1] if text.endswith((".", ";")) else f"{text}."
    if ALIKE_UPRIGHTS in (line.doubt or ""):
        yield _NAME.sub(lambda name: name[0].translate(_OTHER_UPRIGHTS), line.text)


_NAME = re.compile(r"\b[A-Z]\w*")
_OTHER_UPRIGHTS = str.maketrans("il", "li")
"""A name with its i and l otherwise; every other word is known, and none becomes another by them."""


_PLAIN = re.compile(r"[.,:;'’`]")
"""Marks that dirt makes, or that are taken for dirt."""

_QUOTES = re.compile(r"[\"'’`“”]")

_ENDS = re.compile(r"[.;:](?=\s+\S)")
_MAY_END = re.compile(r"(?<=[\w)])\s+(?=[A-Z0-9\"'(])")


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))


def _mended(text: str, other: str) -> str:
    """A reading with the other one's word where only that is one by which claims are told: of
    "generat" and "general" nothing else was printed, as `_may_govern` has made sure."""
    mended, end = "", 0
    for mine, theirs in _differing(text, other):
        if _long_ones(theirs) and not _long_ones(mine) and mine:
            mended += text[end : mine[0].start()] + other[theirs[0].start() : theirs[-1].end()]
            end = mine[-1].end()
    return mended + text[end:]


_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[str]:
    return [_key(word) for word in _WORD.finditer(text)]


def _key(word: re.Match[str]) -> str:
    return _without_accents(word[0]).casefold()


Run: TypeAlias = Sequence[re.Match[str]]


def _differing(first: str, second: str) -> Iterator[tuple[Run, Run]]:
    """The runs of words that two readings do not share, spaces and points aside."""
    mine, theirs = list(_WORD.finditer(first)), list(_WORD.finditer(second))
    matcher = SequenceMatcher(None, _words(first), _words(second), autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and _solid(mine[a:b]) != _solid(theirs[c:d]):
            yield mine[a:b], theirs[c:d]


def _solid(run: Run) -> str:
    return "".join(map(_key, run))


def _long_ones(run: Run) -> set[str]:
    """The long words of a run, or the one it makes, by which claims are told."""
    words = {*map(_key, run), _solid(run)}
    return {word for word in words if word in _GOVERNING and len(word) >= _LONG}


def _may_govern(runs: tuple[Run, Run]) -> bool:
    """Whether words that readers see differently may be one by which claims are told, and neither
    reader surely saw it: a long word that one of them saw is a version of its own."""
    words = {word for run in runs for word in (*map(_key, run), _solid(run))}
    near = {name for word in words for name in _near(word)}
    return bool(near - _long_ones(runs[0]) - _long_ones(runs[1]))


def _near(word: str) -> Iterator[str]:
    if word.isdigit():
        return
    for name in _GOVERNING:
        if min(len(word), len(name)) >= _LONG:
            if fuzz.ratio(word, name) >= _ALIKE:
                yield name
        elif Levenshtein.distance(word, name, score_cutoff=1) <= 1:
            yield name


def _is_nearly(word: str, least: float) -> bool:
    """Whether a word that both readers saw is nearly one that governs: they share mistakes."""
    return (
        len(word) > _LONG
        and word not in _GOVERNING
        and not word.startswith(_NO_MISTAKES)
        and any(fuzz.ratio(word, name) >= least for name in _LONGER)
    )


_LONG, _ALIKE, _VERY_ALIKE, _ONE_LETTER_OFF = 6, 70, 86, 85
"""Letters of a word that is not taken for another by chance, and per cent that are alike."""


def _every(*texts: str) -> Iterable[str]:
    return (word for text in texts for word in text.split())


_GOVERNING = frozenset(
    _every(
        "additional additionally addl ins insd insured insureds primary non contributory noncontributory pnc nc",
        "waiver waive waives waived wos subrogation rights transfer aggregate aggregates project projects job",
        "per each completed operations operation ops notice notification cancellation cancelled cancel",
        "nonrenewal termination day days general liability liab cgl gl auto autos automobile automobiles",
        "vehicle vehicles bap umbrella excess workers worker workmens compensation comp wc employers employer",
        "professional errors omissions pollution cpl environmental cyber builders risk property inland marine",
        "installation crime all every any policy policies coverage coverages lines above listed referenced",
        "described captioned except excepting exception excluding excludes other than but including included",
        "include includes applicable no not never without neither nor isn aren cannot declined excluded refused",
        "is are was were does do has have will shall may can holder certificate named required where when if",
        "written contract agreement permitted law blanket cg ca ten fifteen twenty thirty forty sixty ninety",
    )
)
"""Words by which claims, their lines and their denials are told."""

_LONGER = frozenset(word for word in _GOVERNING if len(word) >= _LONG)
_NO_MISTAKES = (
    "insurer", "insurance", "insures", "contractor", "contracting", "operational", "excepted", "projected",
)  # fmt: skip
