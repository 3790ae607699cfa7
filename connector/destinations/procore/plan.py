"""What to do about each line, given the records that stand in Procore. Pure.

The line is found by our origin id, or by type, policy number and effective date; a renewal
takes over the record of the policy it follows, so that a line stays one record.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.destinations.procore.mapping import ORIGIN, SIGNATURE, InsuranceRecord
from connector.destinations.procore.preferences import Preferences

RENEWAL_OVERLAP_DAYS = 45
"""How long an old policy may still run when the one that follows it begins."""

Existing = Mapping[str, Any]
"""A record as Procore shows it."""


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
    are twins that two pushes at once have made; `locked` is how many lines another integration
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


def plan(
    wanted: Sequence[InsuranceRecord],
    existing: Iterable[Existing],
    preferences: Preferences,
    vendor_id: int,
    on: date,
) -> Plan:
    """Every line with what is to be done for it, and our records whose policies have run out."""
    made = Plan()
    free = {int(each["id"]): each for each in existing}
    for record, origin in zip(wanted, origins(wanted, preferences, vendor_id), strict=True):
        _place(made, record, origin, free, on)
    for each in free.values():
        if is_ours(each) and _has_lapsed(each, on):
            made.lapsed.append(int(each["id"]))
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


def is_ours(existing: Existing) -> bool:
    """Whether we made or manage this record."""
    return (existing.get("origin_id") or "").startswith(f"{ORIGIN}:") or (
        existing.get("notes") or ""
    ).startswith(SIGNATURE)


def is_locked(existing: Existing) -> bool:
    """Whether another integration (an accounting system) manages it: not ours to touch."""
    origin = existing.get("origin_id") or ""
    return bool(origin) and not origin.startswith(f"{ORIGIN}:")


def _place(
    made: Plan, record: InsuranceRecord, origin: str | None, free: dict[int, Existing], on: date
) -> None:
    if newer := _newer(record, free.values(), on):
        made.remarks.append(_newer_remark(record, newer))
        return
    target = _target(record, origin, free.values())
    if target is None:
        made.writes.append(Step(record, None, _with_origin(record, origin)))
        return
    del free[_id(target)]
    if is_locked(target):
        made.locked += 1
        made.remarks.append(_locked_remark(record, target))
        return
    for twin in [each for each in free.values() if _is_twin(target, each)]:
        made.surplus.append(_id(free.pop(_id(twin))))
    adopted = origin if is_ours(target) else None
    changes = differences(target, _with_origin(record, adopted), on)
    step = Step(record, _id(target), changes)
    (made.writes if changes else made.unchanged).append(step)
    if stale := _stale(record, target):
        made.remarks.append(stale)


def _target(
    record: InsuranceRecord, origin: str | None, existing: Collection[Existing]
) -> Existing | None:
    """The record that stands for this line; of twins the oldest, so that every push picks alike."""
    same = [each for each in existing if _is_same_policy(record, each)]
    return (
        _by_origin(origin, existing)
        or min(same, key=_id, default=None)
        or _predecessor(record, existing)
    )


def _is_twin(one: Existing, other: Existing) -> bool:
    """Both ours, of the same type, policy number and effective date."""
    key = ("insurance_type", "policy_number", "effective_date")
    alike = all(one.get(name) and one.get(name) == other.get(name) for name in key)
    return alike and is_ours(one) and is_ours(other)


def _with_origin(record: InsuranceRecord, origin: str | None) -> dict[str, str | bool]:
    """Attributes to write; an origin id goes only where no record stands, or where it is ours."""
    return record.attributes() | ({"origin_id": origin} if origin else {})


def _id(existing: Existing) -> int:
    return int(existing["id"])


def _by_origin(origin: str | None, existing: Iterable[Existing]) -> Existing | None:
    return next((e for e in existing if origin and e.get("origin_id") == origin), None)


def _is_type(record: InsuranceRecord, existing: Existing) -> bool:
    shown = existing.get("insurance_type") or ""
    return bool(shown.strip().casefold() == record.insurance_type.casefold())


def _is_same_policy(record: InsuranceRecord, existing: Existing) -> bool:
    """The same type, policy number and effective date; what one side does not say may differ."""
    policy, starts = existing.get("policy_number"), _day(existing, "effective_date")
    same_policy = not policy or not record.policy_number or _plain(policy) == _plain(record.policy_number)  # fmt: skip
    same_start = not starts or not record.effective_date or starts == record.effective_date
    named = bool(policy and record.policy_number) or bool(starts and record.effective_date)
    return _is_type(record, existing) and same_policy and same_start and named


def _plain(policy: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", policy.upper())


def _day(existing: Existing, name: str) -> date | None:
    value = existing.get(name)
    return date.fromisoformat(value[:10]) if value else None


def _predecessor(record: InsuranceRecord, existing: Iterable[Existing]) -> Existing | None:
    """The record whose policy this one follows, or an empty slot of the type."""
    before = [e for e in existing if _is_type(record, e) and _precedes(e, record)]
    return max(before, key=lambda e: (_day(e, "expiration_date") or date.min, _id(e)), default=None)


def _precedes(existing: Existing, record: InsuranceRecord) -> bool:
    starts, ends = _day(existing, "effective_date"), _day(existing, "expiration_date")
    if starts is None and ends is None:
        return not existing.get("policy_number")
    if record.effective_date is None or (starts and starts >= record.effective_date):
        return False
    return ends is None or (ends - record.effective_date).days <= RENEWAL_OVERLAP_DAYS


def _newer(record: InsuranceRecord, existing: Iterable[Existing], on: date) -> Existing | None:
    """The record of a later policy, when ours has already run out: old paper changes nothing."""
    if record.expiration_date is None or record.expiration_date > on:
        return None
    for each in existing:
        ends = _day(each, "expiration_date")
        if _is_type(record, each) and ends and ends > record.expiration_date:
            return each
    return None


def _has_lapsed(existing: Existing, on: date) -> bool:
    ends = _day(existing, "expiration_date")
    settled = existing.get("status") == "expired" or existing.get("exempt")
    return bool(ends and ends <= on and not settled)


_READ_AS = {"name": "insurance_provider"}
"""Attributes that come back under another name."""


def differences(
    existing: Existing, wanted: Mapping[str, str | bool], on: date
) -> dict[str, str | bool]:
    """The attributes that Procore shows otherwise than wanted, with the wanted values."""
    changes = {
        name: value
        for name, value in wanted.items()
        if not _is_same(name, existing.get(_READ_AS.get(name, name)), value)
    }
    if set(changes) == {"status"} and _expired_by_itself(existing, on):
        return {}
    return changes


def _expired_by_itself(existing: Existing, on: date) -> bool:
    """Procore may call a record expired some hours before it is so in the account's time zone."""
    ends = _day(existing, "expiration_date")
    return existing.get("status") == "expired" and bool(ends and (ends - on).days <= 1)


