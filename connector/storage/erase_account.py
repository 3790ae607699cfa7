"""A whole account removed: every row of it, and what its audit log says.

The account's own row stays without a name, because the entries of the audit log, which nobody can
delete, hang on it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from connector.errors import Conflict
from connector.storage import audit, erasures
from connector.storage.accounts import DEFAULT_TIME_ZONE, Account
from connector.storage.audit import Act, AuditEntry
from connector.storage.cover_sheets import CoverSheet
from connector.storage.documents import StoredDocument
from connector.storage.erasures import Erasure
from connector.storage.jobs import Job, JobStatus
from connector.storage.login_links import LoginLink
from connector.storage.schema import Row
from connector.storage.users import User

_STAY = {"audit_entries", "erasures"}
"""What stays, emptied or without a name from the beginning."""


def tables() -> list[Table]:
    """Every table with rows of one account, what refers to another row first."""
    return [
        table
        for table in reversed(Row.metadata.sorted_tables)
        if "account_id" in table.columns and table.name not in _STAY
    ]


def counts(session: Session, account_id: str) -> dict[str, int]:
    """How many rows of which table would go."""
    found = {}
    for table in tables():
        mine = select(func.count()).select_from(table).where(table.c.account_id == account_id)
        if number := session.scalar(mine):
            found[table.name] = number
    return found


def files(session: Session, account_id: str) -> set[str]:
    """The digests of all documents and cover sheets of the account."""
    return {
        sha256
        for table in (StoredDocument, CoverSheet)
        for sha256 in session.scalars(select(table.sha256).where(table.account_id == account_id))
    }


def workflow_ids(session: Session, account_id: str) -> list[str]:
    """The engine's names for all of the account's jobs, each dispatch of each."""
    mine = select(Job.id, Job.dispatch).where(Job.account_id == account_id)
    return [
        job_id if number == 1 else f"{job_id}:{number}"
        for job_id, dispatches in session.execute(mine)
        for number in range(1, dispatches + 1)
    ]


def erase(session: Session, account_id: str, now: datetime) -> Erasure:
    """Remove everything in the session's transaction; the fact stays. Conflict while work runs."""
    require_rest(session, account_id)
    gone, left = counts(session, account_id), sorted(files(session, account_id))
    erasure = erasures.begin(session, account_id, account_id, now)
    mine = update(AuditEntry).where(AuditEntry.account_id == account_id)
    session.execute(mine.values(who=None, through_name=None, details=None))
    clear(session, account_id)
    nobody = {"name": f"erased {account_id}", "time_zone": DEFAULT_TIME_ZONE}
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(legal_names=[], settings={}, **nobody)
        .execution_options(synchronize_session=False)
    )
    erasure.is_open, erasure.counts = False, gone
    erasure.files = left
    audit.record(session, account_id, Act.ACCOUNT_ERASED, now, subject=erasure.id, details=gone)
    session.flush()
    return erasure


def clear(session: Session, account_id: str) -> None:
    """Delete the rows themselves."""
    people = select(User.id).where(User.account_id == account_id)
    session.execute(delete(LoginLink).where(LoginLink.user_id.in_(people)))
    for table in tables():
        session.execute(delete(table).where(table.c.account_id == account_id))


def require_rest(session: Session, account_id: str) -> None:
    """Conflict while a job of the account runs."""
    running = select(Job.id).where(
        Job.account_id == account_id, Job.status == JobStatus.RUNNING.value
    )
    if busy := session.scalars(running.limit(1)).first():
        raise Conflict(
            f"Work of this account is under way ({busy}). Wait until it is done, then erase again."
        )
