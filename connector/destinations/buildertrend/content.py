"""What Buildertrend keeps of a subcontractor's insurance, taken from a certificate and its check."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from connector.certificate.entries import entry_at, lines_present
from connector.certificate.field import Field, Kind, scalar
from connector.certificate.model import Certificate
from connector.delivery import Delivery

GENERAL_LIABILITY = "general_liability.expiration_date"
WORKERS_COMPENSATION = "workers_compensation.expiration_date"

FIELDS: tuple[Field, ...] = (
    Field("vendor_name", "Sub/vendor", Kind.TEXT, "Northfield Roofing LLC"),
    Field("insured_name", "Insured on the certificate", Kind.TEXT, "Northfield Roofing LLC"),
    Field("general_liability_expiration_date", "General liability expires", Kind.DATE, "2027-03-01"),
    Field("workers_compensation_expiration_date", "Workers' comp expires", Kind.DATE, "2027-03-01"),
    Field("verdict", "Verdict", Kind.TEXT, "compliant"),
    Field("file_name", "File", Kind.TEXT, "Northfield Roofing LLC - insurance - 2027-03-01.pdf"),
    Field("in_doubt", "In doubt, so left empty", Kind.TEXT, None),
    Field("vendor_email", "E-mail", Kind.TEXT, "office@northfield.example"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
)  # fmt: skip
"""The columns of the packet's list; an import may use any of their keys."""


def content(
    delivery: Delivery, vendor_name: str, document_sha256: str, document_name: str
) -> dict[str, Any]:
    """One subcontractor's row. A value in doubt stays empty and is named instead."""
    certificate, verdict = delivery.certificate, delivery.verdict
    dates = {path: _sure(certificate, path) for path in (GENERAL_LIABILITY, WORKERS_COMPENSATION)}
    doubtful = [path for path in dates if entry_at(certificate, path).is_unclear]
    insured = certificate.insured.name
    return {
        "vendor_name": vendor_name,
        "insured_name": insured.value if insured.is_read else None,
        "general_liability_expiration_date": dates[GENERAL_LIABILITY],
        "workers_compensation_expiration_date": dates[WORKERS_COMPENSATION],
        "verdict": verdict.status.value if verdict else None,
        "in_doubt": ", ".join(path.replace(".", "_") for path in doubtful) or None,
        "vendor_email": delivery.vendor.email,
        "certificate_id": certificate.certificate_id,
        "lines": list(lines_present(certificate)),
        "document_sha256": document_sha256,
        "ending": PurePath(document_name).suffix.lower() or ".pdf",
    }


def _sure(certificate: Certificate, path: str) -> str | None:
    entry = entry_at(certificate, path)
    return str(scalar(entry.value)) if entry.is_read and entry.value is not None else None
