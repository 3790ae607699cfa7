"""How a record that stands in Procore compares with one of ours. Pure.

Procore's records are free text typed by people, other integrations and us, so comparisons are
lenient in form (case, spaces, dashes in a policy number) and strict in substance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.destinations.procore.mapping import MISSING, ORIGIN, SIGNATURE, InsuranceRecord

RENEWAL_OVERLAP_DAYS = 45
"""How long an old policy may still run when the one that follows it begins."""

Existing = Mapping[str, Any]
"""A record as Procore shows it."""

READ_AS = {"name": "insurance_provider"}
"""Attributes that come back under another name."""


def is_ours(existing: Existing) -> bool:
    """Whether we made or manage this record, and no other integration has taken it over since."""
    if is_locked(existing):
        return False
    return bool(existing.get("origin_id")) or str(existing.get("notes") or "").startswith(SIGNATURE)


def is_placeholder(existing: Existing) -> bool:
    """Whether it is a record of ours that stands for a missing policy."""
    return is_ours(existing) and MISSING in existing["notes"] and not existing.get("policy_number")


def is_locked(existing: Existing) -> bool:
    """Whether another integration (an accounting system) manages it: not ours to touch."""
    origin = existing.get("origin_id") or ""
    return bool(origin) and not origin.startswith(f"{ORIGIN}:")


def is_twin(one: Existing, other: Existing) -> bool:
    """Both ours, of the same type, policy number and effective date."""
    key = ("insurance_type", "policy_number", "effective_date")
    alike = all(one.get(name) and one.get(name) == other.get(name) for name in key)
    return alike and is_ours(one) and is_ours(other)


def id_of(existing: Existing) -> int:
    """Procore's number of the record."""
    return int(existing["id"])


def is_type(record: InsuranceRecord, existing: Existing) -> bool:
    """Whether the record is of our line's type, however it is capitalised."""
    shown = existing.get("insurance_type") or ""
    return bool(shown.strip().casefold() == record.insurance_type.casefold())


def is_same_policy(record: InsuranceRecord, existing: Existing) -> bool:
    """The same type, policy number and effective date; what one side does not say may differ."""
    policy, starts = existing.get("policy_number"), day_of(existing, "effective_date")
    same_policy = not policy or not record.policy_number or plain_number(policy) == plain_number(record.policy_number)  # fmt: skip
    same_start = not starts or not record.effective_date or starts == record.effective_date
    named = bool(policy and record.policy_number) or bool(starts and record.effective_date)
    return is_type(record, existing) and same_policy and same_start and named


def is_corrected(record: InsuranceRecord, existing: Existing) -> bool:
    """The same policy number over much the same time: a certificate with a corrected date."""
    policy = plain_number(existing.get("policy_number") or "")
    if not policy or policy != plain_number(record.policy_number or ""):
        return False
    return is_type(record, existing) and overlap(record, existing) > RENEWAL_OVERLAP_DAYS


def overlap(record: InsuranceRecord, existing: Existing) -> int:
    """Days that both policies run; 0 when a date is not known."""
    starts = (record.effective_date, day_of(existing, "effective_date"))
    ends = (record.expiration_date, day_of(existing, "expiration_date"))
    if None in starts or None in ends:
        return 0
    return max(0, (min(filter(None, ends)) - max(filter(None, starts))).days)


def plain_number(policy: str) -> str:
    """A policy number by its letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", policy.upper())


def day_of(existing: Existing, name: str) -> date | None:
    """A date that the record shows, None when it shows none that we can read."""
    try:
        return date.fromisoformat(str(existing.get(name) or "")[:10])
    except ValueError:
        return None


def precedes(existing: Existing, record: InsuranceRecord) -> bool:
    """Whether the record's policy ends about when ours begins, or it is a slot without a policy."""
    starts, ends = day_of(existing, "effective_date"), day_of(existing, "expiration_date")
    if starts is None and ends is None:
        return not existing.get("policy_number")
    if record.effective_date is None or (starts and starts >= record.effective_date):
        return False
    return ends is None or (ends - record.effective_date).days <= RENEWAL_OVERLAP_DAYS


def differences(
    existing: Existing, wanted: Mapping[str, str | bool], on: date
) -> dict[str, str | bool]:
    """The attributes that Procore shows otherwise than wanted, with the wanted values."""
    changes = {
        name: value
        for name, value in wanted.items()
        if not _is_same(name, existing.get(READ_AS.get(name, name)), value)
    }
    if set(changes) == {"status"} and _expired_by_itself(existing, on):
        return {}
    return changes


def _expired_by_itself(existing: Existing, on: date) -> bool:
    """Procore may call a record expired some hours before it is so in the account's time zone."""
    ends = day_of(existing, "expiration_date")
    return existing.get("status") == "expired" and bool(ends and (ends - on).days <= 1)


def _is_same(name: str, shown: Any, wanted: str | bool) -> bool:
    if isinstance(wanted, bool):
        return bool(shown) is wanted
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
