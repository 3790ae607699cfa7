"""A large office on file: the bundled certificates under ten thousand numbers, put in by hand."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from connector.actions import check_certificate, parse_certificate
from connector.actions.inputs import load
from connector.actions.services import Caller, Services
from connector.storage import accounts, certificates, checks, coverage_lines
from connector.storage.board_rows import StoredBoardRow
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.coverage_lines import CoverageLine
from connector.storage.schema import Row, new_id
from connector.storage.vendors import StoredVendor

CERTIFICATES = 10_000
PER_VENDOR = 2
PROJECTS = ("Lakeside Medical Center", "Harbor Tower", "North Yard")
SEED = 7
HOLDER = "Summit Builders Inc"

Values = dict[str, Any]

_pages = itertools.count(1000)
"""All are pages of the same two documents, whose bytes are kept once."""


@dataclass(frozen=True)
class Pattern:
    """A certificate that was really read and checked, as the database keeps it."""

    certificate: Values
    check: Values
    lines: list[Values]


def fill(services: Services, originals: tuple[bytes, ...], count: int = CERTIFICATES) -> str:
    """An account with so many certificates, each with its check; the account's id."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        account_id = accounts.create(session, "Large office", now, legal_names=(HOLDER,)).id
    patterns = [_pattern(services, account_id, data) for data in originals]
    chance = random.Random(SEED)
    with services.sessions() as session, session.begin():
        for vendor in range(count // PER_VENDOR):
            _add_vendor(session, account_id, vendor, patterns, chance, now)
    return account_id


def _pattern(services: Services, account_id: str, data: bytes) -> Pattern:
    caller = Caller(account_id)
    opened = services.reader.open(data, "certificate.pdf")
    given = {**load(parse_certificate.ACTION.input, {}), "document": opened}
    certificate_id = str(parse_certificate.run(given, caller, services)["certificate_id"])
    about = load(check_certificate.Input, {"certificate_id": certificate_id})
    check_certificate.run(about, caller, services)
    with services.sessions() as session:
        check = checks.latest(session, account_id, certificate_id)
        assert check is not None
        row = certificates.get(session, account_id, certificate_id)
        lines = coverage_lines.of_certificate(session, account_id, certificate_id)
        return Pattern(_values(row), _values(check), [_values(line) for line in lines])


def _add_vendor(
    session: Session,
    account_id: str,
    number: int,
    patterns: list[Pattern],
    chance: random.Random,
    now: datetime,
) -> None:
    name = f"Contractor {number:05} LLC"
    vendor = {"id": new_id("vend"), "account_id": account_id, "name": name,
              "normalised_name": name.lower(), "created_at": now, "updated_at": now}  # fmt: skip
    _insert(session, StoredVendor, [vendor])
    ends = now.date() + timedelta(days=chance.randint(-20, 360))
    for _ in range(PER_VENDOR):
        pattern = chance.choice(patterns)
        known = _add_certificate(session, pattern, vendor["id"], name, ends)
    project = chance.choice(PROJECTS)
    rows = [_board_row(known, pattern, vendor["id"], each, ends, now) for each in ("", project)]
    _insert(session, StoredBoardRow, rows)


def _add_certificate(
    session: Session, pattern: Pattern, vendor_id: str, name: str, ends: date
) -> tuple[str, str]:
    """The ids of the certificate and its check."""
    certificate_id, check_id = new_id("cert"), new_id("check")
    row = {**pattern.certificate, "id": certificate_id, "page": next(_pages),
           "vendor_id": vendor_id, "insured_name": name, "earliest_expiration": ends}  # fmt: skip
    _insert(session, StoredCertificate, [row])
    flat = {**pattern.check["flat"], "insured_name": name}
    check = {**pattern.check, "id": check_id, "certificate_id": certificate_id,
             "vendor_id": vendor_id, "flat": flat}  # fmt: skip
    _insert(session, StoredCheck, [check])
    about = {"certificate_id": certificate_id, "vendor_id": vendor_id, "expiration_date": ends}
    _insert(session, CoverageLine, [{**line, **about} for line in pattern.lines])
    return certificate_id, check_id


def _board_row(
    known: tuple[str, str],
    pattern: Pattern,
    vendor_id: str,
    project: str,
    ends: date,
    now: datetime,
) -> Values:
    certificate_id, check_id = known
    return {
        "vendor_id": vendor_id, "project": project, "account_id": pattern.check["account_id"],
        "certificate_id": certificate_id, "changed_at": now, "lines_end": ends,
        "check_id": check_id, "checked_at": now, "status": pattern.check["status"],
        "check_ends": ends, "missing": pattern.check["flat"]["failures_text"],
    }  # fmt: skip


def _values(row: Row) -> Values:
    """A row's values by column, without its running number."""
    return {c.name: getattr(row, c.name) for c in _columns(row) if c.name != "number"}


def _columns(row: Row) -> Iterator[Any]:
    table = row.__table__
    assert isinstance(table, Table)
    yield from table.columns


def _insert(session: Session, table: type[Row], rows: list[Values]) -> None:
    session.execute(insert(table), rows)
