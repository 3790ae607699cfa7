"""Whether two printed names mean the same company: same, near or different.

Certificates, contracts and vendor lists never write a name twice alike. Case, punctuation,
"&" and "and", common abbreviations and a missing legal suffix do not make another company; a
different suffix ("LLC" against "Inc") may. What is only near is for a person to decide, so a
near name is never merged with another and never passes a rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz


class Likeness(IntEnum):
    """How alike two names are; a larger number is more alike."""

    DIFFERENT = 0
    NEAR = 1
    SAME = 2


NEAR_RATIO = 84.0
"""rapidfuzz ratio (0..100) from which two different names are near: about one slip in six letters."""

LONGEST_LIST = 200
"""Names in one text; what has more commas is prose, or somebody's attempt to keep us busy."""

_SUFFIXES = {
    "llc": "llc", "l l c": "llc", "limited liability company": "llc", "limited liability co": "llc",
    "pllc": "pllc", "p l l c": "pllc", "inc": "inc", "incorporated": "inc", "corp": "corp",
    "corporation": "corp", "ltd": "ltd", "limited": "ltd", "lp": "lp", "l p": "lp",
    "limited partnership": "lp", "llp": "llp", "l l p": "llp", "limited liability partnership": "llp",
    "pc": "pc", "p c": "pc", "professional corporation": "pc", "plc": "plc", "ulc": "ulc",
}  # fmt: skip
_SOFT_SUFFIXES = {"co", "company"}
"""Words that end a name without saying what kind of company it is."""

_WHOLE_WORDS = {
    "assn": "association", "assoc": "associates", "bldg": "building", "bldrs": "builders",
    "bros": "brothers", "const": "construction", "constr": "construction",
    "contr": "contractors", "contrs": "contractors", "contracting": "contracting",
    "ctr": "center", "dept": "department", "dev": "development", "dist": "distributors",
    "elec": "electric", "engr": "engineering", "engrg": "engineering", "eng": "engineering",
    "equip": "equipment", "fab": "fabrication", "grp": "group", "htg": "heating",
    "ins": "insurance", "intl": "international", "maint": "maintenance", "mech": "mechanical",
    "mfg": "manufacturing", "mgmt": "management", "mgt": "management", "natl": "national",
    "plbg": "plumbing", "props": "properties", "refrig": "refrigeration", "svc": "services",
    "svcs": "services", "service": "services", "sys": "systems", "tech": "technologies",
    "transp": "transportation", "univ": "university",
}  # fmt: skip
_DBA = re.compile(
    r"(?i)(?:\s+|,\s*)(?:d\s?[./]?\s?b\s?[./]?\s?a\b\.?|doing business as|t/a|trading as|aka|a/k/a)(?:\s*:\s*|\s+)"
)
_JOINED = re.compile(r"(?i)\s*(?:[;\n|]|\band/or\b|\bc/o\b|\battn:?|\s/\s)\s*")
_AND = re.compile(r"(?i)\s*(?:,\s*and\s|,|\s&\s|\sand\s)\s*")
_HANGERS_ON = re.compile(
    r"(?i)\b(?:isaoa\s*/?\s*atima|isaoa|atima|its successors and/?(?:or)? assigns.*|"
    r"as (?:an )?additional insureds?.*|(?:and )?(?:its|their|all) (?:subsidiar|affiliat|parent|director|officer|employee|agent).*)$"
)


@dataclass(frozen=True, slots=True)
class _Company:
    """One side of a name, compared by its `core`; `suffix` is its legal kind or empty."""

    core: str
    suffix: str

    @property
    def key(self) -> str:
        return f"{self.core} {self.suffix}".strip()


@lru_cache(maxsize=16_384)
def _company(text: str) -> _Company:
    words = _plain(text).split()
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    suffix = ""
    while len(words) > 1:
        cut, kind = _last_suffix(words)
        if not cut:
            break
        words, suffix = words[:-cut], kind or suffix
    return _Company(" ".join(_WHOLE_WORDS.get(word, word) for word in words), suffix)


def _last_suffix(words: list[str]) -> tuple[int, str]:
    """How many words at the end are a legal suffix, and its kind ("" for a plain "Co")."""
    for length in (3, 2, 1):
        if length < len(words) and (kind := _SUFFIXES.get(" ".join(words[-length:]))):
            return length, kind
    return (1, "") if words[-1] in _SOFT_SUFFIXES else (0, "")


