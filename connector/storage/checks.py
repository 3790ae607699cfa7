"""Checks: each verdict with what it was given on, kept as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from connector.checking.verdict import Status
from connector.errors import NotFound
from connector.storage import board_rows
from connector.storage.board_rows import OVERALL, Checked
from connector.storage.certificates import StoredCertificate
from connector.storage.schema import Row, new_id

_WORST_FIRST = (Status.NEEDS_REVIEW, Status.NON_COMPLIANT, Status.COMPLIANT)


class StoredCheck(Row):
    """`on` is the day that was asked about; `flat` the answer as it was given. `project` is the one
    that was named, else OVERALL; `turns_on` the day on which the answer becomes another by itself.
    """

    __tablename__ = "checks"
    __table_args__ = (
        Index("ix_checks_account_id_number", "account_id", "number"),
        Index("ix_checks_account_id_vendor_id_number", "account_id", "vendor_id", "number"),
        Index("ix_checks_certificate_id_number", "certificate_id", "number"),
        Index("ix_checks_account_id_turns_on", "account_id", "turns_on"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    rule_set: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]
    status: Mapped[str]
    on: Mapped[date]
    context: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    flat: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    project: Mapped[str] = mapped_column(server_default=OVERALL)
    turns_on: Mapped[date | None]


def save(
    session: Session,
    account_id: str,
    certificate_id: str,
    *,
    vendor_id: str | None,
    rule_set: str,
    version: int,
    digest: str,
    status: str,
    on: date,
    context: dict[str, Any],
    verdict: dict[str, Any],
    flat: dict[str, Any],
    now: datetime,
    check_id: str | None = None,
    turns_on: date | None = None,
) -> StoredCheck:
    """Keep a verdict. `check_id` is given when `flat` already names it."""
    check = StoredCheck(
        id=check_id or new_id("check"),
        account_id=account_id,
        certificate_id=certificate_id,
        vendor_id=vendor_id,
        rule_set=rule_set,
        version=version,
        digest=digest,
        status=status,
        on=on,
        context=context,
        verdict=verdict,
        flat=flat,
        created_at=now,
        project=str(flat.get("project_name") or OVERALL),
        turns_on=turns_on,
    )
    session.add(check)
    session.flush()
    show_on_board(session, account_id, vendor_id)
    return check


def show_on_board(session: Session, account_id: str, vendor_id: str | None) -> None:
    """Let the vendor's rows on the board say what its checks came to.

    For each project its newest check; over all, the worst of these among the checks of the newest
    certificate that was checked: what an older one came to is no longer asked.
    """
    if vendor_id is None:
        return
    found = _of_vendor(session, account_id, vendor_id)
    if not found:
        return
    newest = max(number for _, number in found)
    by_project: dict[str, StoredCheck] = {}
    judging: dict[str, StoredCheck] = {}
    for check, number in found:
        by_project.setdefault(check.project, check)
        if number == newest:
            judging.setdefault(check.project, check)
    worst = min(
        judging.values(),
        key=lambda check: (_WORST_FIRST.index(Status(check.status)), -check.number),
    )
    said = {OVERALL: worst, **{k: v for k, v in by_project.items() if k != OVERALL}}
    board_rows.note_checks(
        session, account_id, vendor_id, {project: _said(check) for project, check in said.items()}
    )


def _of_vendor(session: Session, account_id: str, vendor_id: str) -> list[tuple[StoredCheck, int]]:
    """The newest check of each of the vendor's certificates for each project, newest first, with
    the certificate's number."""
    mine = (StoredCheck.account_id == account_id, StoredCheck.vendor_id == vendor_id)
    found = (
        select(StoredCheck, StoredCertificate.number)
        .join(StoredCertificate, StoredCertificate.id == StoredCheck.certificate_id)
        .where(StoredCheck.number.in_(_newest_of_each(*mine)))
        .order_by(StoredCheck.number.desc())
    )
    return list(session.execute(found))


def _newest_of_each(*mine: ColumnElement[bool]) -> Select[int]:
    """The numbers of the newest check of each certificate for each project, among these."""
    newest = select(func.max(StoredCheck.number)).where(*mine)
    return newest.group_by(StoredCheck.certificate_id, StoredCheck.project)


def _said(check: StoredCheck) -> Checked:
    flat = check.flat
    ends = flat.get("next_expiration_date")
    # What a person may decide otherwise, such as another name, fails and is in doubt: said once.
    said = [flat.get("failures_text"), flat.get("unclear_text")]
    lines = [line for text in said if text for line in str(text).splitlines()]
    return Checked(
        check_id=check.id,
        checked_at=check.created_at,
        status=check.status,
        check_ends=date.fromisoformat(ends) if ends else None,
        missing="\n".join(dict.fromkeys(lines)) or None,
    )


