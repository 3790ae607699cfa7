"""The board as a file: one row per vendor, with a date and a limit for each coverage line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Response, request
from sqlalchemy.orm import Session

from connector.certificate.field import Field, Kind, Scalar, scalar
from connector.spreadsheets import XLSX, csv_text, xlsx
from connector.storage import standing
from connector.storage.board import BoardRow
from connector.web.pages.words import LINE_WORDS, LINES_ON_BOARD, NEED_WORDS

CSV = "text/csv; charset=utf-8"

FIELDS = (
    Field("vendor_name", "Vendor", Kind.TEXT, "Northfield Roofing LLC"),
    Field("vendor_number", "Vendor number", Kind.TEXT, "V-204"),
    Field("trade", "Trade", Kind.TEXT, "roofing"),
    Field("project", "Project", Kind.TEXT, None),
    Field("needs", "Needs", Kind.TEXT, "In order"),
    Field("check_status", "Last check", Kind.TEXT, "compliant"),
    Field("first_expiration_date", "First expiration", Kind.DATE, "2027-03-01"),
    *(
        field
        for line in LINES_ON_BOARD
        for field in (
            Field(f"{line}_expiration_date", f"{LINE_WORDS[line]}: expires", Kind.DATE, "2027-03-01"),
            Field(f"{line}_limit", f"{LINE_WORDS[line]}: limit", Kind.USD, 1_000_000),
        )
    ),
    Field("missing", "Missing or in doubt", Kind.TEXT, None),
)  # fmt: skip


def download(session: Session, account_id: str, rows: list[BoardRow], today: date) -> Response:
    """The rows as CSV (keys as header) or XLSX (labels as header)."""
    return as_file(FIELDS, list(_flat(session, account_id, rows)), f"board-{today}", "Board")


def as_file(
    fields: tuple[Field, ...], rows: list[dict[str, Scalar]], name: str, title: str
) -> Response:
    """A table to keep, of the kind that the address ends with; the byte order mark lets Excel see that the text is UTF-8."""
    kind = request.path.rpartition(".")[2]
    if kind == "xlsx":
        data, media_type = xlsx(title, fields, rows), XLSX
    else:
        data = csv_text([field.key for field in fields], rows).encode("utf-8-sig")
        media_type = CSV
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(data, mimetype=media_type, headers=headers)


def _flat(session: Session, account_id: str, rows: list[BoardRow]) -> Iterator[dict[str, Scalar]]:
    found = standing.of_vendors(session, account_id)
    by_place = {(line.vendor_id, line.line): line for line in found}
    for row in rows:
        flat: dict[str, Scalar] = {
            "vendor_name": row.name,
            "vendor_number": row.number,
            "trade": row.trade,
            "project": row.project or None,
            "needs": NEED_WORDS[row.need],
            "check_status": row.status,
            "first_expiration_date": scalar(row.ends),
            "missing": row.missing,
        }
        for name in LINES_ON_BOARD:
            line = by_place.get((row.vendor_id, name))
            flat[f"{name}_expiration_date"] = scalar(line.expiration_date) if line else None
            flat[f"{name}_limit"] = line.limit if line else None
        yield flat
