"""What would change if a rule set did: every certificate on file, checked with both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from connector.certificate.field import Field, Kind, Scalar
from connector.checking.evaluate import evaluate, sentence
from connector.checking.outcome import failures
from connector.checking.packet import Packet
from connector.checking.rule import RuleSet
from connector.checking.verdict import Context, Finding, Status, Verdict


@dataclass(frozen=True, slots=True)
class OnFile:
    """A vendor's packet as it is kept: `key` is the caller's own (a vendor or certificate id).

    `before` is the verdict that stands; None has it made anew with the current rule set.
    """

    key: str
    packet: Packet
    context: Context
    before: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody whose status would change, and the lines that make it so."""

    key: str
    name: str
    before: Status | None
    after: Status
    failures: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """All of it: how many stand where before and after, and who would move."""

    checked: int
    before: Mapping[Status, int]
    after: Mapping[Status, int]
    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many were checked, and how many stand where, now and then."""
        return {
            "checked": self.checked,
            "changed": len(self.changes),
            **{f"now_{status.value}": self.before.get(status, 0) for status in Status},
            **{f"then_{status.value}": self.after.get(status, 0) for status in Status},
        }


TRIAL_FIELDS: tuple[Field, ...] = (
    Field("key", "Number", Kind.TEXT, "V-204"),
    Field("name", "Name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("before", "Now", Kind.CHOICE, "compliant", choices=tuple(Status)),
    Field("after", "Then", Kind.CHOICE, "non_compliant", choices=tuple(Status)),
    Field("why", "Why", Kind.TEXT, "General liability: each occurrence: required $2,000,000; found $1,000,000 (page 1)."),
)  # fmt: skip
"""The columns of the table of changes."""


def try_rule_set(
    changed: RuleSet, on_file: Iterable[OnFile], on: date, current: RuleSet | None = None
) -> Trial:
    """`changed` over everything on file. Without `current`, whoever has no standing verdict
    counts as never checked and is listed."""
    before: Counter[Status] = Counter()
    after: Counter[Status] = Counter()
    changes = []
    shared = changed.shared_with(current) if current else frozenset()
    for item in on_file:
        standing = _standing(item, on, current)
        verdict = evaluate(item.packet, changed, item.context, on, known=_known(standing, shared))
        was = item.before or standing
        after[verdict.status] += 1
        if was is not None:
            before[was.status] += 1
        if was is None or was.status is not verdict.status:
            changes.append(_change(item, was, verdict))
    return Trial(after.total(), dict(before), dict(after), tuple(changes))


def _standing(item: OnFile, on: date, current: RuleSet | None) -> Verdict | None:
    if item.before is not None or current is None:
        return None
    return evaluate(item.packet, current, item.context, on)


def _known(standing: Verdict | None, shared: frozenset[str]) -> dict[str, Finding | None]:
    """What need not be asked again, because the rule is the same under both sets."""
    if standing is None:
        return {}
    found = {finding.rule_id: finding for finding in standing.findings}
    return {rule_id: found.get(rule_id) for rule_id in shared}


def _change(item: OnFile, before: Verdict | None, verdict: Verdict) -> Change:
    certificates = item.packet.certificates
    insured = certificates[0].insured.name.value if certificates else None
    return Change(
        key=item.key,
        name=item.context.vendor_name or insured or "",
        before=before.status if before else None,
        after=verdict.status,
        failures=tuple(map(sentence, failures(verdict))),
        reasons=verdict.review_reasons,
    )


def flatten_change(change: Change) -> dict[str, Scalar]:
    """One row of TRIAL_FIELDS."""
    return {
        "key": change.key,
        "name": change.name,
        "before": change.before.value if change.before else None,
        "after": change.after.value,
        "why": "\n".join((*change.failures, *change.reasons)) or None,
    }
