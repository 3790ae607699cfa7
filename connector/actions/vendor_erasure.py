"""Erase a vendor: our own rows, files and log; and a list of what others hold, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from connector.actions.log_to_sheet import log_path
from connector.actions.services import Caller, Services
from connector.destinations.csv import log, workbook
from connector.errors import ConnectorError
from connector.storage import (
    cover_sheets,
    documents,
    erase_vendor,
    erasures,
    mentions,
    vendor_data,
    vendors,
)
from connector.storage.certificates import StoredCertificate
from connector.storage.cover_sheets import CoverSheet
from connector.storage.documents import StoredDocument
from connector.storage.events import StoredEvent
from connector.storage.mails import StoredMail
from connector.storage.payment_holds import PaymentHold
from connector.storage.pushes import StoredPush
from connector.storage.vendor_data import VendorData
from connector.storage.vendors import StoredVendor

BEING_UPLOADED = timedelta(hours=1)
"""Bytes this young may be another vendor's, whose row is still being written: they go later."""

BY_HAND = {
    "procore": "Procore: insurances and filed documents",
    "buildertrend": "Buildertrend: what was carried over",
    "gcpay": "GCPay: what was carried over",
    "google_sheets": "Google Sheets: the row of the log",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would do. `elsewhere` is what only a person can remove, in sentences."""

    counts: dict[str, int]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done. `waiting` files are removed by the daily work, an hour old by then;
    `mentioned` is how many rows of which table still say the name.
    """

    plan: Plan
    waiting: int
    is_compact: bool
    trouble: tuple[str, ...]
    mentioned: dict[str, int]


def plan(vendor: StoredVendor, services: Services) -> Plan:
    """What would go, and what others hold."""
    with services.readers() as session:
        mine = vendors.get(session, vendor.account_id, vendor.id)
        return _plan(vendor_data.gather(session, mine))


def erase(vendor: StoredVendor, caller: Caller, services: Services) -> Erased:
    """Remove all of it. Conflict while work on the vendor is under way; nothing is changed then."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        mine = vendors.get(session, caller.account_id, vendor.id)
        data = vendor_data.gather(session, mine)
        planned = _plan(data)
        about = data.ids(StoredCertificate)
        tables = (StoredDocument, CoverSheet)
        files = {str(row.sha256) for table in tables for row in data.rows[table]}  # type: ignore[attr-defined]
        erasure = erase_vendor.erase(session, data, now)
        erasure.files = sorted(files)
    with services.readers() as session:
        mentioned = mentions.count(session, caller.account_id, data.words)
    trouble = tuple(_out_of_the_log(set(about), caller, services))
    waiting = remove_files(caller.account_id, services)
    compact = erase_vendor.compact(services.sessions.kw["bind"])
    return Erased(planned, waiting, compact, trouble, mentioned)


def left(done: Erased) -> list[str]:
    """What is still to come or could not be done, in sentences."""
    said = mentions.sentence(done.mentioned)
    return [
        *done.trouble,
        *([said] if said else []),
        *still_to_come(done.waiting, is_compact=done.is_compact),
    ]


def still_to_come(waiting: int, *, is_compact: bool) -> Iterator[str]:
    """What the daily work, or a quiet hour, does later."""
    if waiting:
        yield f"{waiting} files came within the last hour; the daily work removes them by itself."
    if not is_compact:
        yield (
            "The database was too busy to be rewritten: its file may hold traces of what was "
            "deleted until they are overwritten. `connector db compact` does it in a quiet hour."
        )


def remove_files(account_id: str, services: Services) -> int:
    """Remove the bytes that erasures of this account left, unless somebody else needs them; how many wait."""
    put_before = services.clock() - BEING_UPLOADED
    with services.readers() as session:
        left = {each.id: list(each.files) for each in erasures.unfinished(session, account_id)}
    for erasure_id, files in left.items():
        still = [sha256 for sha256 in files if not _is_gone(sha256, put_before, services)]
        left[erasure_id] = still
        if still != files:
            with services.sessions() as session, session.begin():
                erasures.get(session, account_id, erasure_id).files = still
    return sum(map(len, left.values()))


def _is_gone(sha256: str, put_before: datetime, services: Services) -> bool:
    """Whether nothing of the erasure is left to do about these bytes."""
    with services.readers() as session:
        if documents.is_kept_by_anyone(session, sha256) or cover_sheets.is_kept(session, sha256):
            return True
    return services.documents.remove(sha256, put_before=put_before)


def _plan(data: VendorData) -> Plan:
    counts = {table.__tablename__: len(rows) for table, rows in data.rows.items() if rows}
    return Plan(counts, tuple(dict.fromkeys(_elsewhere(data))))


def _elsewhere(data: VendorData) -> Iterator[str]:
    for push in data.rows[StoredPush]:
        assert isinstance(push, StoredPush)  # noqa: S101 - for the type checker
        if push.destination in BY_HAND and push.status in ("pushed", "unchanged", "prepared"):
            receipt = push.receipt or {}
            where = receipt.get("external_url") or receipt.get("external_ids") or push.target
            yield f"{BY_HAND[push.destination]} ({push.target}; {where})"
    for mail in data.rows[StoredMail]:
        assert isinstance(mail, StoredMail)  # noqa: S101 - for the type checker
        if mail.status != "refused":
            yield f"E-mail to {mail.recipient}: “{mail.subject}”"
    for hold in data.rows[PaymentHold]:
        assert isinstance(hold, PaymentHold)  # noqa: S101 - for the type checker
        if hold.released_at is None:
            yield f"Procore: the hold on pay application {hold.invoice_id}, which nothing releases now"
    if data.rows[StoredEvent]:
        yield "Zapier, Make and other hooks: their histories, and what your automations wrote"
    if data.shared:
        yield f"{len(data.shared)} documents stay, because another vendor's certificate came in them"
    yield "Backups of the database and the documents, until they are replaced"


def _out_of_the_log(about: set[str], caller: Caller, services: Services) -> Iterator[str]:
    """Take the certificates out of the local logs; what could not be done, in sentences."""
    for is_workbook, per_line in product((False, True), repeat=2):
        path = log_path(
            services.settings, caller.account_id, is_workbook=is_workbook, per_line=per_line
        )
        try:
            (workbook if is_workbook else log).remove(path, about)
        except ConnectorError as error:
            yield f"The local log {path.name} was left as it is: {error.message}"
