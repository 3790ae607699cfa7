"""The board: an account's vendors with what each needs, those that need a person first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from connector.checking.verdict import Status
from connector.storage import board_rows, certificates, checks
from connector.storage.board_rows import OVERALL, StoredBoardRow
from connector.storage.certificates import StoredCertificate
from connector.storage.corrections import StoredCorrection
from connector.storage.vendors import StoredVendor

SOON = timedelta(days=30)


class Need(StrEnum):
    """What a vendor needs, in the order in which a person should look at it."""

    REVIEW = "review"
    EXPIRED = "expired"
    DEFICIENT = "deficient"
    UNCHECKED = "unchecked"
    EXPIRING = "expiring"
    NOTHING_YET = "nothing_yet"
    FINE = "fine"


ORDER = tuple(Need)


class Sort(StrEnum):
    """What comes first: what needs a person, what ends first, or the name."""

    NEED = "need"
    ENDS = "ends"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the board is narrowed to. `project` chooses the checks that count; `name` is a part of
    the vendor's; `ends` are the first and last day on which its first policy ends."""

    need: Need | None = None
    name: str = ""
    project: str = OVERALL
    ends: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One vendor. `ends` is the earliest expiration; `missing` has one sentence a line.

    `waiting_certificate_id` is a certificate that a person must look at.
    """

    vendor_id: str
    name: str
    number: str | None
    trade: str | None
    need: Need
    ends: date | None
    project: str
    status: str | None
    check_id: str | None
    missing: str | None
    certificate_id: str | None
    waiting_certificate_id: str | None


def rows(
    session: Session,
    account_id: str,
    today: date,
    wanted: Wanted = Wanted(),
    *,
    sort: Sort = Sort.NEED,
    start: int = 0,
    limit: int | None = 50,
) -> list[BoardRow]:
    """The vendors from the `start`th on; what sorts alike goes by need, expiration and name."""
    order = _order(today, sort)
    narrow = select(StoredVendor.id).join(
        StoredBoardRow, StoredBoardRow.vendor_id == StoredVendor.id
    )
    page = _narrow(narrow, account_id, today, wanted).order_by(*order).offset(start).limit(limit)
    found = _select(today).where(
        StoredBoardRow.vendor_id.in_(page), StoredBoardRow.project == wanted.project
    )
    return [_row(each) for each in session.execute(found.order_by(*order)).mappings()]


def counts(
    session: Session, account_id: str, today: date, wanted: Wanted = Wanted()
) -> dict[Need, int]:
    """How many vendors need what, whatever `wanted.need` is."""
    need = _need(today)
    anyone = Wanted(None, wanted.name, wanted.project, wanted.ends)
    found = select(need, func.count()).select_from(StoredBoardRow)
    if wanted.name:
        found = found.join(StoredVendor, StoredVendor.id == StoredBoardRow.vendor_id)
    found = _narrow(found, account_id, today, anyone)
    by_rank = dict(session.execute(found.group_by(need)).all())
    return {need: by_rank.get(rank, 0) for rank, need in enumerate(ORDER)}


def expirations(
    session: Session, account_id: str, project: str, first: date, last: date
) -> dict[date, int]:
    """How many vendors' first policy ends on each day from `first` to `last`."""
    row, ends = StoredBoardRow, _ends()
    found = (
        select(ends, func.count())
        .where(row.account_id == account_id, row.project == project)
        .where(ends >= first, ends <= last)
        .group_by(ends)
    )
    return {day: count for day, count in session.execute(found) if day is not None}


def projects(session: Session, account_id: str) -> list[str]:
    """The projects that checks were made for, by name."""
    row = StoredBoardRow
    found = select(row.project).where(row.account_id == account_id, row.project != OVERALL)
    return sorted(session.scalars(found.distinct()), key=str.lower)


def of_vendor(session: Session, account_id: str, vendor_id: str, today: date) -> list[BoardRow]:
    """One vendor, over all first and then by project; empty when this account has none of it."""
    row = StoredBoardRow
    found = _select(today).where(row.account_id == account_id, row.vendor_id == vendor_id)
    return [_row(each) for each in session.execute(found.order_by(row.project)).mappings()]


