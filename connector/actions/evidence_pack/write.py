"""Write the pack: documents, pictures, readings, verdicts, rule texts, notices, pushes, the log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.actions.audit_list import AUDIT_FIELDS, flat_entry
from connector.actions.cancellation_answer import CANCELLATION_FIELDS, flat_cancellation
from connector.actions.certificate_answer import flat_certificate, whole
from connector.actions.endorsement_answer import ENDORSEMENT_FIELDS, flat_endorsement
from connector.actions.evidence_pack import gather
from connector.actions.evidence_pack.archive import Archive
from connector.actions.evidence_pack.gather import Chosen
from connector.actions.evidence_rows import evidence_rows
from connector.actions.exemption_answer import EXEMPTION_FIELDS, flat_exemption
from connector.actions.pushing import flat_push
from connector.actions.services import Caller, Services
from connector.actions.waiver_answer import WAIVER_FIELDS, flat_waiver
from connector.certificate.field import scalar
from connector.delivery import PUSH_FIELDS
from connector.documents.sniff import Sniffed, sniff
from connector.errors import DocumentRefused, NotFound
from connector.storage import (
    accounts,
    audit,
    corrections,
    documents,
    rule_set_texts,
    vendor_data,
    vendors,
)
from connector.storage.audit import Act
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.documents import StoredDocument
from connector.storage.mails import StoredMail
from connector.storage.schema import Row
from connector.storage.vendors import StoredVendor

_ENDINGS = {Sniffed.PDF: "pdf", Sniffed.JPEG: "jpg", Sniffed.PNG: "png", Sniffed.TIFF: "tif", Sniffed.HEIC: "heic"}  # fmt: skip
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CHECKED = ("check_id", "created_at", "certificate_id", "rule_set", "version", "status", "on", "project", "failures_text", "unclear_text", "waived_text")  # fmt: skip
_MAILED = ("notice_id", "sent_at", "status", "recipient", "recipient_role", "subject", "check_id", "certificate_id", "message_id", "reason")  # fmt: skip


@dataclass
class _Said:
    """What the index tells of the pack's content."""

    certificates: list[dict[str, Any]] = field(default_factory=list)
    checks: list[Flat] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def file_name(vendor: StoredVendor) -> str:
    """What the ZIP is called: letters, digits and hyphens of the vendor's name only."""
    plain = re.sub(r"[^a-z0-9]+", "-", vendor.normalised_name.lower()).strip("-")[:60]
    return f"evidence-{plain or 'vendor'}.zip"


def write(
    vendor: StoredVendor,
    project: str | None,
    caller: Caller,
    services: Services,
    out: IO[bytes],
    *,
    is_export: bool = False,
) -> None:
    """The whole pack into `out`, and that it was made into the audit log.

    One document at a time is in memory. NotFound for a project the vendor was never checked for.
    `is_export` adds every row that an erasure would remove, as it is kept.
    """
    act = Act.VENDOR_EXPORTED if is_export else Act.EVIDENCE_MADE
    with services.sessions() as session, session.begin():
        audit.record(
            session, caller.account_id, act, services.clock(),
            subject=vendor.id, vendor_id=vendor.id, details={"project": project},
        )  # fmt: skip
        chosen = gather.choose(session, vendor, project)
    archive, said = Archive(out, services.clock()), _Said()
    with services.readers() as session:
        _documents(session, vendor, chosen, services, archive, said)
        _checks(session, vendor, chosen, archive, said)
        _tables(session, vendor, chosen, services, archive, said)
        if is_export:
            archive.add_json("everything.json", _everything(session, vendor))
        office = accounts.get(session, vendor.account_id)
        about = {
            "vendor": vendor,
            "project": project,
            "office": "; ".join(office.legal_names) or office.name,
            "made_at": scalar(services.clock()),
            "said": said,
        }
    archive.add("index.html", _PAGES.get_template("index.html").render(about).encode())
    archive.add("README.txt", (Path(__file__).parent / "README.txt").read_bytes())
    archive.close()


def _documents(
    session: Session,
    vendor: StoredVendor,
    chosen: Chosen,
    services: Services,
    archive: Archive,
    said: _Said,
) -> None:
    """Each document once, and for each certificate the page with boxes and what was read of it."""
    added: set[str] = set()
    for certificate_id in chosen.certificate_ids:
        row = gather.certificate(session, vendor, certificate_id)
        document = documents.get(session, vendor.account_id, row.document_id)
        data = _bytes(document, services, said)
        path = _path(document, data or b"")
        if data is not None and document.id not in added:
            archive.add(path, data)
            added.add(document.id)
        has_picture = data is not None and _picture(session, row, document, data, services, archive)
        _reading(session, row, services, archive)
        told = {"id": row.id, "name": document.name, "received": scalar(document.received_at)}
        told |= {"document": path if data is not None else None, "has_picture": has_picture}
        said.certificates.append(told | {"insured": row.insured_name, "page": row.page})
    for document_id in gather.document_ids_beside(session, vendor):
        document = documents.get(session, vendor.account_id, document_id)
        data = _bytes(document, services, said) if document.id not in added else None
        if data is not None:
            archive.add(_path(document, data), data)
            added.add(document.id)


def _path(document: StoredDocument, data: bytes) -> str:
    return f"documents/{document.id}.{_ENDINGS.get(sniff(data), 'bin')}"


def _bytes(document: StoredDocument, services: Services, said: _Said) -> bytes | None:
    try:
        return services.documents.get(document.sha256)
    except NotFound:
        told = f"The document {document.id} is no longer kept; what was read of it is here."
        if told not in said.missing:
            said.missing.append(told)
        return None


