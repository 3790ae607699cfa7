"""The files that a person carries into GCPay, or mails there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.delivery import PreparedFile, Sources, Way, zipped
from connector.destinations.gcpay.content import FIELDS
from connector.destinations.gcpay.ways import COVER_SHEET, ERP_CSV
from connector.documents.name import clean_name
from connector.spreadsheets import XLSX, csv_text, xlsx

PDF = "application/pdf"


def write(way: Way, contents: Sequence[Mapping[str, Any]], sources: Sources) -> PreparedFile:
    """What the link leads to. `contents` are those of everything that is carried over."""
    if way is COVER_SHEET:
        (content,) = contents
        files = joined(content, sources)
        name = f"{_name(content['vendor_name'])} - gcpay.zip"
        return files[0] if len(files) == 1 else zipped(name, files)
    rows = [item for content in contents for item in content["items"]]
    if way is ERP_CSV:
        text = csv_text([field.key for field in FIELDS], rows)
        return PreparedFile("gcpay-compliance.csv", "text/csv", text.encode("utf-8-sig"))
    return PreparedFile("gcpay-verify.xlsx", XLSX, xlsx("Verify", FIELDS, rows))


def joined(content: Mapping[str, Any], sources: Sources) -> list[PreparedFile]:
    """For each item the cover sheet with the certificate behind it: GCPay files by the first page."""
    certificate = sources.document(content["document_sha256"])
    return [
        PreparedFile(
            f"{number} {_name(content['vendor_name'])} - {_name(cover['item'])}.pdf",
            PDF,
            sources.join([sources.document(cover["sha256"]), certificate]),
        )
        for number, cover in enumerate(content["covers"], start=1)
    ]


def _name(text: str) -> str:
    return clean_name(text.replace("/", "-").replace("\\", "-"))[:60].strip(" .")
