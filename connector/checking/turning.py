"""The day on which a verdict becomes another by itself: nothing comes in, and time goes by.

A policy ends or a renewal begins, a certificate grows too old, a waiver or an exemption runs out, a
cancellation takes effect. Whatever rules look at, it turns only on a day that the packet knows; on
each of these the same question is asked, until one answers otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from connector.certificate.model import LINES, Certificate
from connector.checking.evaluate import evaluate
from connector.checking.lone_pages import days_of
from connector.checking.packet import Packet
from connector.checking.rule import RuleSet
from connector.checking.verdict import Context, Verdict

MOST_DAYS = 60
"""So many days are asked about. Where there are more, the next one counts: it is then asked again."""


def turns_on(packet: Packet, rule_set: RuleSet, context: Context, verdict: Verdict) -> date | None:
    """The first day after the verdict's own on which it differs; None when it never does."""
    coming = sorted({day for day in _days(packet, rule_set) if day > verdict.on})
    said = _said(verdict)
    for day in coming[:MOST_DAYS]:
        if _said(evaluate(packet, rule_set, context, day)) != said:
            return day
    return coming[MOST_DAYS] if len(coming) > MOST_DAYS else None


def _said(verdict: Verdict) -> tuple[Any, ...]:
    """What is another answer when it differs; a sentence may name the day, and does not count."""
    findings = verdict.findings
    return verdict.status, [(f.rule_id, f.outcome, f.code, f.waived_by) for f in findings]


def _days(packet: Packet, rule_set: RuleSet) -> Iterator[date]:
    """Every day on which anything that the packet holds begins or ends."""
    ages = _ages(rule_set)
    for certificate in packet.certificates:
        yield from _days_of(certificate, ages)
    ends = (
        *(waiver.expires for waiver in packet.waivers),
        *(exemption.expires for exemption in packet.exemptions),
        *(notice.ends for notice in packet.cancellations),
    )
    yield from (day for day in ends if day is not None)
    yield from days_of(packet)


def _days_of(certificate: Certificate, ages: set[int]) -> Iterator[date]:
    for name in LINES:
        line = getattr(certificate, name)
        for day in (line.effective_date.value, line.expiration_date.value):
            if day is not None:
                yield day
    issued = certificate.certificate_date.value
    if issued is not None:
        yield issued
        yield from (issued + timedelta(days=age + 1) for age in ages)


def _ages(rule_set: RuleSet) -> set[int]:
    """How old certificates may be, by the rules that ask."""
    return {
        age
        for rule in rule_set.rules
        if rule.test == "not_older_than"
        for age in (rule.argument, *(tier.argument for tier in rule.tiers))
    }
