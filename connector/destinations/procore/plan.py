"""What to do about each line, given the records that stand in Procore. Pure.

The line is found by our origin id, or by type, policy number and effective date; a renewal
takes over the record of the policy it follows, so that a line stays one record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from connector.destinations.procore.mapping import ORIGIN, InsuranceRecord
from connector.destinations.procore.policy import (
    READ_AS,
    RENEWAL_OVERLAP_DAYS,
    Existing,
    day_of,
    differences,
    id_of,
    is_corrected,
    is_locked,
    is_ours,
    is_placeholder,
    is_same_policy,
    is_twin,
    is_type,
    overlap,
    plain_number,
    precedes,
)
from connector.destinations.procore.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Step:
    """One line's write. `id` is the record to change, None to create; `changes` what to send."""

    record: InsuranceRecord
    id: int | None
    changes: Mapping[str, str | bool]


@dataclass
class Plan:
    """What a push does. Ids are Procore's.

    `lapsed` are our records of policies that have run out and stand on no newer paper; `surplus`
    are twins that two pushes at once have made, and placeholders of lines no longer missing; `locked` is how many lines another integration
    manages; `remarks` are sentences for the person: what was left alone, and why.
    """

    writes: list[Step] = field(default_factory=list)
    unchanged: list[Step] = field(default_factory=list)
    lapsed: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    locked: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done."""
        return not (self.writes or self.lapsed or self.surplus)

    @property
    def ids(self) -> list[int]:
        """The records that stand for the lines."""
        return [step.id for step in (*self.unchanged, *self.writes) if step.id is not None]

    @property
    def creates(self) -> int:
        """How many records are to be made."""
        return sum(step.id is None for step in self.writes)


def plan(
    wanted: Sequence[InsuranceRecord],
    existing: Iterable[Existing],
    preferences: Preferences,
    vendor_id: int,
    on: date,
) -> Plan:
    """Every line with what is to be done for it, and our records whose policies have run out."""
    made = Plan()
    free = {id_of(each): each for each in existing}
    lines = list(zip(wanted, origins(wanted, preferences, vendor_id), strict=True))
    later = [line for line in lines if not _place(made, *line, free, on, _standing)]
    for record, origin in later:
        if not _place(made, record, origin, free, on, _predecessor):
            made.writes.append(Step(record, None, _with_origin(record, origin)))
            made.remarks += _beside(record, free.values())
    made.lapsed = [id_of(e) for e in free.values() if is_ours(e) and _has_lapsed(e, on)]
    made.surplus += [id_of(e) for e in free.values() if is_placeholder(e)]
    return made


def origins(
    wanted: Sequence[InsuranceRecord], preferences: Preferences, vendor_id: int
) -> list[str | None]:
    """Our origin id per line: one per place, vendor and type, counted when a type comes twice."""
    if not preferences.use_origin_id:
        return [None] * len(wanted)
    place = f"project-{preferences.project_id}" if preferences.project_id else "company"
    seen: dict[str, int] = {}
    made: list[str | None] = []
    for record in wanted:
        kind = re.sub(r"[^a-z0-9]+", "-", record.insurance_type.casefold()).strip("-")
        seen[kind] = seen.get(kind, 0) + 1
        count = f":{seen[kind]}" if seen[kind] > 1 else ""
        made.append(f"{ORIGIN}:{place}:{vendor_id}:{kind}{count}")
    return made


Chooser = Callable[[InsuranceRecord, str | None, Collection[Existing]], Existing | None]


def _place(
    made: Plan,
    record: InsuranceRecord,
    origin: str | None,
    free: dict[int, Existing],
    on: date,
    choose: Chooser,
) -> bool:
    """Settle a line with the record that `choose` finds for it; False when it finds none."""
    if record.is_missing and any(_speaks_for(record, each) for each in free.values()):
        made.remarks.append(
            f"{record.insurance_type}: required, but on no certificate; the record in Procore was left alone."
        )
        return True
    if newer := _newer(record, origin, free.values(), on):
        made.remarks.append(_newer_remark(record, newer))
        return True
    target = choose(record, origin, free.values())
    if target is None:
        return False
    del free[id_of(target)]
    if is_locked(target):
        made.locked += 1
        made.remarks.append(_locked_remark(record, target))
        return True
    for twin in [each for each in free.values() if is_twin(target, each)]:
        made.surplus.append(id_of(free.pop(id_of(twin))))
    changes = differences(target, _with_origin(record, origin if is_ours(target) else None), on)
    (made.writes if changes else made.unchanged).append(Step(record, id_of(target), changes))
    if stale := _stale(record, target):
        made.remarks.append(stale)
    return True


def _speaks_for(missing: InsuranceRecord, existing: Existing) -> bool:
    """Whether a record says something of the missing line: an exemption, a policy a person typed."""
    return is_type(missing, existing) and not is_placeholder(existing)


def _standing(
    record: InsuranceRecord, origin: str | None, existing: Collection[Existing]
) -> Existing | None:
    """The record of this very policy; of twins the oldest, so that every push picks alike."""
    same = [each for each in existing if is_same_policy(record, each)]
    return (
        next((each for each in existing if origin and each.get("origin_id") == origin), None)
        or min(same, key=id_of, default=None)
        or next((each for each in existing if is_corrected(record, each)), None)
    )


def _predecessor(
    record: InsuranceRecord, origin: str | None, existing: Collection[Existing]
) -> Existing | None:
    """The record whose policy this one follows, or an empty slot of the type."""
    before = [e for e in existing if is_type(record, e) and precedes(e, record)]
    return max(
        before, key=lambda e: (day_of(e, "expiration_date") or date.min, id_of(e)), default=None
    )


def _with_origin(record: InsuranceRecord, origin: str | None) -> dict[str, str | bool]:
    """Attributes to write; an origin id goes only where no record stands, or where it is ours."""
    return record.attributes() | ({"origin_id": origin} if origin else {})


def _beside(record: InsuranceRecord, existing: Iterable[Existing]) -> list[str]:
    """What to say when a second policy of a type is added beside one that still runs."""
    return [
        f"{record.insurance_type}: Procore also shows policy {each.get('policy_number')} until "
        f"{each.get('expiration_date')}; remove it there if it was replaced."
        for each in existing
        if is_type(record, each) and overlap(record, each) > RENEWAL_OVERLAP_DAYS
    ]


def _newer(
    record: InsuranceRecord, origin: str | None, existing: Iterable[Existing], on: date
) -> Existing | None:
    """The record of a later policy: old paper changes nothing.

    A policy still in force is kept beside the one that follows it, except where one origin id
    leaves room for only one of them.
    """
    ends, starts = record.expiration_date, record.effective_date
    for each in existing:
        later_end, later_start = day_of(each, "expiration_date"), day_of(each, "effective_date")
        if not (is_type(record, each) and ends and later_end and later_end > ends):
            continue
        if ends <= on:
            return each
        holds_our_place = bool(origin) and each.get("origin_id") == origin
        if holds_our_place and starts and later_start and later_start > starts:
            return each
    return None


def _has_lapsed(existing: Existing, on: date) -> bool:
    ends = day_of(existing, "expiration_date")
    settled = existing.get("status") == "expired" or existing.get("exempt")
    return bool(ends and ends <= on and not settled)


def _newer_remark(record: InsuranceRecord, newer: Existing) -> str:
    return (
        f"{record.insurance_type}: Procore already shows a later policy "
        f"({newer.get('policy_number') or 'no number'}), so this earlier one was not sent."
    )


def _locked_remark(record: InsuranceRecord, locked: Existing) -> str:
    return (
        f"{record.insurance_type}: the record {locked['id']} is managed by another integration "
        f"({locked['origin_id']}); change it there."
    )


KEPT_IF_UNSAID = (
    "name",
    "policy_number",
    "limit",
    "effective_date",
    "expiration_date",
    "additional_insured",
)
"""What Procore goes on showing when a change says nothing of it."""


def _stale(record: InsuranceRecord, target: Existing) -> str | None:
    """What the record keeps of an earlier policy because the certificate does not state it surely."""
    if plain_number(target.get("policy_number") or "") == plain_number(record.policy_number or ""):
        return None
    said = record.attributes()
    kept = [
        name.replace("_", " ")
        for name in KEPT_IF_UNSAID
        if name not in said and target.get(READ_AS.get(name, name))
    ]
    if not kept:
        return None
    return f"{record.insurance_type}: Procore still shows the earlier {', '.join(kept)}; check it."
