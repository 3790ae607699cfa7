"""An office with ten thousand certificates on file, each with words of its own: what `rules try` runs over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from connector.actions.services import Services
from connector.certificate.entries import to_json
from connector.certificate.model import MODEL_VERSION, Certificate
from connector.certificate.names import normalise
from connector.checking.verdict import Context
from connector.checking.verdict_json import context_to_json
from connector.documents.admit import Limits, admit
from connector.extraction import read
from connector.storage import accounts
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.documents import StoredDocument
from connector.storage.schema import Row
from connector.storage.vendors import StoredVendor

CERTIFICATES = 10_000
PER_VENDOR = 1
SEED = 7
HOLDER = "Summit Builders Inc"
AT_ONCE = 500
_TRADES = ("roofing", "steel", "electrical", "plumbing", "painting", "masonry")
_LIMITS = (500_000, 1_000_000, 2_000_000, 3_000_000)

Values = dict[str, Any]


def fill(services: Services, originals: tuple[bytes, ...], count: int = CERTIFICATES) -> str:
    """An account with so many certificates of vendors that were each checked once; its id."""
    now, chance = services.clock(), random.Random(SEED)
    samples = [read(admit(data, "c.pdf", Limits()))[0] for data in originals]
    with services.sessions() as session, session.begin():
        account_id = accounts.create(session, "On file", now, legal_names=(HOLDER,)).id
        for first in range(0, count // PER_VENDOR, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count // PER_VENDOR))
            _add_vendors(session, account_id, numbers, samples, chance, now)
    return account_id


def _add_vendors(
    session: Session,
    account_id: str,
    numbers: range,
    samples: list[Certificate],
    chance: random.Random,
    now: datetime,
) -> None:
    owned = [(n, f"cert_{n}_{each}") for n in numbers for each in range(PER_VENDOR)]
    _insert(session, StoredVendor, (_vendor(account_id, n, now) for n in numbers))
    _insert(session, StoredDocument, (_document(account_id, key, now) for _, key in owned))
    _insert(
        session,
        StoredCertificate,
        (_certificate(account_id, n, key, chance.choice(samples), chance, now) for n, key in owned),
    )
    _insert(session, StoredCheck, (_check(account_id, n, chance, now) for n in numbers))


def _insert(session: Session, table: type[Row], rows: Iterator[Values]) -> None:
    session.execute(insert(table), list(rows))


def _name(number: int) -> str:
    return f"{_TRADES[number % len(_TRADES)].capitalize()} Works {number:05} LLC"


def _vendor(account_id: str, number: int, now: datetime) -> Values:
    return {
        "id": f"vendor_{number}", "account_id": account_id, "name": _name(number),
        "normalised_name": normalise(_name(number)), "created_at": now, "updated_at": now,
    }  # fmt: skip


def _document(account_id: str, key: str, now: datetime) -> Values:
    return {
        "id": f"doc_{key}", "account_id": account_id, "sha256": key, "name": "certificate.pdf",
        "kind": "pdf", "size": 7_000, "page_count": 1, "received_at": now,
    }  # fmt: skip


def _certificate(
    account_id: str,
    number: int,
    key: str,
    sample: Certificate,
    chance: random.Random,
    now: datetime,
) -> Values:
    ends = now.date() + timedelta(days=chance.randint(-20, 360))
    return {
        "id": key, "account_id": account_id, "document_id": f"doc_{key}", "page": 1,
        "vendor_id": f"vendor_{number}", "reader_version": sample.reader_version or 0,
        "model_version": MODEL_VERSION, "insured_name": _name(number), "needs_review": False,
        "body": _body(sample, key, _name(number), ends, chance),
        "earliest_expiration": ends, "created_at": now, "updated_at": now,
    }  # fmt: skip


def _body(sample: Certificate, key: str, name: str, ends: date, chance: random.Random) -> Values:
    """The sample as it is stored, with an insured, policies, dates and limits of its own."""
    body = to_json(sample)
    limit = chance.choice(_LIMITS)
    for path, entry in body["entries"].items():
        if path == "insured.name":
            entry["value"] = entry["evidence"]["text"] = name
        elif path.endswith(".policy_number"):
            entry["value"] = entry["evidence"]["text"] = f"{path[:2].upper()}-{key}"
        elif path == "certificate_date":
            entry["value"] = (ends - timedelta(days=360)).isoformat()
        elif path.endswith(".expiration_date"):
            entry["value"] = ends.isoformat()
        elif path.endswith(".effective_date"):
            entry["value"] = (ends - timedelta(days=365)).isoformat()
        elif path.endswith(".each_occurrence"):
            entry["value"] = limit
    return body


def _check(account_id: str, number: int, chance: random.Random, now: datetime) -> Values:
    about = Context(
        vendor_name=_name(number),
        trade=_TRADES[number % len(_TRADES)],
        state=chance.choice(("NY", "NJ", "IL", "TX")),
        subcontract_value=chance.choice((50_000, 400_000, 4_000_000)),
    )
    return {
        "id": f"check_{number}", "account_id": account_id, "vendor_id": f"vendor_{number}",
        "certificate_id": f"cert_{number}_0", "rule_set": "high-risk-trades", "version": 1,
        "digest": "", "status": "compliant", "on": now.date(), "verdict": {}, "flat": {},
        "context": context_to_json(about), "created_at": now,
    }  # fmt: skip