def count_read(session: Session, account_id: str) -> tuple[int, int]:
    """Certificates on file, and those of them that no person had to look at."""
    row, correction = StoredCertificate, StoredCorrection
    waiting = select(row.id).where(row.account_id == account_id, row.needs_review)
    corrected = select(correction.certificate_id).where(correction.account_id == account_id)
    looked_at = select(func.count()).select_from(waiting.union(corrected).subquery())
    total = select(func.count()).where(row.account_id == account_id)
    count = session.scalar(total) or 0
    return count, count - (session.scalar(looked_at) or 0)


def complete(session: Session) -> int:
    """Give vendors that were on file before the board had rows theirs. How many."""
    vendor, row = StoredVendor, StoredBoardRow
    known = select(row.vendor_id).where(row.project == OVERALL)
    found = select(vendor.account_id, vendor.id).where(vendor.id.not_in(known))
    missing = session.execute(found).all()
    for account_id, vendor_id in missing:
        board_rows.begin(session, account_id, vendor_id)
        certificates.show_on_board(session, account_id, vendor_id)
        checks.show_on_board(session, account_id, vendor_id)
    return len(missing)


def _select(today: date) -> Select[*tuple[Any, ...]]:
    """A BoardRow's values under its names; `need` as its place in ORDER."""
    row, vendor = StoredBoardRow, StoredVendor
    return select(
        vendor.id.label("vendor_id"),
        vendor.name,
        vendor.external_id.label("number"),
        vendor.trade,
        _need(today).label("need"),
        _ends().label("ends"),
        row.project,
        row.status,
        row.check_id,
        row.missing,
        row.certificate_id,
        row.waiting_certificate_id,
    ).join(vendor, vendor.id == row.vendor_id)


def _order(today: date, sort: Sort) -> tuple[Any, ...]:
    need, ends, name = _need(today), _ends().nulls_last(), func.lower(StoredVendor.name)
    order = {
        Sort.NEED: (need, ends, name),
        Sort.ENDS: (ends, need, name),
        Sort.NAME: (name, need, ends),
    }
    return *order[sort], StoredVendor.id


def _row(said: RowMapping) -> BoardRow:
    return BoardRow(**{**said, "need": ORDER[said["need"]]})


def _narrow(
    found: Select[*tuple[Any, ...]], account_id: str, today: date, wanted: Wanted
) -> Select[*tuple[Any, ...]]:
    row = StoredBoardRow
    found = found.where(row.account_id == account_id, row.project == wanted.project)
    if wanted.need is not None:
        found = found.where(_need(today) == ORDER.index(wanted.need))
    if wanted.name:
        name = StoredVendor.name
        found = found.where(name.icontains(wanted.name, autoescape=True))
    if wanted.ends is not None:
        first, last = wanted.ends
        found = found.where(_ends() >= first, _ends() <= last)
    return found


def _is_fresh() -> ColumnElement[bool]:
    """Whether the check saw the certificates as they are."""
    row = StoredBoardRow
    return and_(row.status.is_not(None), row.changed_at <= row.checked_at)


def _ends() -> ColumnElement[date | None]:
    """The earliest expiration: over what the check requires, else over all that is stated."""
    row = StoredBoardRow
    return case((_is_fresh(), func.coalesce(row.check_ends, row.lines_end)), else_=row.lines_end)


def _need(today: date) -> ColumnElement[int]:
    """The place in ORDER. A policy ends at the beginning of its last day: then it has expired."""
    row, ends, fresh = StoredBoardRow, _ends(), _is_fresh()
    review = or_(
        row.waiting_certificate_id.is_not(None), and_(fresh, row.status == Status.NEEDS_REVIEW)
    )
    first_that_holds = (
        (row.certificate_id.is_(None), Need.NOTHING_YET),
        (review, Need.REVIEW),
        (ends <= today, Need.EXPIRED),
        (not_(fresh), Need.UNCHECKED),
        (row.status == Status.NON_COMPLIANT, Need.DEFICIENT),
        (ends <= today + SOON, Need.EXPIRING),
    )
    ranked = [(holds, ORDER.index(need)) for holds, need in first_that_holds]
    return case(*ranked, else_=ORDER.index(Need.FINE))