def _plain(text: str) -> str:
    """Lower case, no accents, "&" as "and", anything but letters and digits a space."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(ch for ch in decomposed if not unicodedata.combining(ch)).casefold()
    letters = letters.replace("&", " and ").replace("+", " and ")
    letters = re.sub(r"['’`]", "", letters)
    return " ".join(re.sub(r"[^\w]+|_+", " ", letters).split())


def normalise(name: str) -> str:
    """The key under which a vendor's certificates are kept together: the legal side, made plain.

    The legal suffix stays, in one spelling: "Smith LLC" and "Smith Inc" are two companies.
    """
    legal = sides(name)[0] if sides(name) else name
    return _company(legal).key


@lru_cache(maxsize=4_096)
def sides(name: str) -> tuple[str, ...]:
    """The names in "Northfield Roofing LLC DBA Northfield Exteriors": the legal one first."""
    return tuple(part.strip(" ,\n") for part in _DBA.split(_tidy(name)) if part.strip(" ,\n"))


def compare(one: str, other: str) -> Likeness:
    """How alike two names are; any side of a DBA may match."""
    return max(
        (_compare_sides(left, right) for left in sides(one) for right in sides(other)),
        default=Likeness.DIFFERENT,
    )


def _compare_sides(one: str, other: str) -> Likeness:
    left, right = _company(one), _company(other)
    if not left.core or not right.core:
        return Likeness.DIFFERENT
    if left.core == right.core or left.core.replace(" ", "") == right.core.replace(" ", ""):
        alike = not left.suffix or not right.suffix or left.suffix == right.suffix
        return Likeness.SAME if alike else Likeness.NEAR
    if _near(left.core, right.core):
        return Likeness.NEAR
    return Likeness.DIFFERENT


def _near(one: str, other: str) -> bool:
    """A slip of the pen, the same words in another order, or one name inside the other."""
    if fuzz.ratio(one, other, score_cutoff=NEAR_RATIO) or (
        sorted(one.split()) == sorted(other.split())
    ):
        return True
    short, long = sorted((one, other), key=len)
    return f" {short} " in f" {long} "


@lru_cache(maxsize=4_096)
def named_in(name: str, text: str) -> Likeness:
    """Whether a text that may list several names (a holder box, additional insureds) names `name`.

    SAME only when one listed name is the same as a whole: "Summit Builders" is not named by
    "Summit Builders of Ohio", which is near.
    """
    best = max((compare(name, part) for part in _parts(text)), default=Likeness.DIFFERENT)
    if best is Likeness.DIFFERENT and _contained(name, text):
        return Likeness.NEAR
    return best


def _tidy(text: str) -> str:
    """Single spaces and line breaks, so that no pattern below meets a long run of either."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _parts(text: str) -> Iterable[str]:
    """The text, and the names listed in it, each without hangers-on ("ISAOA", "its officers")."""
    lines = _tidy(text)
    for part in (lines, lines.replace("\n", " "), *_JOINED.split(lines)):
        for whole in _trimmed(part):
            yield whole
            for piece in _listed(whole):
                yield from _trimmed(piece)


def _listed(part: str) -> list[str]:
    """The names of "Summit Builders Inc and Lakeside Health"; nothing for "Smith, Jones & Brown LLC".

    A comma or an "and" may join companies or stand inside one name. It is taken for a list only
    when every piece looks like a company of its own: two words, or a legal suffix.
    """
    pieces: list[str] = []
    cut = _AND.split(part)
    if len(cut) > LONGEST_LIST:
        return []
    for piece in cut:
        if pieces and _plain(piece) in _SUFFIXES:
            pieces[-1] = f"{pieces[-1]} {piece}"
        elif piece.strip():
            pieces.append(_HANGERS_ON.sub("", piece))
    companies = [_company(piece) for piece in pieces if piece.strip()]
    is_list = all(company.suffix or " " in company.core for company in companies)
    return pieces if is_list else []


def _trimmed(part: str) -> Iterable[str]:
    for candidate in {part.strip(), _HANGERS_ON.sub("", part).strip(" ,\n")}:
        if candidate:
            yield candidate


def _contained(name: str, text: str) -> bool:
    cores = {_company(side).core for side in sides(name)}
    plain = " ".join(_WHOLE_WORDS.get(word, word) for word in _plain(text).split())
    return any(core and f" {core} " in f" {plain} " for core in cores)
