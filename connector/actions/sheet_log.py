"""The log in Google Sheets: whoever's turn it is writes the rows of everyone who waits.

Jobs of one spreadsheet run one after the other. The first one takes the rows of all that wait
into a handful of requests; the others find, when their turn comes, that their row was written
after they were asked for, and answer that.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import marshmallow as ma
from sqlalchemy.orm import Session

from connector.actions import inputs, pushing
from connector.actions.action import Flat, Given
from connector.actions.log_rows import (
    LINE_ROW_FIELDS,
    LINE_ROW_KEY,
    ROW_FIELDS,
    ROW_KEY,
    line_rows,
    log_row,
)
from connector.actions.pushing import Parcel
from connector.actions.services import Caller, Services
from connector.certificate.entries import lines_present
from connector.certificate.field import Field, scalar
from connector.certificate.flat import flatten
from connector.certificate.model import line
from connector.delivery import Receipt
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.log import Logged, write
from connector.destinations.google_sheets.preferences import (
    DESTINATION,
    Preferences,
    preferences,
)
from connector.errors import ConnectorError, DestinationUnavailable
from connector.storage import accounts, certificates, checks, jobs, pushes, standing
from connector.storage.certificates import StoredCertificate
from connector.storage.connections import StoredConnection
from connector.storage.jobs import Job, JobStatus
from connector.storage.pushes import Key

MOST_AT_ONCE = 500

QUIET_SECONDS = 60.0
"""After Google refused for now nobody asks again for so long: its quotas are counted per minute."""

SPACING_SECONDS = 6.0
"""From one batch to the next: five requests each stay within 60 reads a minute."""

EXPIRING_BEFORE, EXPIRING_AFTER = timedelta(days=30), timedelta(days=120)
"""The second tab shows what lapsed this long ago and what expires this soon."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One certificate on its way into the log. `check_number` grows with each check."""

    parcel: Parcel
    row: Flat
    check_number: int


def entry(session: Session, caller: Caller, given: Given, services: Services) -> Entry:
    """What is to be logged, as it stands today."""
    parcel = pushing.parcel(session, caller, given, services)
    account = accounts.get(session, caller.account_id)
    check = checks.get(session, caller.account_id, parcel.check_id)
    link = parcel.delivery.links["certificate"]
    flat = flatten(parcel.delivery.certificate, services.today(account), link)
    return Entry(parcel, log_row(flat, check.flat), check.number)


def run(
    action: str,
    schema: type[ma.Schema],
    given: Given,
    caller: Caller,
    services: Services,
    stored: StoredConnection,
) -> Flat:
    """Write this row and all that wait for the same spreadsheet; the answer for this one."""
    settings = _settings(stored, given)
    chosen = preferences(settings)
    with services.locks().hold(_lock_name(chosen), patience=120):
        with services.sessions() as session:
            mine = entry(session, caller, given, services)
            key = _key(stored, chosen, mine)
            known = _written_for(session, action, given, caller, key)
            if known is not None:
                return pushing.flat_push(known)
            last = pushes.last_of_connection(session, caller.account_id, stored.id)
            others = _waiting(session, action, schema, given, caller, services)
        _keep_the_pace(last, stored, services.clock())
        return _write([mine, *others], caller, services, stored, settings)


def _settings(stored: StoredConnection, given: Given) -> dict[str, Any]:
    """The connection's settings, with the tab that this request names."""
    tab = {"worksheet": given["worksheet"]} if given.get("worksheet") else {}
    return {**stored.settings, **tab}


def _written_for(
    session: Session, action: str, given: Given, caller: Caller, key: Key
) -> pushes.StoredPush | None:
    """The push of this very row, if it was written after the job under way was asked for."""
    running = jobs.search(
        session, caller.account_id, status=JobStatus.RUNNING.value, action=action, limit=50
    )
    asked = [job.created_at for job in running if _is_about(job, given)]
    known = pushes.by_key(session, caller.account_id, key)
    if known is None or not known.is_finished or not asked or known.updated_at < max(asked):
        return None
    return known


def _is_about(job: Job, given: Given) -> bool:
    sent = job.given["input"]
    about = ("certificate_id", "check_id", "worksheet")
    return all((sent.get(k) or None) == given.get(k) for k in about)


def _waiting(
    session: Session,
    action: str,
    schema: type[ma.Schema],
    mine: Given,
    caller: Caller,
    services: Services,
) -> list[Entry]:
    """What the waiting jobs want logged in the same tab. One that cannot be says so itself."""
    found = jobs.search(
        session,
        caller.account_id,
        status=JobStatus.WAITING.value,
        action=action,
        limit=MOST_AT_ONCE - 1,
    )
    entries = []
    for job in found:
        try:
            given = inputs.load(schema, job.given["input"])
            if given.get("worksheet") != mine.get("worksheet"):
                continue
            entries.append(entry(session, caller, given, services))
        except ConnectorError:
            continue
    return entries


