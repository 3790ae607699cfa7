"""Whose certificate it is: the caller's vendor, else the insured as it was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from connector.actions.action import Given
from connector.certificate.model import Certificate
from connector.certificate.names import normalise
from connector.storage import vendors
from connector.storage.accounts import Account
from connector.storage.vendors import StoredVendor


def vendor_of(
    session: Session, account: Account, given: Given, certificate: Certificate, now: datetime
) -> StoredVendor | None:
    """The vendor that a certificate belongs to, made when it is new.

    None while nobody knows: the caller named none and the insured's name is in doubt.
    """
    insured = certificate.insured.name
    name = given.get("vendor_name") or (insured.value if insured.is_read else None)
    number = given.get("vendor_id")
    if not name and not number:
        return None
    vendor = vendors.resolve(
        session,
        account.id,
        name=name or _unnamed(number),
        normalised_name=normalise(name or _unnamed(number)),
        external_id=number,
        now=now,
    )
    vendors.describe(
        vendor,
        now,
        email=given.get("vendor_email"),
        trade=given.get("trade"),
        state=given.get("state"),
    )
    return vendor


def name_on_record(vendor: StoredVendor) -> str | None:
    """What the vendor is known as, to compare an insured with; None while nobody ever named it."""
    return None if vendor.name == _unnamed(vendor.external_id) else vendor.name


def _unnamed(number: str | None) -> str:
    return f"Vendor {number}"
