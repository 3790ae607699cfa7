"""The free block at the foot of the coverages table: one, two or three other policies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector.certificate import values
from connector.certificate.entry import BLANK, Entry, Evidence, State, read, unclear
from connector.certificate.fields import BY_PATH, ENTRY_PATHS
from connector.certificate.model import OTHER_LINES
from connector.extraction.reading import CellReading, Line

TOO_MANY = "The free rows hold more policies than can be told apart."
UNEVEN = "It is not clear to which of the free rows these lines belong."
UNSURE = "It is not clear how many policies the free rows hold."
LEVEL = 5.0
"""Points above the policy number that a line of the same policy may begin."""

_COLUMNS = (
    "insurer_letter",
    "additional_insured",
    "subrogation_waived",
    "policy_number",
    "effective_date",
    "expiration_date",
)


def free_rows(cells: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    """The entries of other_1 to other_3, by which lines stand beside which policy."""
    known = cells["other.policy_number"]
    if known.doubt and known.box is None:
        return _not_found(known)
    nothing = CellReading(known.page, known.source)
    names = (*_COLUMNS, "description", "limits")  # not every edition has every column
    block = {name: cells.get(f"other.{name}", nothing) for name in names}
    levels = _levels(block)
    found: dict[str, Entry[Any]] = {}
    parts: dict[str, dict[str, CellReading]] = {}
    for number, line in enumerate(OTHER_LINES):
        if number and number >= len(levels):
            break
        top = levels[number] if number and levels else float("-inf")
        bottom = (
            levels[number + 1] if number + 1 < min(len(levels), len(OTHER_LINES)) else float("inf")
        )
        parts[line] = {name: _between(cell, top, bottom) for name, cell in block.items()}
        found |= _row(line, parts[line])
    found |= _unevenly_divided(found, parts)
    why = TOO_MANY if len(levels) > len(OTHER_LINES) else _unsure_division(block)
    if why:
        found |= {path: entry.doubted(why) for path, entry in found.items()}
    return found


def _not_found(known: CellReading) -> dict[str, Entry[Any]]:
    """Everything that the free rows may say, where nobody knows where they stand."""
    evidence = _evidence(known, ())
    return {
        path: unclear(None, evidence, known.doubt or UNSURE)
        for path in ENTRY_PATHS
        if path.partition(".")[0] in OTHER_LINES
    }


def next_row(found: Mapping[str, Entry[Any]], why: str) -> dict[str, Entry[Any]]:
    """Everything that the free row behind the last filled one may say, unclear: where print stands beside its
    boxes, one more policy may have left them."""
    rows = {
        path.partition(".")[0] for path, entry in found.items() if entry.state is not State.BLANK
    }
    filled = [number for number, line in enumerate(OTHER_LINES) if line in rows]
    after = OTHER_LINES[max(filled, default=-1) + 1 :][:1] if filled else ()
    return {
        path: unclear(None, None, why)
        for path in ENTRY_PATHS
        if path.partition(".")[0] in after and path not in found
    }


_PARTS_OF = {
    "description": ("description", "kind"),
    "limits": ("limits", "each_claim", "aggregate"),
}
"""What is read from a column besides its own entry."""


def _unevenly_divided(
    found: Mapping[str, Entry[Any]], parts: Mapping[str, Mapping[str, CellReading]]
) -> dict[str, Entry[Any]]:
    """The entries of columns in which one policy has two lines and another none, in doubt: a line may
    belong to the policy below or above."""
    doubted: dict[str, Entry[Any]] = {}
    for column in (*_COLUMNS, *_PARTS_OF):
        counts = {len(part[column].lines) for part in parts.values()}
        if 0 in counts and max(counts) > 1:
            paths = [f"{row}.{name}" for row in parts for name in _PARTS_OF.get(column, (column,))]
            doubted |= {path: found[path].doubted(UNEVEN) for path in paths}
    return doubted


def _unsure_division(block: Mapping[str, CellReading]) -> str | None:
    """The doubt about what belongs to which policy, where the columns show different numbers of them
    and a stroke, dirt or a stamp may be taken for a line."""
    columns = [block[name] for name in (*_LEVELLED, "policy_number") if block[name].lines]
    differ = len({len(cell.lines) for cell in columns}) > 1
    return UNSURE if differ and any(cell.reason for cell in columns) else None


_LEVELLED = ("effective_date", "expiration_date", "insurer_letter")
"""The columns that have one line of each policy."""


def _levels(block: Mapping[str, CellReading]) -> list[float]:
    """Where each policy begins: the lines of the column that has most of them."""
    columns = [[line.box[1] for line in block[name].lines] for name in _LEVELLED]
    most = max(columns, key=len)
    return [top - LEVEL for top in most]


def _between(cell: CellReading, top: float, bottom: float) -> CellReading:
    lines = tuple(line for line in cell.lines if top <= line.box[1] < bottom)
    return replace(cell, lines=lines)


def _row(line: str, part: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    found = {f"{line}.{name}": _entry(f"{line}.{name}", part[name]) for name in _COLUMNS}
    found[f"{line}.description"] = _text(part["description"], " ")
    found[f"{line}.limits"] = _text(part["limits"], "\n")
    found |= _limits(line, part["limits"])
    found[f"{line}.kind"] = _kind(found[f"{line}.description"])
    return found


def _evidence(cell: CellReading, lines: Sequence[Line]) -> Evidence:
    boxes = [line.box for line in lines]
    box = cell.box
    if boxes:
        x0, top, x1, bottom = zip(*boxes, strict=True)
        box = (min(x0), min(top), max(x1), max(bottom))
    text = "\n".join(line.text for line in lines)
    return Evidence(cell.page, box, text, cell.source, cell.confidence)


def _entry(path: str, cell: CellReading) -> Entry[Any]:
    evidence = _evidence(cell, cell.lines)
    entry = values.entry(path, BY_PATH[path].kind, evidence)
    if why := cell.reason:
        return replace(entry, state=State.UNCLEAR, evidence=evidence).doubted(why)
    return entry


def _text(cell: CellReading, joiner: str) -> Entry[str]:
    why = cell.reason
    if not cell.lines:
        return unclear(None, _evidence(cell, ()), why) if why else BLANK
    text = joiner.join(values.tidy(line.text) for line in cell.lines)
    evidence = _evidence(cell, cell.lines)
    return unclear(text, evidence, why) if why else read(text, evidence)


_AMOUNT = re.compile(r"\$?\s?\d[\d, ]*\d(?:\.\d\d)?|\$\s?\d+")
_AGGREGATE = re.compile(r"(?i)\bagg(regate|\.|\b)")
_EACH = re.compile(
    r"(?i)\b(each|per|any one|ea\.?)\s+(claim|occurrence|loss|incident|event|act|wrongful act|condition)\b"
    r"|\b(occurrence|occ\.?|claim)\b"
)
_NO_LIMIT = re.compile(r"(?i)\b(ded(uctible)?|retention|sir|retroactive|premium)\b")
UNLABELLED = "The form does not say whether this amount is per claim or an aggregate."


def _limits(line: str, cell: CellReading) -> dict[str, Entry[Any]]:
    """Each claim and aggregate, where the words beside an amount say which it is."""
    found: dict[str, Entry[Any]] = {f"{line}.each_claim": BLANK, f"{line}.aggregate": BLANK}
    unlabelled: list[tuple[str, Evidence]] = []
    for printed in map(_as_sure_as_its_amounts, cell.lines):
        for amount, words in _amounts(printed.text):
            evidence = _evidence(cell, (replace(printed, text=amount),))
            owner = _owner(words)
            if owner is None and _NO_LIMIT.search(words):
                continue
            if owner is None:
                unlabelled.append((amount, evidence))
                continue
            path = f"{line}.{owner}"
            entry = _entry(path, replace(cell, lines=(replace(printed, text=amount),)))
            if not found[path].is_blank and found[path].value != entry.value:
                entry = entry.doubted("Two amounts are printed for this limit.")
            found[path] = entry
    found |= _maybe_meant(found, unlabelled)
    if cell.reason:
        unsure: Entry[Any] = unclear(None, _evidence(cell, cell.lines), cell.reason)
        return {path: unsure if entry.is_blank else entry for path, entry in found.items()}
    return found


def _as_sure_as_its_amounts(line: Line) -> Line:
    """The line without its doubt, where that is about words or spaces and both readings say the same of
    each amount."""
    said = [_by_owner(text) for text in (line.text, line.second or line.text)]
    is_same = line.words_stand and said[0] == said[1] and None not in said[0]
    return replace(line, doubt=None) if line.doubt and is_same else line


def _by_owner(text: str) -> dict[str | None, list[str]]:
    """The amounts of a line for each limit that they are; None for those of which it does not say."""
    found: dict[str | None, list[str]] = {}
    for amount, words in _amounts(text):
        found.setdefault(_owner(words), []).append(re.sub(r"[$ ]", "", amount))
    return found


def _maybe_meant(
    found: Mapping[str, Entry[Any]], unlabelled: Sequence[tuple[str, Evidence]]
) -> dict[str, Entry[Any]]:
    """The blank ones of the limits, unclear where an amount stands there that may be theirs."""
    if not unlabelled:
        return {}
    amount, evidence = unlabelled[0]
    blank = [path for path, entry in found.items() if entry.is_blank]
    return {
        path: unclear(values.money(amount).value if number == 0 else None, evidence, UNLABELLED)
        for number, path in enumerate(blank)
    }


def _amounts(text: str) -> list[tuple[str, str]]:
    """The amounts of a line, each with the words that belong to it.

    Words follow their amount ("$1,000,000 Occurrence / $2,000,000 Aggregate") or stand before it
    ("Each Claim $1,000,000 Aggregate $2,000,000"), whichever the line begins with.
    """
    spots = list(_AMOUNT.finditer(text))
    if not spots:
        return []
    leads = bool(re.search(r"[A-Za-z]", text[: spots[0].start()]))
    ends = [spot.end() for spot in spots]
    starts = [spot.start() for spot in spots]
    if leads:
        words = [text[a:b] for a, b in zip([0, *ends[:-1]], starts, strict=True)]
    else:
        words = [text[a:b] for a, b in zip(ends, [*starts[1:], len(text)], strict=True)]
    return [(spot[0], said) for spot, said in zip(spots, words, strict=True)]


def _owner(words: str) -> str | None:
    aggregate, each = bool(_AGGREGATE.search(words)), bool(_EACH.search(words))
    if aggregate == each:
        return None
    return "aggregate" if aggregate else "each_claim"


_KINDS = (
    ("cyber", r"cyber|privacy|network security|data breach"),
    ("pollution", r"pollution|environmental|\bcpl\b"),
    ("professional", r"professional|errors\s*(&|and)\s*omissions|\be\s*&\s*o\b|malpractice"),
    ("crime", r"crime|fidelity|employee (theft|dishonesty)|bond"),
    (
        "property",
        r"property|builder\W?s?\W{0,3}risk|installation floater|inland marine|equipment|cargo|contents",
    ),
)


def _kind(description: Entry[Any]) -> Entry[str]:
    """What kind of insurance the description names; two kinds at once are not sure."""
    if description.value is None:
        doubt = description.doubt
        return unclear(None, description.evidence, doubt) if doubt else BLANK
    text = str(description.value)
    kinds = [kind for kind, words in _KINDS if re.search(rf"(?i){words}", text)]
    value = kinds[0] if kinds else "other"
    if len(kinds) > 1 or description.is_unclear:
        why = description.doubt or "The description names more than one kind of insurance."
        return unclear(value, description.evidence, why)
    return read(value, description.evidence)
