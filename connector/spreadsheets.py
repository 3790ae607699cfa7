"""Flat answers as CSV or XLSX: one column per key, typed dates, nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from connector.certificate.field import Field, Kind, Scalar

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

WIDEST = 60
"""Characters of a column; what is longer is read in its cell."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(value: Scalar) -> str:
    """The value as a CSV cell: text that a spreadsheet would run as a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return str(value)


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Scalar]]) -> str:
    """Header and rows as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([inert(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def write_csv(path: Path, fields: Sequence[Field], rows: Iterable[Mapping[str, Scalar]]) -> None:
    """`rows` into `path`; a byte order mark lets Excel see that the text is UTF-8."""
    text = csv_text([field.key for field in fields], rows)
    path.write_text(text, encoding="utf-8-sig", newline="")


def write_xlsx(path: Path, fields: Sequence[Field], rows: Iterable[Mapping[str, Scalar]]) -> None:
    """`rows` into a workbook: keys as header, dates as real dates, text as text (never a formula)."""
    _book("Certificates", [field.key for field in fields], fields, rows).save(path)


def xlsx(title: str, fields: Sequence[Field], rows: Iterable[Mapping[str, Scalar]]) -> bytes:
    """The same as bytes, with the fields' labels as header: a sheet for people."""
    out = io.BytesIO()
    _book(title, [field.label for field in fields], fields, rows).save(out)
    return out.getvalue()


def _book(
    title: str, header: list[str], fields: Sequence[Field], rows: Iterable[Mapping[str, Scalar]]
) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    rows = list(rows)
    for number, field in enumerate(fields, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(field, rows)
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(sheet, field, row.get(field.key)) for field in fields])
    return book


def _width(field: Field, rows: Sequence[Mapping[str, Scalar]]) -> int:
    """Of a column in characters, so that names can be read without a click."""
    longest = max((len(str(row.get(field.key) or "")) for row in rows), default=0)
    return min(max(14, len(field.label) + 2, longest + 2), WIDEST)


def _cell(sheet: object, field: Field, value: Scalar) -> WriteOnlyCell:
    if isinstance(value, str) and field.kind is Kind.DATE:
        cell = WriteOnlyCell(sheet, value=date.fromisoformat(value))
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, value=printable(value))
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def printable(value: Scalar) -> Scalar:
    """Text without the control characters that a workbook cannot hold."""
    if not isinstance(value, str):
        return value
    return "".join(sign for sign in value if sign in "\n\t" or ord(sign) >= 32)
