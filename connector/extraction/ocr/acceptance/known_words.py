"""Words that are nearly a well-known one: two readers see a t for an l alike, and no firm is a "Mutuat"."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import Levenshtein

MISREAD = "“{word}” in “{text}” is nearly “{known}” and may have been misread."

_KNOWN = frozenset(
    " ".join(
        (
            "accident aggregate alliance america american assurance atlantic automobile builders building business",
            "cancellation casualty certificate certified claim claims combined commercial community company",
            "compensation completed condition construction constructors contracting contractor contractors",
            "contractual contributory corporation coverage deductible demolition development electric",
            "electrical employee employer employers endorsement engineering enterprises environmental",
            "equipment excavating excess exchange excluded facilities federal fidelity financial general",
            "guarantee guaranty heating holder holdings incident included incorporated indemnity industries",
            "installation insulation insurance insured insurer interiors interstate landscaping liability",
            "limited limits management marine masonry mechanical medical mutual national nationwide",
            "notice occurrence operations pacific partners partnership permitted plumbing policies pollution primary",
            "privacy professional project properties property protection realty reciprocal",
            "reinsurance required retention roofing services solutions southern specialty standard",
            "subrogation surety surplus systems underwriters union united vehicles waiver western workers written",
        )
    ).split()
)

_LOOK_ALIKE = frozenset(
    map(
        frozenset,
        ("lt", "li", "lf", "tf", "it", "ij", "rt", "ce", "nu", "gq", "vy", "hb", "eo", "ao"),
    )
)
"""Letters that are taken for each other."""

_WORDS_TOO = frozenset({"surely", "general", "contraction", "uniting"})
_SHORT, _LONG = 5, 7
"""Letters of a word that is no other's by chance if one that looks alike differs, and if any does."""

_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(
    r"(?<=\S )(In[^\Wcknst]|[lTtJfi]nc|[lTtJf]ns|C[abcdegqsu]|Go|LLG|LLO|LIC|ILC|ILP)\b(?=\.?(,|$| Co\b))"
)
"""What is left of Inc, Ins, Co, LLC and LLP where one letter was misread."""

_SHORT_FORMS = {"I": "Inc", "T": "Inc", "l": "Inc", "C": "Co", "G": "Co", "L": "LLC"}


def is_well_known(word: str) -> bool:
    """Whether a word in small letters stands in the names of insurers, trades and policies, or its plural."""
    return word in _KNOWN or word.removesuffix("s") in _KNOWN


def without_accents(word: str) -> str:
    """The word without accents."""
    parts = "".join(_PLAIN.get(c, c) for c in unicodedata.normalize("NFKD", word))
    return "".join(c for c in parts if not unicodedata.combining(c))


_PLAIN = {"ł": "l", "ø": "o", "ı": "i", "đ": "d"}


def misread(text: str, *, any_letter: bool = False) -> str | None:
    """A sentence about the first word that is nearly a known one; None where there is none.

    `any_letter`: no other words are expected here, so that any letter may be the wrong one, or lost.
    """
    if broken := _BROKEN.search(text):
        short = _SHORT_FORMS.get(broken[1][0], "Inc")
        return MISREAD.format(word=broken[1], text=text, known=short)
    for word in _WORD.findall(text):
        if (known := _nearly(word.casefold(), any_letter=any_letter)) is not None:
            return MISREAD.format(word=word, text=text, known=known)
    return None


def _nearly(word: str, *, any_letter: bool) -> str | None:
    if not word.isascii() and without_accents(word) in _KNOWN:
        return without_accents(word)
    forms = {word, word.removesuffix("s"), f"{word}s"}
    if len(word) < _SHORT or forms & (_KNOWN | _WORDS_TOO):
        return None
    if any_letter and len(word) >= _LONG:
        near = (known for known in _KNOWN if Levenshtein.distance(word, known, score_cutoff=1) <= 1)
        return next(near, None)
    return next((known for known in _KNOWN if _looks_alike(word, known)), None)


def _looks_alike(word: str, known: str) -> bool:
    """Whether they differ in one letter, which looks like the other's."""
    if len(word) != len(known):
        return False
    pairs = [frozenset(pair) for pair in zip(word, known, strict=True) if pair[0] != pair[1]]
    return len(pairs) == 1 and pairs[0] in _LOOK_ALIKE


ABBREVIATIONS = frozenset({
    "add", "addl", "agg", "approx", "apt", "assn", "assoc", "attn", "auto", "ave", "bldg",
    "bldrs", "blvd", "bros", "ca", "cert", "cl", "co", "comm", "comp", "constr", "contr",
    "contrs", "corp", "ctr", "cty", "dept", "dev", "dist", "div", "dr", "e.g", "elec", "eng",
    "engrs", "enterprs", "envir", "equip", "est", "etc", "excl", "ext", "fl", "ft", "gen", "grp",
    "hwy", "i.e", "inc", "incl", "indus", "ins", "insur", "int", "intl", "jr", "lab", "liab",
    "lic", "lim", "llc", "llp", "lp", "ltd", "maint", "mech", "med", "mfg", "mgmt", "mr", "mrs",
    "ms", "mt", "natl", "no", "nos", "occ", "ops", "p.c", "p.o", "pa", "pc", "pkwy", "pl", "pol",
    "prem", "prod", "prof", "proj", "prop", "props", "pt", "rd", "re", "rec", "ref", "reg", "rm",
    "serv", "sq", "sr", "st", "ste", "subs", "supp", "svc", "svcs", "syst", "tech", "tel", "temp",
    "twp", "umb", "und", "univ", "u.s", "vs", "wc",
})  # fmt: skip
"""Words that have a point behind them without an end of the sentence or name."""
