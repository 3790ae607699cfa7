"""A verdict as stored JSON, and back: what was decided must read the same years later."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from connector.certificate.field import scalar
from connector.checking.verdict import Context, Finding, Outcome, Severity, Status, Verdict


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Plain JSON values only."""
    stored: dict[str, Any] = {
        field.name: scalar(getattr(verdict, field.name))
        for field in dataclasses.fields(verdict)
        if field.name not in ("findings", "review_reasons")
    }
    stored["findings"] = [_finding_json(finding) for finding in verdict.findings]
    stored["review_reasons"] = list(verdict.review_reasons)
    return stored


def verdict_from_json(stored: Mapping[str, Any]) -> Verdict:
    """What `verdict_to_json` wrote."""
    ends = stored["next_expiration_date"]
    return Verdict(
        status=Status(stored["status"]),
        findings=tuple(_finding_from(finding) for finding in stored["findings"]),
        rule_set=stored["rule_set"],
        rule_set_version=stored["rule_set_version"],
        rule_set_digest=stored["rule_set_digest"],
        on=date.fromisoformat(stored["on"]),
        next_expiration_date=date.fromisoformat(ends) if ends else None,
        review_reasons=tuple(stored["review_reasons"]),
    )


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        field.name: scalar(getattr(finding, field.name)) for field in dataclasses.fields(finding)
    }


def _finding_from(stored: Mapping[str, Any]) -> Finding:
    return Finding(
        **{
            **stored,
            "outcome": Outcome(stored["outcome"]),
            "severity": Severity(stored["severity"]),
        }
    )


def context_to_json(context: Context) -> dict[str, Any]:
    """What a check was asked with, as plain JSON values: the same question is known again by it."""
    stored: dict[str, Any] = {
        field.name: scalar(getattr(context, field.name))
        for field in dataclasses.fields(context)
        if field.name not in ("legal_names", "names")
    }
    stored["legal_names"] = list(context.legal_names)
    stored["names"] = {role: list(names) for role, names in context.names.items()}
    return stored


def context_from_json(stored: Mapping[str, Any]) -> Context:
    """What `context_to_json` wrote; other keys beside it are not looked at."""
    plain = {
        field.name: stored[field.name]
        for field in dataclasses.fields(Context)
        if field.name not in ("legal_names", "names", "project_end")
    }
    ends = stored["project_end"]
    return Context(
        **plain,
        project_end=date.fromisoformat(ends) if ends else None,
        legal_names=tuple(stored["legal_names"]),
        names={role: tuple(names) for role, names in stored["names"].items()},
    )
