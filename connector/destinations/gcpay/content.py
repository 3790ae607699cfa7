"""What GCPay asks of a subcontractor's insurance: one item for each coverage line."""

from __future__ import annotations

from typing import Any

from connector.certificate.entries import lines_present
from connector.certificate.entry import Entry
from connector.certificate.field import Field, Kind, scalar
from connector.certificate.model import Certificate, line
from connector.checking.verdict import Outcome, Severity, Verdict
from connector.delivery import Delivery

LABELS = {
    "general_liability": "General liability",
    "auto_liability": "Automobile liability",
    "umbrella_liability": "Umbrella or excess liability",
    "workers_compensation": "Workers' compensation",
}

FIELDS: tuple[Field, ...] = (
    Field("vendor", "Vendor", Kind.TEXT, "Northfield Roofing LLC"),
    Field("project", "Project", Kind.TEXT, "Lakeside Medical Center"),
    Field("coverage", "Coverage", Kind.TEXT, "General liability"),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-4481902"),
    Field("expiration", "Expiration", Kind.DATE, "2027-03-01"),
    Field("status", "Status", Kind.TEXT, "compliant"),
    Field("in_doubt", "In doubt, so left empty", Kind.TEXT, None),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
)
"""The columns of the list and of the CSV."""


def content(
    delivery: Delivery,
    vendor_name: str,
    project_name: str | None,
) -> dict[str, Any]:
    """One subcontractor's items."""
    about = {
        "vendor": vendor_name,
        "project": project_name,
        "certificate_id": delivery.certificate.certificate_id,
    }
    names = lines_present(delivery.certificate)
    return {
        "vendor_name": vendor_name,
        "lines": list(names),
        "items": [about | _item(delivery, name) for name in names],
    }


def _item(delivery: Delivery, name: str) -> dict[str, Any]:
    found = line(delivery.certificate, name)
    shown: dict[str, Entry[Any]] = {
        "policy_number": found.policy_number,
        "expiration": found.expiration_date,
    }
    doubtful = [key for key, entry in shown.items() if entry.is_unclear]
    return {
        "coverage": _label(delivery.certificate, name),
        **{key: scalar(entry.value) if entry.is_read else None for key, entry in shown.items()},
        "status": _status(delivery.verdict, name),
        "in_doubt": ", ".join(key.replace("_", " ") for key in doubtful) or None,
    }


def _label(certificate: Certificate, name: str) -> str:
    if name in LABELS:
        return LABELS[name]
    described: Entry[Any] = getattr(line(certificate, name), "description", Entry())
    return str(described.value) if described.is_read and described.value else "Other coverage"


def _status(verdict: Verdict | None, name: str) -> str | None:
    """Of this line alone; what nobody is sure of is neither."""
    if verdict is None:
        return None
    open_ones = {
        f.outcome
        for f in verdict.findings
        if f.line == name and f.severity is Severity.REQUIRED and f.waived_by is None
    }
    if Outcome.NOT_MET in open_ones:
        return "non_compliant"
    if Outcome.UNCLEAR in open_ones:
        return "needs_review"
    return "compliant" if Outcome.MET in open_ones else "not_required"
