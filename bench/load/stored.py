"""Lists, searches and coverage questions over a hundred thousand stored certificates, on SQLite."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from connector.certificate.entries import to_json
from connector.certificate.flat import needs_review
from connector.certificate.model import MODEL_VERSION, Certificate
from connector.certificate.names import normalise
from connector.documents.admit import Limits, admit
from connector.extraction import read
from connector.storage import certificates, coverage_lines, standing
from connector.storage.certificates import StoredCertificate
from connector.storage.coverage_lines import CoverageLine
from connector.storage.database import connect, sessions_of
from connector.storage.documents import StoredDocument
from connector.storage.vendors import StoredVendor
from tests.drawing.crowd import NAMES, crowd
from tests.service.installing import installed
from tests.service.running import Service

ROUNDS = 60
AT_ONCE = 2_000
DAYS = 730
"""The expirations lie within so many days, half of them past."""
SAMPLES = 40


def rows(count: int) -> Iterator[tuple[str, str]]:
    """What is printed: the question, and the median and p95 of its answer."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), None, {}) as service:
        engine = connect(service.settings.database_url)
        sessions = sessions_of(engine)
        with sessions() as session, session.begin():
            fill(session, service.account_id, count, today)
        path = service.settings.data_dir / "connector.db"
        gc.collect()
        gc.freeze()  # as the web processes do: what was loaded is out of the way
        yield "the database file", f"{path.stat().st_size / 2**20:.0f} MB"
        with sessions() as session:
            yield from _in_process(session, service.account_id, today)
        engine.dispose()
        service.log = Path(folder) / "log"
        service.start()
        yield from _over_http(service)


def fill(session: Session, account_id: str, count: int, today: date) -> None:
    """So many certificates of five hundred vendors, read from as many drawn ones as is quick."""
    samples = [read(admit(data, "c.pdf", Limits()))[0] for _, data in crowd(today, SAMPLES)]
    now = datetime.now(UTC)
    session.execute(insert(StoredVendor), [_vendor(account_id, n, now) for n in range(len(NAMES))])
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        session.execute(insert(StoredDocument), [_document(account_id, n, now) for n in numbers])
        found = [_certificate(account_id, n, samples[n % SAMPLES], today, now) for n in numbers]
        session.execute(insert(StoredCertificate), found)
        session.execute(
            insert(CoverageLine), [line for n in numbers for line in _lines(account_id, n, today)]
        )


def _vendor(account_id: str, number: int, now: datetime) -> dict[str, Any]:
    name = NAMES[number]
    return {
        "id": f"vendor_{number}",
        "account_id": account_id,
        "name": name,
        "normalised_name": normalise(name),
        "created_at": now,
        "updated_at": now,
    }


def _document(account_id: str, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"doc_{number}",
        "account_id": account_id,
        "sha256": f"{number:064x}",
        "name": "certificate.pdf",
        "kind": "pdf",
        "size": 7_000,
        "page_count": 1,
        "received_at": now,
    }


def _certificate(
    account_id: str, number: int, sample: Certificate, today: date, now: datetime
) -> dict[str, Any]:
    return {
        "id": f"cert_{number}",
        "account_id": account_id,
        "document_id": f"doc_{number}",
        "page": 1,
        "vendor_id": f"vendor_{number % len(NAMES)}",
        "reader_version": sample.reader_version or 0,
        "model_version": MODEL_VERSION,
        "body": to_json(sample),
        "insured_name": NAMES[number % len(NAMES)],
        "needs_review": needs_review(sample) or number % 50 == 0,
        "earliest_expiration": _ends(number, today),
        "created_at": now,
        "updated_at": now,
    }


def _lines(account_id: str, number: int, today: date) -> list[dict[str, Any]]:
    ends = _ends(number, today)
    names = ("general_liability", "auto_liability", "umbrella_liability", "workers_compensation")
    return [
        {
            "certificate_id": f"cert_{number}",
            "line": name,
            "account_id": account_id,
            "vendor_id": f"vendor_{number % len(NAMES)}",
            "policy_number": f"{name[:2]}-{number}",
            "effective_date": ends - timedelta(days=365),
            "expiration_date": ends,
            "limit": 1_000_000,
            "is_unclear": False,
        }
        for name in names
    ]


def _ends(number: int, today: date) -> date:
    return today + timedelta(days=number * 7919 % DAYS - DAYS // 2)


def _in_process(session: Session, account_id: str, today: date) -> Iterator[tuple[str, str]]:
    search = certificates.Search
    soon = today + timedelta(days=30)
    vendor = f"vendor_{len(NAMES) // 2}"
    questions: dict[str, Callable[[], Sequence[Any]]] = {
        "newest fifty": lambda: certificates.search(session, account_id),
        "by part of a common name": lambda: certificates.search(session, account_id, search(name="roof")),
        "by a name nobody has": lambda: certificates.search(session, account_id, search(name="qqqq")),
        "of one vendor": lambda: certificates.search(session, account_id, search(vendor_id=vendor)),
        "in need of a review": lambda: certificates.search(session, account_id, search(needs_review=True)),
        "lapsed": lambda: certificates.search(session, account_id, search(expires_before=today)),
        "lines that expire within 30 days": lambda: coverage_lines.expiring(session, account_id, today, soon),
        "all lines of one vendor": lambda: coverage_lines.of_vendor(session, account_id, vendor),
        "what a day has to tell of": lambda: standing.expiring(session, account_id, today, soon),
    }  # fmt: skip
    for what, ask in questions.items():

        def once(ask: Callable[[], Sequence[Any]] = ask) -> None:
            session.expunge_all()
            ask()

        yield f"storage: {what}", _told(once)


def _over_http(service: Service) -> Iterator[tuple[str, str]]:
    for query in ("", "?name=roof", "?name=qqqq", "?expires_within=30", "?needs_review=true"):

        def ask(query: str = query) -> None:
            service.items(f"/v1/certificates{query}")

        yield f"GET /v1/certificates{query}", _told(ask)


def _told(ask: Callable[[], object]) -> str:
    """Median and p95 in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return f"median {statistics.median(taken):.0f} ms, p95 {taken[int(ROUNDS * 0.95)]:.0f} ms"
