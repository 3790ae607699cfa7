"""Coverage lines: the few values of a certificate that are searched by, rewritten with each save.

A doubtful value is not copied here: what the board or a reminder shows must have been read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.entries import entry_at, lines_present
from connector.certificate.entry import Entry
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate
from connector.storage.schema import Row

_LIMIT_PATHS = ("each_occurrence", "combined_single_limit", "each_accident", "each_claim")
"""The amount a line is known by, in the order in which one of them is taken."""
_AGGREGATE_PATHS = ("general_aggregate", "aggregate", "disease_policy_limit")


class CoverageLine(Row):
    """One line of one certificate. Amounts are whole US dollars; None is blank or doubtful.

    `is_unclear` says that at least one of these values was in doubt and left out.
    """

    __tablename__ = "coverage_lines"
    __table_args__ = (
        Index("ix_coverage_lines_account_id_expiration_date", "account_id", "expiration_date"),
        Index("ix_coverage_lines_account_id_vendor_id_line", "account_id", "vendor_id", "line"),
    )

    certificate_id: Mapped[str] = mapped_column(
        ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    policy_number: Mapped[str | None]
    effective_date: Mapped[date | None]
    expiration_date: Mapped[date | None]
    limit: Mapped[int | None] = mapped_column(BigInteger)
    aggregate: Mapped[int | None] = mapped_column(BigInteger)
    additional_insured: Mapped[bool | None]
    subrogation_waived: Mapped[bool | None]
    is_unclear: Mapped[bool]


def rewrite(
    session: Session,
    account_id: str,
    certificate_id: str,
    vendor_id: str | None,
    certificate: Certificate,
) -> None:
    """The certificate's lines as they are read now, in place of what was there."""
    session.execute(delete(CoverageLine).where(CoverageLine.certificate_id == certificate_id))
    for name in lines_present(certificate):
        session.add(
            CoverageLine(
                account_id=account_id,
                certificate_id=certificate_id,
                vendor_id=vendor_id,
                **_line(certificate, name),
            )
        )
    session.flush()


def of_certificate(session: Session, account_id: str, certificate_id: str) -> list[CoverageLine]:
    """The lines of one certificate."""
    found = select(CoverageLine).where(
        CoverageLine.account_id == account_id, CoverageLine.certificate_id == certificate_id
    )
    return list(session.scalars(found.order_by(CoverageLine.line)))


def expiring(
    session: Session, account_id: str, first: date, last: date, limit: int = 500
) -> Sequence[CoverageLine]:
    """Lines that expire from `first` to `last`, both included, the earliest first."""
    found = select(CoverageLine).where(
        CoverageLine.account_id == account_id,
        CoverageLine.expiration_date >= first,
        CoverageLine.expiration_date <= last,
    )
    ordered = found.order_by(
        CoverageLine.expiration_date, CoverageLine.certificate_id, CoverageLine.line
    )
    return session.scalars(ordered.limit(limit)).all()


def of_vendor(session: Session, account_id: str, vendor_id: str) -> list[CoverageLine]:
    """Every line on file for a vendor, the latest expiration first."""
    found = select(CoverageLine).where(
        CoverageLine.account_id == account_id, CoverageLine.vendor_id == vendor_id
    )
    return list(
        session.scalars(
            found.order_by(CoverageLine.line, CoverageLine.expiration_date.desc().nulls_last())
        )
    )


def vendors_with(
    session: Session,
    account_id: str,
    *,
    since: str = "",
    limit_below: int | None = None,
    expires_until: date | None = None,
) -> list[str]:
    """Vendors, from the id `since` on, with any line on file that is this low or ends so soon, as
    far as is known: whether that line still counts is for the caller to see."""
    row = CoverageLine
    found = select(row.vendor_id).where(row.account_id == account_id, row.vendor_id >= since)
    if limit_below is not None:
        found = found.where(or_(row.limit.is_(None), row.limit < limit_below))
    if expires_until is not None:
        ends = row.expiration_date
        found = found.where(or_(ends.is_(None), ends <= expires_until))
    return [
        str(vendor_id) for vendor_id in session.scalars(found.distinct().order_by(row.vendor_id))
    ]


def _line(certificate: Certificate, name: str) -> dict[str, Any]:
    entries = {
        "policy_number": _first(certificate, name, ("policy_number",)),
        "effective_date": _first(certificate, name, ("effective_date",)),
        "expiration_date": _first(certificate, name, ("expiration_date",)),
        "limit": _first(certificate, name, _LIMIT_PATHS),
        "aggregate": _first(certificate, name, _AGGREGATE_PATHS),
        "additional_insured": _first(certificate, name, ("additional_insured",)),
        "subrogation_waived": _first(certificate, name, ("subrogation_waived",)),
    }
    values = {key: entry.value if entry.is_read else None for key, entry in entries.items()}
    return {"line": name, **values, "is_unclear": any(e.is_unclear for e in entries.values())}


def _first(certificate: Certificate, name: str, paths: tuple[str, ...]) -> Entry[Any]:
    """The first of these boxes that is on this line and not blank."""
    on_line = [f"{name}.{path}" for path in paths if f"{name}.{path}" in BY_PATH]
    found = [entry_at(certificate, path) for path in on_line]
    return next((entry for entry in found if not entry.is_blank), Entry())
