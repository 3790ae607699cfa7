"""A tenant's own import template, filled in by its header row; never by guessed columns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connector.certificate.field import Kind
from connector.destinations.buildertrend.content import FIELDS
from connector.errors import InvalidInput

HEADER_WITHIN = 20
"""Rows in which the header is looked for: templates begin with a title or instructions."""

LARGEST_UNPACKED = 50 * 1024 * 1024
"""Bytes; a template is small, and a small file may unpack to gigabytes."""

_KINDS = {field.key: field.kind for field in FIELDS}


def check_columns(template: bytes, columns: Mapping[str, str]) -> None:
    """InvalidInput unless every column is in one header row of the template, and every key is ours."""
    unknown = sorted(set(columns.values()) - set(_KINDS))
    if unknown:
        raise InvalidInput(
            f"Column: “{unknown[0]}” is nothing that can be filled in. Known: {', '.join(_KINDS)}.",
            field="columns",
        )
    if "vendor_name" not in columns.values():
        raise InvalidInput(
            "Column: say which column of the template holds the company's name, for example "
            "--column “Company Name=vendor_name”.",
            field="columns",
        )
    _header(_opened(template), columns)


def fill(template: bytes, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The template with a row for each of `rows` under its header; all else as it was.

    `columns` says which of our keys goes under which title. What is there stays.
    """
    book = _opened(template)
    sheet, header, places = _header(book, columns)
    first = max(_last_filled(sheet, list(places)) + 1, header + 1)
    for number, row in enumerate(rows, start=first):
        for place, key in places.items():
            _put(sheet, number, place, key, row.get(key))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(template: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise InvalidInput("The template is too large.", field="template")
        return load_workbook(io.BytesIO(template))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise InvalidInput(
            "The template is no Excel workbook (.xlsx). Download it from Buildertrend again and "
            "save it as it is.",
            field="template",
        ) from error


def _header(book: Workbook, columns: Mapping[str, str]) -> tuple[Worksheet, int, dict[int, str]]:
    """The sheet, the header's row, and our key for each column's number."""
    wanted = {title.strip().casefold(): key for title, key in columns.items()}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=HEADER_WITHIN):
            titles = {str(c.value).strip().casefold(): c.column for c in row if c.value is not None}
            if wanted.keys() <= titles.keys():
                return sheet, row[0].row, {titles[title]: key for title, key in wanted.items()}
    raise InvalidInput(
        f"The template has no row with these titles: {', '.join(columns)}. Open it in Excel and "
        "copy the titles as they stand there.",
        field="columns",
    )


def _last_filled(sheet: Worksheet, places: list[int]) -> int:
    filled = [
        cell.row
        for column in places
        for (cell,) in sheet.iter_rows(min_col=column, max_col=column)
        if cell.value not in (None, "")
    ]
    return max(filled, default=0)


def _put(sheet: Worksheet, number: int, place: int, key: str, value: Any) -> None:
    """Dates as dates; text as text, whatever it begins with."""
    if value is None:
        return
    cell = sheet.cell(number, place)
    if _KINDS[key] is Kind.DATE:
        cell.value = date.fromisoformat(str(value))
        cell.number_format = "mm/dd/yyyy"
        return
    cell.value = "".join(sign for sign in str(value) if ord(sign) >= 32)
    cell.data_type = "s"
