"""Certificates and verdicts as reading and checking would hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from connector.certificate.entries import build
from connector.certificate.entry import Evidence, Source, read, unclear
from connector.certificate.model import Certificate
from connector.checking.verdict import Finding, Outcome, Severity, Status, Verdict

TODAY = date(2026, 6, 1)
STARTS, ENDS = date(2026, 3, 1), date(2027, 3, 1)

VALUES: dict[str, Any] = {
    "insured.name": "Northfield Roofing LLC",
    "certificate_holder.name": "Summit Builders Inc",
    "additional_insured_names": "Summit Builders Inc; Lakeside Health",
    "general_liability.insurer_name": "Granite Mutual Insurance Company",
    "general_liability.policy_number": "GL-4481902",
    "general_liability.effective_date": STARTS,
    "general_liability.expiration_date": ENDS,
    "general_liability.each_occurrence": 1_000_000,
    "general_liability.general_aggregate": 2_000_000,
    "general_liability.additional_insured": True,
    "auto_liability.insurer_name": "Granite Mutual Insurance Company",
    "auto_liability.policy_number": "CA-220917",
    "auto_liability.effective_date": STARTS,
    "auto_liability.expiration_date": ENDS,
    "auto_liability.combined_single_limit": 1_000_000,
    "umbrella_liability.insurer_name": "Prairie Surplus Lines",
    "umbrella_liability.policy_number": "UMB-77120",
    "umbrella_liability.effective_date": STARTS,
    "umbrella_liability.expiration_date": ENDS,
    "umbrella_liability.each_occurrence": 5_000_000,
    "umbrella_liability.type": "umbrella",
    "workers_compensation.insurer_name": "Heartland Casualty",
    "workers_compensation.policy_number": "WC-90031",
    "workers_compensation.effective_date": STARTS,
    "workers_compensation.expiration_date": ENDS,
    "workers_compensation.each_accident": 1_000_000,
}


def certificate(
    changes: Mapping[str, Any] | None = None, *, doubtful: tuple[str, ...] = ()
) -> Certificate:
    """VALUES with `changes` (None leaves a box blank); the `doubtful` paths are unclear."""
    said = {k: v for k, v in (VALUES | dict(changes or {})).items() if v is not None}
    seen = Evidence(1, None, "", Source.TEXT_LAYER)
    return build(
        {
            path: unclear(value, seen, "It could be read in two ways.")
            if path in doubtful
            else read(value, seen)
            for path, value in said.items()
        }
    )


def only(*lines: str, **changes: Any) -> Certificate:
    """A certificate with these lines only; changes are keyed with "__" for the dot."""
    absent = {
        path: None for path in VALUES if "_" in path and "." in path and _line(path) not in lines
    }
    kept = {k: v for k, v in absent.items() if _line(k).endswith(("liability", "compensation"))}
    return certificate(kept | {k.replace("__", "."): v for k, v in changes.items()})


def _line(path: str) -> str:
    return path.partition(".")[0]


def finding(
    line: str | None, outcome: Outcome = Outcome.NOT_MET, waived_by: str | None = None
) -> Finding:
    return Finding(
        rule_id=f"{line}-limit",
        requirement="General aggregate",
        outcome=outcome,
        severity=Severity.REQUIRED,
        code="limit_too_low",
        required="at least $2,000,000",
        found="$1,000,000",
        line=line,
        page=1,
        waived_by=waived_by,
    )


def verdict(*findings: Finding, status: Status | None = None) -> Verdict:
    """A verdict over these findings; compliant when there are none."""
    worst = Status.NON_COMPLIANT if findings else Status.COMPLIANT
    return Verdict(status or worst, findings, "standard-subcontractor", 3, "d1", TODAY)
