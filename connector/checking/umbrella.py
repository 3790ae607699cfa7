"""What the umbrella adds to other lines, where a rule set lets it: every dollar once.

Its each-occurrence limit tops up limits that apply to one event, its aggregate those of a term.
Within one line the dollars for one event serve all its limits together; between lines, and
against the umbrella's own minimum, they are spent. Only required rules that fall short draw on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from connector.certificate.entry import Entry
from connector.checking.answer import american
from connector.checking.case import Case, LineAt, UmbrellaHelp
from connector.checking.rule_tests.dates import standing
from connector.checking.subject import SUBJECTS
from connector.checking.verdict import Outcome

LINE = "umbrella_liability"
_PER_EVENT = ("each_occurrence", "personal_and_advertising_injury", "combined_single_limit", "bodily_injury_per_accident", "property_damage", "each_accident", "disease_each_employee")  # fmt: skip
_PER_TERM = ("general_aggregate", "products_completed_operations_aggregate", "disease_policy_limit")
TOPPED_UP_LINES = ("general_liability", "auto_liability", "workers_compensation")

POOLS: dict[str, str] = {
    path: f"{LINE}.{pool}"
    for boxes, pool in ((_PER_EVENT, "each_occurrence"), (_PER_TERM, "aggregate"))
    for path, subject in SUBJECTS.items()
    if subject.line in TOPPED_UP_LINES and path.partition(".")[2] in boxes
}
"""Which of the umbrella's limits tops up a limit. Premises damage and medical expense: none."""


def top_up(case: Case, wanted: Iterable[tuple[str, int]]) -> Case:
    """The case with the umbrella's dollars shared out over `wanted`: paths and required amounts."""
    short = _shortfalls(case, wanted)
    at = case.lines.get(LINE)
    if not short or at is None:
        return case
    return replace(case, umbrella=_help(case, at, short))


def _shortfalls(case: Case, wanted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """By path, how much the stated limit lacks; only what was read with certainty."""
    short: dict[str, int] = {}
    for path, amount in wanted:
        subject = SUBJECTS[path]
        if path not in POOLS or subject.line not in case.rule_set.umbrella_tops_up:
            continue
        entry: Entry[int] = case.entry(subject)
        if entry.is_read and entry.value is not None and entry.value < amount:
            short[path] = max(short.get(path, 0), amount - entry.value)
    return short


def _help(case: Case, at: LineAt, short: dict[str, int]) -> UmbrellaHelp:
    if out := _out_of_force(at, case.on):
        return UmbrellaHelp(out=out)
    if doubt := _doubt(at, {POOLS[path] for path in short}):
        return UmbrellaHelp(doubt=doubt)
    stands = standing(at, case.packet.cancellations, case.on)
    if stands.outcome is Outcome.NOT_MET:
        return UmbrellaHelp(out=f"the umbrella {stands.found}")
    if stands.outcome is Outcome.UNCLEAR:
        return UmbrellaHelp(doubt=f"The umbrella has {stands.found.removeprefix('unclear: ')}")
    return _share_out(case, at, short)


def _out_of_force(at: LineAt, on: date) -> str | None:
    """Why it certainly gives nothing on this day."""
    effective: Entry[date] = at.entry("effective_date")
    expiration: Entry[date] = at.entry("expiration_date")
    if expiration.is_read and expiration.value is not None and on >= expiration.value:
        return f"the umbrella expired on {american(expiration.value)}"
    if effective.is_read and effective.value is not None and on < effective.value:
        return f"the umbrella begins on {american(effective.value)}"
    return None


def _doubt(at: LineAt, pools: set[str]) -> str | None:
    """Why nobody knows what the umbrella could give, as a sentence; None when it is known."""
    if at.doubt:
        return at.doubt
    boxes = ["effective_date", "expiration_date", *(pool.partition(".")[2] for pool in pools)]
    for box in boxes:
        entry = at.entry(box)
        if entry.is_unclear:
            return entry.doubt or "It could not be read with certainty."
        if entry.words is not None:
            return f"“{entry.words}” stands in place of an amount."
        if box.endswith("_date") and entry.value is None:
            return "Its dates are blank."
    return None


def _share_out(case: Case, at: LineAt, short: dict[str, int]) -> UmbrellaHelp:
    """Line after line as the rule set lists them; a limit that cannot be reached takes nothing."""
    given: dict[str, int] = {}
    too_few: dict[str, int] = {}
    spent: dict[str, int] = {}
    for pool in dict.fromkeys(POOLS.values()):
        left = at.entry(pool.partition(".")[2]).value or 0
        for line in case.rule_set.umbrella_tops_up:
            needs = {
                p: n for p, n in short.items() if POOLS[p] == pool and SUBJECTS[p].line == line
            }
            served = {path: need for path, need in needs.items() if need <= left}
            given |= served
            too_few |= {path: left for path in needs if path not in served}
            used = max(served.values(), default=0)
            left -= used
            spent[pool] = spent.get(pool, 0) + used
    return UmbrellaHelp(given, too_few, {pool: amount for pool, amount in spent.items() if amount})
