"""Certificates as a reader would hand them over, small."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from connector.certificate.entries import build
from connector.certificate.entry import Evidence, Source, read, unclear
from connector.certificate.model import Certificate


def reading(
    *,
    insured: str = "Northfield Mechanical LLC",
    each_occurrence: int = 1_000_000,
    expires: date = date(2027, 3, 1),
    page: int = 1,
    reader_version: int = 1,
    doubtful: bool = False,
) -> Certificate:
    """A certificate with one general liability line."""
    amount = f"{each_occurrence:,}"
    limit = (
        unclear(each_occurrence, seen(amount), "The last digit is smudged.")
        if doubtful
        else read(each_occurrence, seen(amount))
    )
    certificate = build(
        {
            "insured.name": read(insured, seen(insured)),
            "general_liability.policy_number": read("GL-100", seen("GL-100")),
            "general_liability.effective_date": read(date(2026, 3, 1), seen("03/01/2026")),
            "general_liability.expiration_date": read(expires, seen(expires.isoformat())),
            "general_liability.each_occurrence": limit,
            "general_liability.general_aggregate": read(2_000_000, seen("2,000,000")),
            "general_liability.additional_insured": read(True, seen("Y")),
        }
    )
    return _with_facts(certificate, page, reader_version)


def seen(text: str) -> Evidence:
    return Evidence(1, (10, 20, 30, 40), text, Source.TEXT_LAYER)


def _with_facts(certificate: Certificate, page: int, reader_version: int) -> Certificate:
    return replace(certificate, certificate_page=page, reader_version=reader_version)