def _picture(
    session: Session,
    row: StoredCertificate,
    document: StoredDocument,
    data: bytes,
    services: Services,
    archive: Archive,
) -> bool:
    """The certificate's page drawn anew with a box around each value; whether it could be drawn."""
    try:
        opened = services.reader.open(data, document.name)
        drawn = services.reader.show_values(opened.document, whole(session, row))
    except DocumentRefused:
        return False
    archive.add(f"certificates/{row.id}/page.png", drawn)
    return True


def _reading(
    session: Session, row: StoredCertificate, services: Services, archive: Archive
) -> None:
    """As it stands now, where each value was seen, and what people changed."""
    folder = f"certificates/{row.id}"
    archive.add_json(f"{folder}/reading.json", flat_certificate(session, row, services))
    archive.add_json(f"{folder}/evidence.json", evidence_rows(row.certificate))
    changed = [
        {
            "field": each.path.replace(".", "_"),
            "before": each.before,
            "typed": each.typed,
            "by": each.by,
            "at": scalar(each.at),
            "undone_by": each.undone_by,
            "undone_at": scalar(each.undone_at),
        }
        for each in corrections.of_certificate(session, row.account_id, row.id)
    ]
    archive.add_json(f"{folder}/corrections.json", changed)


def _checks(
    session: Session, vendor: StoredVendor, chosen: Chosen, archive: Archive, said: _Said
) -> None:
    """Each verdict as it was given, its notice, and the text of the rules it was given on."""
    for check in gather.checks_of(session, vendor):
        if check.id not in chosen.check_ids:
            continue
        archive.add_json(f"checks/{check.id}.json", _whole_check(check))
        if text := check.flat.get("notice_text"):
            subject = check.flat.get("notice_subject") or ""
            archive.add(f"notices/{check.id}.txt", f"{subject}\n\n{text}\n".encode())
        _rules(session, check, archive, said)
        said.checks.append(_check_row(check))
    archive.add_csv("checks.csv", _CHECKED, said.checks)


def _whole_check(check: StoredCheck) -> dict[str, Any]:
    return {
        "check": _check_row(check),
        "rules_digest": check.digest,
        "context": check.context,
        "verdict": check.verdict,
        "answer": check.flat,
    }


def _check_row(check: StoredCheck) -> Flat:
    return {
        "check_id": check.id,
        "created_at": scalar(check.created_at),
        "certificate_id": check.certificate_id,
        "rule_set": check.rule_set,
        "version": check.version,
        "status": check.status,
        "on": scalar(check.on),
        "project": check.project or None,
        "failures_text": check.flat.get("failures_text"),
        "unclear_text": check.flat.get("unclear_text"),
        "waived_text": check.flat.get("waived_text"),
    }


def _rules(session: Session, check: StoredCheck, archive: Archive, said: _Said) -> None:
    kept = rule_set_texts.by_digest(session, check.digest)
    path = f"rules/{check.rule_set}-{check.version}.yaml"
    if kept is None:
        told = f"The text of {check.rule_set} version {check.version} is not on file."
        said.missing += [] if told in said.missing else [told]
    elif path not in said.rules:
        archive.add(path, kept.text.encode())
        said.rules.append(path)


def _tables(
    session: Session,
    vendor: StoredVendor,
    chosen: Chosen,
    services: Services,
    archive: Archive,
    said: _Said,
) -> None:
    """Pushes with their receipts, mails, waivers, what came beside certificates, the audit log."""
    account_id = vendor.account_id
    today = services.today(accounts.get(session, account_id))
    sent = [flat_push(row) for row in gather.pushes_of(session, account_id, chosen)]
    mailed = [_mail_row(row) for row in gather.mails_of(session, account_id, chosen)]
    waived = [flat_waiver(session, row, today) for row in gather.waivers_of(session, vendor)]
    cancelled = [
        flat_cancellation(session, row) for row in gather.cancellations_of(session, vendor)
    ]
    endorsed = [flat_endorsement(session, row) for row in gather.endorsements_of(session, vendor)]
    exempted = [flat_exemption(session, row) for row in gather.exemptions_of(session, vendor)]
    logged = [flat_entry(row) for row in gather.entries_of(session, vendor, chosen)]
    for path, columns, rows in (
        ("pushes.csv", [each.key for each in PUSH_FIELDS], sent),
        ("mails.csv", _MAILED, mailed),
        ("waivers.csv", [each.key for each in WAIVER_FIELDS], waived),
        ("cancellations.csv", [each.key for each in CANCELLATION_FIELDS], cancelled),
        ("endorsement_pages.csv", [each.key for each in ENDORSEMENT_FIELDS], endorsed),
        ("exemptions.csv", [each.key for each in EXEMPTION_FIELDS], exempted),
        ("audit.csv", [each.key for each in AUDIT_FIELDS], logged),
    ):
        archive.add_csv(path, columns, rows)
        said.counts[path] = len(rows)
    archive.add_json("pushes.json", sent)


def _everything(session: Session, vendor: StoredVendor) -> dict[str, Any]:
    """By table, each row as it is kept; without what logins are recognised by."""
    data = vendor_data.gather(session, vendors.get(session, vendor.account_id, vendor.id))
    return {
        table.__tablename__: [
            {name: _plain(getattr(row, name)) for name in _columns(table)} for row in rows
        ]
        for table, rows in data.rows.items()
    }


def _columns(table: type[Row]) -> list[str]:
    return [each.key for each in inspect(table).column_attrs if each.key != "digest"]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _mail_row(row: StoredMail) -> Flat:
    return {
        "notice_id": row.id,
        "sent_at": scalar(row.sent_at),
        "status": row.status,
        "recipient": row.recipient,
        "recipient_role": row.role,
        "subject": row.subject,
        "check_id": row.check_id,
        "certificate_id": row.certificate_id,
        "message_id": row.message_id,
        "reason": row.why,
    }
