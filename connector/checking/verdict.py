"""What a check came to: findings in three states, and the verdict over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"


class Severity(StrEnum):
    REQUIRED = "required"
    ADVISORY = "advisory"


class Status(StrEnum):
    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules may depend on besides the certificate. None means that the caller did not say.

    `subcontract_value` is whole dollars. `names` are the overlay's roles ("owner", "lender",
    "architect") to names that must be additional insureds.
    """

    vendor_id: str | None = None
    vendor_name: str | None = None
    vendor_email: str | None = None
    vendor_type: str | None = None
    trade: str | None = None
    state: str | None = None
    project_name: str | None = None
    project_number: str | None = None
    project_end: date | None = None
    subcontract_value: int | None = None
    legal_names: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one packet.

    `code` is the stable reason ("limit_too_low"); `required` and `found` are words for a person;
    `path` is the model path the rule looked at, `line` its coverage line if it has one (a kind
    such as "professional", without a path, where no row of the form holds it); `page` and `quote`
    are where on the certificate. `waived_by` is the sentence of a waiver in force.
    """

    rule_id: str
    requirement: str
    outcome: Outcome
    severity: Severity
    code: str
    required: str
    found: str
    path: str | None = None
    line: str | None = None
    page: int | None = None
    quote: str | None = None
    waived_by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of one rule set on one packet, on one day."""

    status: Status
    findings: tuple[Finding, ...]
    rule_set: str
    rule_set_version: int
    rule_set_digest: str
    on: date
    next_expiration_date: date | None = None
    review_reasons: tuple[str, ...] = ()
