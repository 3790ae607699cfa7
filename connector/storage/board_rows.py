"""The rows of the board: how each vendor stands, narrow enough to sort, filter and count thousands.

Rewritten with every save of the vendor's certificates or checks, in the same transaction. A row
holds no judgement that depends on the day: what has expired is asked with today's date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing

OVERALL = ""
"""The project of the row over all projects: the worst of what holds for the newest certificate."""


class StoredBoardRow(Row):
    """One vendor on one project, or OVERALL.

    `changed_at` is when its certificates last changed, `lines_end` the earliest expiration over
    the lines that are current. `check_ends` is that over the lines the check's rule set requires;
    `missing` has a line for each required rule that is not met or in doubt.
    """

    __tablename__ = "board_rows"
    __table_args__ = (Index("ix_board_rows_account_id_project", "account_id", "project"),)

    vendor_id: Mapped[str] = mapped_column(ForeignKey("vendors.id"), primary_key=True)
    project: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str | None]
    waiting_certificate_id: Mapped[str | None]
    changed_at: Mapped[datetime | None]
    lines_end: Mapped[date | None]
    check_id: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    status: Mapped[str | None]
    check_ends: Mapped[date | None]
    missing: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class OnFile:
    """What a vendor's certificates say: the newest, and one that waits for a person."""

    certificate_id: str | None
    waiting_certificate_id: str | None
    changed_at: datetime | None
    lines_end: date | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    check_id: str
    checked_at: datetime
    status: str
    check_ends: date | None
    missing: str | None


def begin(session: Session, account_id: str, vendor_id: str, project: str = OVERALL) -> bool:
    """A row that says nothing yet, unless there is one; whether it is new."""
    new = {"vendor_id": vendor_id, "project": project, "account_id": account_id}
    return insert_missing(session, StoredBoardRow, new, ["vendor_id", "project"])


def note_certificates(session: Session, account_id: str, vendor_id: str, found: OnFile) -> None:
    """The vendor's certificates changed: in all its rows."""
    begin(session, account_id, vendor_id)
    mine = update(StoredBoardRow).where(StoredBoardRow.vendor_id == vendor_id)
    session.execute(mine.values(**asdict(found)))


def note_checks(
    session: Session, account_id: str, vendor_id: str, by_project: Mapping[str, Checked]
) -> None:
    """The vendor was checked: for these projects, and OVERALL among them."""
    begin(session, account_id, vendor_id)
    for project, found in by_project.items():
        if begin(session, account_id, vendor_id, project):
            _copy_certificates(session, vendor_id, project)
        mine = update(StoredBoardRow).where(
            StoredBoardRow.vendor_id == vendor_id, StoredBoardRow.project == project
        )
        session.execute(mine.values(**asdict(found)))


def of_vendor(session: Session, account_id: str, vendor_id: str) -> list[StoredBoardRow]:
    """The vendor's rows, OVERALL first."""
    found = select(StoredBoardRow).where(
        StoredBoardRow.account_id == account_id, StoredBoardRow.vendor_id == vendor_id
    )
    fresh = found.order_by(StoredBoardRow.project).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def _copy_certificates(session: Session, vendor_id: str, project: str) -> None:
    """A project's new row begins with what the vendor's certificates say."""
    row = StoredBoardRow
    found = select(
        row.certificate_id, row.waiting_certificate_id, row.changed_at, row.lines_end
    ).where(row.vendor_id == vendor_id, row.project == OVERALL)
    known = OnFile(*session.execute(found).one())
    mine = update(row).where(row.vendor_id == vendor_id, row.project == project)
    session.execute(mine.values(**asdict(known)))
