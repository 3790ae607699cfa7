"""Cover sheets: the page with a QR code that GCPay files a mailed document by, one per item and project.

Their bytes are in the document store; a newer sheet of the same item takes the older one's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing, new_id


class CoverSheet(Row):
    """`vendor` is the subcontractor's normalised name, `item` what GCPay calls the requirement.

    `project` is the normalised name of the project it files into, "" where nobody named one.
    """

    __tablename__ = "cover_sheets"
    __table_args__ = (UniqueConstraint("account_id", "vendor", "project", "item"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor: Mapped[str]
    vendor_name: Mapped[str]
    project: Mapped[str] = mapped_column(server_default="")
    item: Mapped[str]
    sha256: Mapped[str]
    updated_at: Mapped[datetime]


def keep(
    session: Session,
    account_id: str,
    *,
    vendor: str,
    vendor_name: str,
    project: str,
    item: str,
    sha256: str,
    now: datetime,
) -> None:
    """Keep a sheet whose bytes are in the store already."""
    key = {"account_id": account_id, "vendor": vendor, "project": project, "item": item}
    new = {
        **key,
        "id": new_id("cover"),
        "vendor_name": vendor_name,
        "sha256": sha256,
        "updated_at": now,
    }
    insert_missing(session, CoverSheet, new, list(key))
    row = session.scalars(select(CoverSheet).filter_by(**key).with_for_update()).one()
    row.sha256, row.vendor_name, row.updated_at = sha256, vendor_name, now


def of_vendor(session: Session, account_id: str, vendor: str, project: str) -> Sequence[CoverSheet]:
    """The subcontractor's sheets for a project, by item; never those of another project."""
    found = select(CoverSheet).where(
        CoverSheet.account_id == account_id,
        CoverSheet.vendor == vendor,
        CoverSheet.project == project,
    )
    return session.scalars(found.order_by(CoverSheet.item)).all()


def of_account(session: Session, account_id: str) -> Sequence[CoverSheet]:
    """All sheets, by subcontractor, project and item."""
    found = select(CoverSheet).where(CoverSheet.account_id == account_id)
    return session.scalars(
        found.order_by(CoverSheet.vendor_name, CoverSheet.project, CoverSheet.item)
    ).all()


def is_kept(session: Session, sha256: str) -> bool:
    """Whether these bytes are any account's cover sheet."""
    return (
        session.scalar(select(CoverSheet.id).where(CoverSheet.sha256 == sha256).limit(1))
        is not None
    )