def _is_same(name: str, shown: Any, wanted: str | bool) -> bool:
    if isinstance(wanted, bool):
        return bool(shown is wanted)
    if name == "limit":
        return _amount(shown) == _amount(wanted)
    if name == "insurance_type":
        return str(shown or "").strip().casefold() == wanted.casefold()
    return "\n".join(str(shown or "").split()) == "\n".join(wanted.split())


def _amount(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


def _newer_remark(record: InsuranceRecord, newer: Existing) -> str:
    return (
        f"{record.insurance_type}: Procore already shows a later policy "
        f"({newer.get('policy_number') or 'no number'}), so this expired one was not sent."
    )


def _locked_remark(record: InsuranceRecord, locked: Existing) -> str:
    return (
        f"{record.insurance_type}: the record {locked['id']} is managed by another integration "
        f"({locked['origin_id']}); change it there."
    )


def _stale(record: InsuranceRecord, target: Existing) -> str | None:
    """What the record keeps of an earlier policy because the certificate does not state it surely."""
    if _plain(target.get("policy_number") or "") == _plain(record.policy_number or ""):
        return None
    said = record.attributes()
    kept = [
        name.replace("_", " ")
        for name in ("name", "policy_number", "limit", "effective_date", "expiration_date")
        if name not in said and target.get(_READ_AS.get(name, name))
    ]
    if not kept:
        return None
    return f"{record.insurance_type}: Procore still shows the earlier {', '.join(kept)}; check it."
