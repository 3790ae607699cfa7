"""A vendor removed: every row about it, and what the audit log says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, inspect, update
from sqlalchemy.orm import Session

from connector.errors import Conflict
from connector.storage import audit, erasures
from connector.storage.arrivals import StoredArrival
from connector.storage.audit import Act, AuditEntry
from connector.storage.board_rows import StoredBoardRow
from connector.storage.cancellations import StoredCancellation
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.corrections import StoredCorrection
from connector.storage.cover_sheets import CoverSheet
from connector.storage.coverage_lines import CoverageLine
from connector.storage.documents import StoredDocument
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.storage.erasures import Erasure
from connector.storage.events import StoredEvent
from connector.storage.exemptions import StoredExemption
from connector.storage.jobs import Job
from connector.storage.logins import Login
from connector.storage.mails import StoredMail
from connector.storage.payment_holds import PaymentHold
from connector.storage.prepared_items import StoredItem
from connector.storage.procore_files import ProcoreFile
from connector.storage.pushes import StoredPush
from connector.storage.schema import Row
from connector.storage.sent_links import SentLink
from connector.storage.vendor_data import SHORTEST_WORD, VendorData
from connector.storage.vendor_matches import VendorMatch
from connector.storage.vendors import StoredVendor
from connector.storage.waivers import StoredWaiver

_IN_ORDER: tuple[type[Row], ...] = (
    StoredItem, StoredMail, StoredPush, StoredCheck, StoredCorrection, CoverageLine, Login,
    SentLink, StoredWaiver, StoredBoardRow, StoredArrival, VendorMatch, PaymentHold, CoverSheet,
    StoredCancellation, StoredExemption, StoredEndorsementPage, StoredEvent, Job,
    StoredCertificate, StoredDocument, StoredVendor,
)  # fmt: skip
"""What refers to another row goes before it."""

NAMELESS = "document"
_WHY_NOT = "its vendor was erased"
_AT_ONCE = 500


def erase(session: Session, data: VendorData, now: datetime) -> Erasure:
    """Remove everything in the session's transaction; what stays is the fact, without a name.

    Conflict while work on the vendor is under way: it would write it all anew.
    """
    _require_rest(data)
    erasure = erasures.begin(session, data.vendor.account_id, data.vendor.id, now)
    counts = {table.__tablename__: len(data.rows[table]) for table in _IN_ORDER}
    _empty_entries(session, data)
    _forget_names(session, data)
    session.flush()
    for table in _IN_ORDER:
        _delete(session, table, data.rows[table])
    erasure.is_open, erasure.counts = False, counts
    audit.record(
        session,
        erasure.account_id,
        Act.VENDOR_ERASED,
        now,
        subject=erasure.id,
        vendor_id=erasure.vendor_id,
        details={name: count for name, count in counts.items() if count},
    )
    session.flush()
    return erasure


def compact(engine: Engine) -> bool:
    """Let a SQLite file hold no trace of what was deleted; False when it was too busy for that.

    PostgreSQL does so by itself in its own time.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def _require_rest(data: VendorData) -> None:
    busy = [job.id for job in data.rows[Job] if isinstance(job, Job) and not job.is_ended]
    if busy:
        raise Conflict(
            f"Work on this vendor is under way ({busy[0]}). Wait until it is done, or call it off "
            f"with `connector jobs cancel {busy[0]}`, then erase again."
        )


def _empty_entries(session: Session, data: VendorData) -> None:
    """What the audit log says of the vendor; of who acted, only what names the vendor itself."""
    entries = [row for row in data.rows[AuditEntry] if isinstance(row, AuditEntry)]
    words = [word.casefold() for word in data.words | _short_names(data)]

    def names_it(text: str | None) -> bool:
        return text is not None and any(word in text.casefold() for word in words)

    _update(session, [row.id for row in entries], details=None)
    _update(session, [row.id for row in entries if names_it(row.who)], who=None)
    named = [row.id for row in entries if names_it(row.through_name)]
    _update(session, named, through_name=None)
    for row in entries:
        session.expunge(row)


def _short_names(data: VendorData) -> set[str]:
    """How people sign who work there: the first two words of its name. Only asked of its own entries."""
    begins = {
        " ".join(word.split()[:2]) for word in (data.vendor.name, data.vendor.normalised_name)
    }
    return {name for name in begins if len(name) >= SHORTEST_WORD}


def _update(session: Session, ids: Sequence[str], **emptied: None) -> None:
    for some in _chunks(ids):
        change = update(AuditEntry).where(AuditEntry.id.in_(some)).values(**emptied)
        session.execute(change.execution_options(synchronize_session=False))


def _forget_names(session: Session, data: VendorData) -> None:
    """Rows that must stay: a file in Procore that was looked at (else it would be picked up again),
    a document in which something of another vendor came."""
    for row in data.rows[ProcoreFile]:
        assert isinstance(row, ProcoreFile)  # noqa: S101 - for the type checker
        row.name, row.job_id, row.why_not = NAMELESS, None, _WHY_NOT
    for document_id in data.shared:
        session.get_one(StoredDocument, document_id).name = NAMELESS


def _delete(session: Session, table: type[Row], rows: Collection[Row]) -> None:
    key = inspect(table).primary_key
    for row in rows:
        wanted = [column == getattr(row, str(column.key)) for column in key]
        session.execute(delete(table).where(*wanted).execution_options(synchronize_session=False))
        session.expunge(row)


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