def _keep_the_pace(last: pushes.StoredPush | None, stored: StoredConnection, now: datetime) -> None:
    """Wait out the spacing; DestinationUnavailable while Google wants to be left alone."""
    if last is None:
        return
    since = (now - last.updated_at).total_seconds()
    if last.error_code == DestinationUnavailable.code and since < QUIET_SECONDS:
        raise DestinationUnavailable(
            last.error_message or "Google Sheets is busy. It is tried again by itself.",
            retry_after=QUIET_SECONDS - since,
        )
    spacing = float(stored.settings.get("seconds_between_batches", SPACING_SECONDS))
    time.sleep(min(max(spacing - since, 0.0), spacing))


def _write(
    entries: Sequence[Entry],
    caller: Caller,
    services: Services,
    stored: StoredConnection,
    settings: Mapping[str, Any],
) -> Flat:
    """Send the batch; a failure is kept with the first entry, the others' jobs go on by themselves."""
    chosen = preferences(settings)
    keys = [_key(stored, chosen, each) for each in entries]
    with services.sessions() as session, session.begin():
        begun, is_new = pushing.begin(session, caller, entries[0].parcel, keys[0], services)
        was_finished = begun.is_finished and not is_new
        second = _expiring(session, caller, services) if chosen.keep_expiring else None
    try:
        receipts = _send(entries, services, stored, settings, second)
    except ConnectorError as error:
        with services.sessions() as session, session.begin():
            mine = pushes.get(session, caller.account_id, begun.id)
            pushing.settle(session, mine, services, error)
        raise
    with services.sessions() as session, session.begin():
        settled = []
        for each, key, receipt in zip(entries, keys, receipts, strict=True):
            row, _ = pushing.begin(session, caller, each.parcel, key, services)
            pushing.settle(session, row, services, receipt)
            settled.append(row)
    return pushing.flat_push(settled[0]) | {"is_duplicate": was_finished}


def _send(
    entries: Sequence[Entry],
    services: Services,
    stored: StoredConnection,
    settings: Mapping[str, Any],
    second: list[Flat] | None,
) -> list[Receipt]:
    """Receipts in the order of `entries`; of one certificate the newest check is what is written."""
    chosen, newest = preferences(settings), dict[str, Entry]()
    for each in sorted(entries, key=lambda found: found.check_number):
        newest[each.parcel.certificate_id] = each
    fields, key = columns_of(chosen)
    waiting = [
        Logged(number, tuple(line_rows(each.row) if chosen.row_per_line else [each.row]))
        for number, each in newest.items()
    ]
    connection = replace(services.connect(stored), settings=settings)
    client = Sheets(connection, services.outbound)
    receipts = dict(zip(newest, write(client, waiting, fields, key, second), strict=True))
    return [receipts[each.parcel.certificate_id] for each in entries]


def columns_of(chosen: Preferences) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """The log's columns as the office wants them, and those that tell rows apart."""
    fields = LINE_ROW_FIELDS if chosen.row_per_line else ROW_FIELDS
    key = LINE_ROW_KEY if chosen.row_per_line else ROW_KEY
    if chosen.columns:
        fields = tuple(f for f in fields if f.key in chosen.columns or f.key in key)
    return fields, key


def _expiring(session: Session, caller: Caller, services: Services) -> list[Flat]:
    """The second tab's rows, earliest first."""
    today = services.today(accounts.get(session, caller.account_id))
    first, last = today - EXPIRING_BEFORE, today + EXPIRING_AFTER
    found = standing.expiring(session, caller.account_id, first, last)
    return [
        _expiring_row(certificates.get(session, caller.account_id, each.certificate_id), each.day)
        for each in found
    ]


def _expiring_row(row: StoredCertificate, day: date) -> Flat:
    certificate = row.certificate
    names = lines_present(certificate)
    ending = [n for n in names if line(certificate, n).expiration_date.value == day]
    producer = certificate.producer
    return {
        "expiration_date": scalar(day),
        "insured_name": row.insured_name,
        "expiring_lines": ", ".join(ending),
        "producer_name": producer.name.value if producer.name.is_read else None,
        "producer_email": producer.email.value if producer.email.is_read else None,
        "certificate_id": row.id,
    }


def _key(stored: StoredConnection, chosen: Preferences, each: Entry) -> Key:
    return Key(
        stored.id,
        DESTINATION,
        f"{chosen.spreadsheet}/{chosen.worksheet}",
        each.parcel.certificate_id,
        pushing.digest(each.parcel.delivery),
    )


def _lock_name(chosen: Preferences) -> str:
    """One per spreadsheet, whichever account or connection writes into it."""
    return f"sheet-{hashlib.sha256(chosen.spreadsheet.encode()).hexdigest()[:32]}"
