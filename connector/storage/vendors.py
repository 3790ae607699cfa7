"""Vendors: the subcontractors that certificates come from, told apart by natural keys.

A vendor is the caller's own number, else the normalised insured name. Near names never merge by
themselves; the same name is the same vendor only while it is not ambiguous.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select, text, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage import board_rows
from connector.storage.schema import Row, insert_missing, new_id


class StoredVendor(Row):
    """`external_id` is the caller's number; `normalised_name` what names are compared by."""

    __tablename__ = "vendors"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index(
            "uq_vendors_name_without_external_id",
            "account_id",
            "normalised_name",
            unique=True,
            sqlite_where=text("external_id IS NULL"),
            postgresql_where=text("external_id IS NULL"),
        ),
        Index("ix_vendors_account_id_normalised_name", "account_id", "normalised_name"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    external_id: Mapped[str | None]
    name: Mapped[str]
    normalised_name: Mapped[str]
    email: Mapped[str | None]
    trade: Mapped[str | None]
    state: Mapped[str | None]
    ein: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


def resolve(
    session: Session,
    account_id: str,
    *,
    name: str,
    normalised_name: str,
    external_id: str | None,
    now: datetime,
) -> StoredVendor:
    """The vendor that is meant, made when it is new.

    With a number, or our id where a dropdown offered it: the vendor of that number; else one known
    by this name only, which takes the number; else a new one. Without: the only vendor of this
    name; if several share it, the one without a number.
    """
    if external_id:
        return _numbered(
            session,
            account_id,
            name,
            normalised_name=normalised_name,
            external_id=external_id,
            now=now,
        )
    same_name = named(session, account_id, normalised_name)
    if len(same_name) == 1:
        return same_name[0]
    return _unnumbered(session, account_id, name, normalised_name, now)


def named(session: Session, account_id: str, normalised_name: str) -> Sequence[StoredVendor]:
    """The account's vendors of exactly this normalised name."""
    found = select(StoredVendor).where(
        StoredVendor.account_id == account_id, StoredVendor.normalised_name == normalised_name
    )
    return session.scalars(found.order_by(StoredVendor.created_at, StoredVendor.id)).all()


def get(session: Session, account_id: str, vendor_id: str) -> StoredVendor:
    """The vendor by our id. NotFound when this account has none of it."""
    found = select(StoredVendor).where(
        StoredVendor.account_id == account_id, StoredVendor.id == vendor_id
    )
    vendor = session.scalars(found).one_or_none()
    if vendor is None:
        raise NotFound("There is no such vendor in this account.")
    return vendor


def hold(session: Session, vendor_ids: Collection[str | None]) -> None:
    """Let nobody else check these vendors, or keep what checks of them look at, until the
    transaction ends. SQLite has one writer anyway."""
    mine = select(StoredVendor.id).where(StoredVendor.id.in_([each for each in vendor_ids if each]))
    session.execute(mine.order_by(StoredVendor.id).with_for_update())


@dataclass(frozen=True, slots=True)
class Known:
    """How a vendor is called: by the caller's number, or by ours where there is none."""

    key: str
    name: str


def all_known(session: Session, account_id: str) -> dict[str, Known]:
    """The account's vendors by our id."""
    row = StoredVendor
    found = select(row.id, row.external_id, row.name).where(row.account_id == account_id)
    return {id: Known(number or id, name) for id, number, name in session.execute(found)}


def names_of(session: Session, account_id: str, vendor_ids: Collection[str]) -> dict[str, str]:
    """The names of these vendors of the account, by our id; those that are gone are left out."""
    found = select(StoredVendor.id, StoredVendor.name).where(
        StoredVendor.account_id == account_id, StoredVendor.id.in_(vendor_ids)
    )
    return dict(session.execute(found).all())


def find(
    session: Session, account_id: str, number: str | None, normalised_name: str | None
) -> StoredVendor | None:
    """The vendor of the caller's number (or our id), else the only one of this name."""
    if number:
        known = select(StoredVendor).where(
            StoredVendor.account_id == account_id,
            or_(StoredVendor.external_id == number, StoredVendor.id == number),
        )
        return session.scalars(known.limit(1)).first()
    same_name = named(session, account_id, normalised_name) if normalised_name else []
    return same_name[0] if len(same_name) == 1 else None


def search(
    session: Session,
    account_id: str,
    part: str = "",
    limit: int = 50,
    after: StoredVendor | None = None,
) -> Sequence[StoredVendor]:
    """Vendors whose name contains `part`, by name; all of them for an empty text.

    Those that come `after` one in that order, where one is given.
    """
    found = select(StoredVendor).where(StoredVendor.account_id == account_id)
    if after is not None:
        last = tuple_(StoredVendor.name, StoredVendor.id)
        found = found.where(last > (after.name, after.id))
    if part:
        found = found.where(StoredVendor.name.icontains(part, autoescape=True))
    return session.scalars(found.order_by(StoredVendor.name, StoredVendor.id).limit(limit)).all()


def describe(
    vendor: StoredVendor,
    now: datetime,
    *,
    email: str | None = None,
    trade: str | None = None,
    state: str | None = None,
    ein: str | None = None,
) -> None:
    """Note what the caller said of the vendor; None leaves what is known."""
    said = {"email": email, "trade": trade, "state": state, "ein": ein}
    changed = {k: v for k, v in said.items() if v is not None and getattr(vendor, k) != v}
    for attribute, value in changed.items():
        setattr(vendor, attribute, value)
    if changed:
        vendor.updated_at = now


def _numbered(
    session: Session,
    account_id: str,
    name: str,
    *,
    normalised_name: str,
    external_id: str,
    now: datetime,
) -> StoredVendor:
    by_number = select(StoredVendor).where(
        StoredVendor.account_id == account_id, StoredVendor.external_id == external_id
    )
    known = find(session, account_id, external_id, None)
    if known is not None:
        return known
    for vendor in named(session, account_id, normalised_name):
        if vendor.external_id is None:
            vendor.external_id, vendor.updated_at = external_id, now
            session.flush()
            return vendor
    new = _new(account_id, name, normalised_name, external_id, now)
    insert_missing(session, StoredVendor, new, ["account_id", "external_id"])
    vendor = session.scalars(by_number).one()
    board_rows.begin(session, account_id, vendor.id)
    return vendor


def _unnumbered(
    session: Session, account_id: str, name: str, normalised_name: str, now: datetime
) -> StoredVendor:
    by_name = select(StoredVendor).where(
        StoredVendor.account_id == account_id,
        StoredVendor.normalised_name == normalised_name,
        StoredVendor.external_id.is_(None),
    )
    known = session.scalars(by_name).one_or_none()
    if known is not None:
        return known
    session.add(StoredVendor(**_new(account_id, name, normalised_name, None, now)))
    session.flush()
    vendor = session.scalars(by_name).one()
    board_rows.begin(session, account_id, vendor.id)
    return vendor


def _new(
    account_id: str, name: str, normalised_name: str, external_id: str | None, now: datetime
) -> dict[str, object]:
    return {
        "id": new_id("vend"),
        "account_id": account_id,
        "external_id": external_id,
        "name": name,
        "normalised_name": normalised_name,
        "created_at": now,
        "updated_at": now,
    }


def id_meant(session: Session, account_id: str, said: str | None) -> str | None:
    """Our id of the vendor that a list is narrowed to by its number or our id; what nobody has stays."""
    vendor = find(session, account_id, said, None) if said is not None else None
    return vendor.id if vendor else said