def get(session: Session, account_id: str, check_id: str) -> StoredCheck:
    """The check. NotFound when this account has none of this id."""
    found = select(StoredCheck).where(
        StoredCheck.account_id == account_id, StoredCheck.id == check_id
    )
    check = session.scalars(found).one_or_none()
    if check is None:
        raise NotFound(f"There is no check {check_id[:40]} in this account.")
    return check


def latest(session: Session, account_id: str, certificate_id: str) -> StoredCheck | None:
    """The certificate's newest check, if it was ever checked."""
    found = select(StoredCheck).where(
        StoredCheck.account_id == account_id, StoredCheck.certificate_id == certificate_id
    )
    return session.scalars(found.order_by(StoredCheck.number.desc()).limit(1)).first()


def newest_of_each_project(
    session: Session, account_id: str, certificate_id: str
) -> dict[str, StoredCheck]:
    """The certificate's newest check for each project; the newest first."""
    mine = (StoredCheck.account_id == account_id, StoredCheck.certificate_id == certificate_id)
    found = select(StoredCheck).where(StoredCheck.number.in_(_newest_of_each(*mine)))
    checks = session.scalars(found.order_by(StoredCheck.number.desc()))
    return {check.project: check for check in checks}


def turning(session: Session, account_id: str, first: date, last: date) -> Sequence[StoredCheck]:
    """The checks whose answer becomes another from `first` to `last` and that nothing has replaced."""
    newer = aliased(StoredCheck)
    replaced = select(newer.number).where(
        newer.certificate_id == StoredCheck.certificate_id,
        newer.project == StoredCheck.project,
        newer.number > StoredCheck.number,
    )
    found = select(StoredCheck).where(
        StoredCheck.account_id == account_id,
        StoredCheck.turns_on >= first,
        StoredCheck.turns_on <= last,
        ~replaced.exists(),
    )
    return session.scalars(found.order_by(StoredCheck.number)).all()


def latest_contexts(session: Session, account_id: str) -> dict[str, dict[str, Any]]:
    """What each vendor's newest check was told, by the vendor's id; by the certificate's id where
    nobody knows the vendor."""
    mine = StoredCheck.account_id == account_id
    owner = func.coalesce(StoredCheck.vendor_id, StoredCheck.certificate_id)
    newest = select(func.max(StoredCheck.number)).where(mine).group_by(owner)
    found = select(owner, StoredCheck.context).where(StoredCheck.number.in_(newest))
    return {str(whose): context for whose, context in session.execute(found)}


def concerning(
    session: Session, account_id: str, certificate_ids: Collection[str]
) -> Sequence[StoredCheck]:
    """The newest check of each certificate for each project, where it looked at one of these: a
    check of several certificates together is kept under the newest of them."""
    mine = select(StoredCertificate.vendor_id).where(
        StoredCertificate.account_id == account_id, StoredCertificate.id.in_(certificate_ids)
    )
    of_vendors = {vendor_id for vendor_id in session.scalars(mine) if vendor_id is not None}
    newest = {
        check.number: check
        for vendor_id in sorted(of_vendors)
        for check, _ in _of_vendor(session, account_id, vendor_id)
    }
    for certificate_id in certificate_ids:
        own = newest_of_each_project(session, account_id, certificate_id)
        newest |= {check.number: check for check in own.values()}
    asked = set(certificate_ids)
    return [check for check in newest.values() if asked & looked_at(check)]


def looked_at(check: StoredCheck) -> set[str]:
    """The certificates that a check was about, the one it is kept under with them."""
    return {check.certificate_id, *check.context.get("certificates", ())}


def search(
    session: Session,
    account_id: str,
    *,
    status: str | None = None,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredCheck]:
    """The account's checks, newest first. The next page is `before` the last number."""
    found = select(StoredCheck).where(StoredCheck.account_id == account_id)
    if status is not None:
        found = found.where(StoredCheck.status == status)
    if vendor_id is not None:
        found = found.where(StoredCheck.vendor_id == vendor_id)
    if certificate_id is not None:
        found = found.where(StoredCheck.certificate_id == certificate_id)
    if before is not None:
        found = found.where(StoredCheck.number < before)
    return session.scalars(found.order_by(StoredCheck.number.desc()).limit(limit)).all()
