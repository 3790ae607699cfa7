"""Whose certificate it is: the caller's vendor, else the insured as it was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.action import Given
from connector.actions.inputs import LONGEST_NAME
from connector.certificate.entry import Entry
from connector.certificate.model import Certificate
from connector.certificate.names import normalise
from connector.errors import InvalidInput
from connector.storage import accounts, certificates, vendors
from connector.storage.accounts import Account
from connector.storage.certificates import StoredCertificate
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
    if max(len(name or ""), len(number or "")) > LONGEST_NAME:
        raise InvalidInput(
            f"The vendor's name or number has more than {LONGEST_NAME} letters, which no firm's "
            "has. Look at the document's insured box, and at what was sent as vendor.",
            field="vendor_name",
        )
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
        email=email_of_vendor(given, certificate),
        trade=given.get("trade"),
        state=given.get("state"),
    )
    return vendor


def vendor_on_file(
    session: Session, account: Account, given: Given, row: StoredCertificate, now: datetime
) -> StoredVendor | None:
    """Whose a certificate is: the vendor that the caller names now, else the one it is on file for.

    To compare its insured with the insured itself, because this caller named nobody, would find
    another firm's certificate good for the vendor that it lies under.
    """
    if given.get("vendor_id") or given.get("vendor_name") or row.vendor_id is None:
        return vendor_of(session, account, given, row.certificate, now)
    vendor = vendors.get(session, account.id, row.vendor_id)
    vendors.describe(
        vendor,
        now,
        email=email_of_vendor(given, row.certificate),
        trade=given.get("trade"),
        state=given.get("state"),
    )
    return vendor


def follow_insured(
    session: Session, row: StoredCertificate, before: Entry[Any], now: datetime
) -> None:
    """Let a certificate be its insured's, once a person has said who that is: where nobody named a
    vendor, it was its insured's as read before."""
    if row.vendor_id is not None:
        vendor = vendors.get(session, row.account_id, row.vendor_id)
        was_read = normalise(str(before.value)) if before.value else None
        if vendor.external_id is not None or vendor.normalised_name != was_read:
            return
    account = accounts.get(session, row.account_id)
    vendor_now = vendor_of(session, account, {}, row.certificate, now)
    if vendor_now is not None:
        certificates.assign(session, row, vendor_now, now)


OF_EVERYBODY = {"gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "aol.com", "icloud.com"}
"""Mail hosts that share a domain without sharing anything else."""


def email_of_vendor(given: Given, certificate: Certificate) -> str | None:
    """The vendor's address as given, unless it is the producer's own.

    Who lets certificates come by mail gives the sender's address, and brokers send them, too: the
    subcontractor would never be written to again.
    """
    said, producer = given.get("vendor_email"), certificate.producer.email
    if not said or producer.value is None:
        return said
    its, hers = str(producer.value).lower(), str(said).lower()
    domain = its.rpartition("@")[2]
    is_same_firm = hers.endswith(f"@{domain}") and domain not in OF_EVERYBODY
    return None if its == hers or is_same_firm else said


def name_on_record(vendor: StoredVendor) -> str | None:
    """What the vendor is known as, to compare an insured with; None while nobody ever named it."""
    return None if vendor.name == _unnamed(vendor.external_id) else vendor.name


def _unnamed(number: str | None) -> str:
    return f"Vendor {number}"
