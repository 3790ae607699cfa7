"""Which certificates still speak for a coverage line: no newer one of the same vendor states it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from connector.storage.certificates import StoredCertificate
from connector.storage.coverage_lines import CoverageLine


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate with a line that expires on a day."""

    certificate_id: str
    received_at: datetime
    day: date
    number: int


def expiring(session: Session, account_id: str, first: date, last: date) -> list[Ending]:
    """Certificates with a standing line that expires from `first` to `last`, the earliest first."""
    line = CoverageLine
    found = (
        select(
            StoredCertificate.id,
            StoredCertificate.created_at,
            line.expiration_date,
            StoredCertificate.number,
        )
        .join(line, line.certificate_id == StoredCertificate.id)
        .where(
            line.account_id == account_id,
            line.expiration_date >= first,
            line.expiration_date <= last,
            ~_replaced(),
        )
        .distinct()
        .order_by(line.expiration_date, StoredCertificate.number)
    )
    rows = session.execute(found).all()
    return [
        Ending(id, received_at, day, number)
        for id, received_at, day, number in rows
        if day is not None
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """A line that a certificate still speaks for."""

    certificate_id: str
    vendor_id: str | None
    policy_number: str | None


def lines(session: Session, account_id: str, vendor_id: str | None = None) -> list[Standing]:
    """The standing lines of the account, or of one vendor, the oldest certificate first."""
    line = CoverageLine
    found = (
        select(line.certificate_id, line.vendor_id, line.policy_number)
        .join(StoredCertificate, StoredCertificate.id == line.certificate_id)
        .where(line.account_id == account_id, ~_replaced())
        .order_by(StoredCertificate.number, line.line)
    )
    if vendor_id is not None:
        found = found.where(line.vendor_id == vendor_id)
    return [Standing(*row) for row in session.execute(found)]


def of_vendor(session: Session, account_id: str, vendor_id: str) -> list[str]:
    """The vendor's certificates that still speak for a line, the oldest first."""
    found = lines(session, account_id, vendor_id)
    return list(dict.fromkeys(line.certificate_id for line in found))


def counts_whole(session: Session, account_id: str, certificate_id: str) -> bool:
    """Whether the certificate speaks for every line that it states: no newer one has replaced any."""
    its = (
        select(CoverageLine.line)
        .join(StoredCertificate, StoredCertificate.id == CoverageLine.certificate_id)
        .where(CoverageLine.account_id == account_id, CoverageLine.certificate_id == certificate_id)
    )
    is_there = session.scalar(its.limit(1)) is not None
    return is_there and session.scalar(its.where(_replaced()).limit(1)) is None


def of_vendors(
    session: Session, account_id: str, vendor_ids: Sequence[str] | None = None
) -> list[CoverageLine]:
    """The lines that speak for these vendors, or for all of the account's, with their values."""
    line = CoverageLine
    found = (
        select(line)
        .join(StoredCertificate, StoredCertificate.id == line.certificate_id)
        .where(line.account_id == account_id, ~_replaced())
        .order_by(line.vendor_id, line.line)
    )
    mine = line.vendor_id.in_(vendor_ids) if vendor_ids is not None else line.vendor_id.is_not(None)
    return list(session.scalars(found.where(mine)))


def _replaced() -> ColumnElement[bool]:
    """Whether a newer certificate of the same vendor states the line."""
    newer, its = aliased(CoverageLine), aliased(StoredCertificate)
    return (
        select(newer.line)
        .join(its, its.id == newer.certificate_id)
        .where(
            newer.account_id == CoverageLine.account_id,
            newer.vendor_id == CoverageLine.vendor_id,
            newer.line == CoverageLine.line,
            its.number > StoredCertificate.number,
        )
        .correlate(CoverageLine, StoredCertificate)
        .exists()
    )
