"""EVENTS: what a subscriber can be told of, by name. Zapier's and Make's triggers come from it.

What is told is one row of a list, with that list's keys and `event_id`. Those who ask instead
of being told (`actions/polling.py`) get exactly the same rows, newest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import marshmallow as ma

from connector.actions.inputs import text
from connector.actions.listing import Listing
from connector.actions.lists import LISTS
from connector.certificate.field import Field, Kind, Scalar

EVENT_ID = Field(
    "event_id",
    "Event",
    Kind.TEXT,
    "cert_7Q2M4K8T",
    "The same for the same event, however often and by whichever way it is told.",
)


class NoFilters(ma.Schema):
    """Everything of this event is wanted."""

    class Meta:
        unknown = ma.EXCLUDE


class ExpiringFilters(NoFilters):
    expires_within = text(
        "Days before expiration",
        help="Write how many days before the earliest expiration you want to be told. "
        "Leave it empty for 30.",
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that can happen.

    `filters` is what a subscriber may narrow it by. `sample` is what differs in a row of this
    event from the fields' own samples.
    """

    name: str
    title: str
    description: str
    noun: str
    listing: Listing
    filters: type[ma.Schema] = NoFilters
    sample: Mapping[str, Scalar] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The keys of what is told."""
        return (*self.listing.fields, EVENT_ID)

    @property
    def path(self) -> str:
        """Where it is polled."""
        return f"/v1/events/{self.name}"


_NO_FAILURE: Mapping[str, Scalar] = {
    "failure_count": 0,
    "failures_text": None,
    "failed_fields": None,
    "failure_codes": None,
    "notice_subject": None,
    "notice_text": None,
    "notice_html": None,
}
_COMPLIANT: Mapping[str, Scalar] = {
    **_NO_FAILURE,
    "status": "compliant",
    "is_compliant": True,
    "compliance_score": 100,
}
_IN_DOUBT: Mapping[str, Scalar] = {
    **_NO_FAILURE,
    "status": "needs_review",
    "is_compliant": None,
    "unclear_count": 1,
    "unclear_text": "General liability: expiration date: two readings differ (page 1).",
    "review_url": "https://connector.example.com/review/cert_7Q2M4K8T",
}
_FAILED: Mapping[str, Scalar] = {
    "status": "failed",
    "records_created": 0,
    "external_ids": None,
    "compliance_status": None,
    "next_step": "Procore is not connected to this account. Connect it first.",
}

CERTIFICATES, CHECKS, PUSHES = LISTS["certificates"], LISTS["checks"], LISTS["pushes"]

EVENTS: dict[str, Event] = {
    event.name: event
    for event in (
        Event("certificate.parsed", "New Certificate", "Triggers when a new certificate has been read.", "Certificate", CERTIFICATES),
        Event("certificate.compliant", "New Compliant Certificate", "Triggers when a check finds a certificate compliant.", "Check", CHECKS, sample=_COMPLIANT),
        Event("certificate.non_compliant", "New Non-Compliant Certificate", "Triggers when a check finds a certificate non-compliant; the deficiency notice comes with it.", "Check", CHECKS),
        Event("certificate.needs_review", "Certificate Needs Review", "Triggers when a person must decide about a certificate; the review link comes with it.", "Check", CHECKS, sample=_IN_DOUBT),
        Event("certificate.expiring", "Certificate Expiring Soon", "Triggers when a policy of a certificate expires within the days that you choose.", "Certificate", CERTIFICATES, ExpiringFilters, {"days_until_expiration": 30}),
        Event("certificate.lapsed", "Certificate Lapsed", "Triggers when a policy of a certificate has run out without a newer certificate.", "Certificate", CERTIFICATES, sample={"days_until_expiration": -1}),
        Event("coverage.changed", "Coverage Changed", "Triggers when a line, limit or date of a vendor differs from the certificate before.", "Change", LISTS["coverage_changes"], sample={"event_id": "change_5d41402abc4b"}),
        Event("push.finished", "Certificate Pushed", "Triggers when a certificate has arrived in another system.", "Push", PUSHES),
        Event("push.failed", "Push Failed", "Triggers when a certificate could not be sent to another system.", "Push", PUSHES, sample=_FAILED),
    )
}  # fmt: skip
