"""The tracking log as an Excel workbook: the CSV log's rules, with real dates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connector.certificate.field import Field, Kind
from connector.delivery import PushStatus, Receipt
from connector.destinations.csv import workbook
from connector.destinations.csv.rows import Logged
from connector.errors import DestinationRefused

FIELDS = (
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_1"),
    Field("insured_name", "Insured", Kind.TEXT, "Northfield"),
    Field("expires", "Expires", Kind.DATE, "2027-03-01"),
    Field("limit", "Limit", Kind.USD, 1_000_000),
    Field("is_compliant", "Is compliant", Kind.FLAG, True),
)


def upsert(path: Path, fields: tuple[Field, ...], row: dict[str, Any]) -> Receipt:
    """The log of one certificate's single row."""
    return workbook.upsert(path, fields, Logged.single(row))


def row(number: int = 1, **said: Any) -> dict[str, Any]:
    return {
        "certificate_id": f"cert_{number}", "insured_name": "Northfield", "expires": "2027-03-01",
        "limit": 1_000_000, "is_compliant": None, **said,
    }  # fmt: skip


def table(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)["Certificates"].values)


def test_one_row_per_certificate_with_typed_values(tmp_path: Path) -> None:
    path = tmp_path / "log" / "certificates.xlsx"
    assert upsert(path, FIELDS, row()).records_created == 1
    assert upsert(path, FIELDS, row()).status is PushStatus.UNCHANGED
    assert upsert(path, FIELDS, row(limit=2_000_000)).records_updated == 1
    assert upsert(path, FIELDS, row(2)).external_ids == ("row 3",)
    day = datetime(2027, 3, 1)  # noqa: DTZ001 - as openpyxl has it
    assert table(path)[1:] == [
        ("cert_1", "Northfield", day, 2_000_000, None),
        ("cert_2", "Northfield", day, 1_000_000, None),
    ]


def test_columns_in_any_order_and_the_offices_own_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Certificates"
    book.active.append(["Our remark", "limit", "certificate_id"])
    book.active.append(["call Ann", 5, "cert_1"])
    book.create_sheet("Ours")["A1"] = "=1+1"
    book.save(path)
    upsert(path, FIELDS, row())
    upsert(path, FIELDS, row(2))
    header, first, second = table(path)
    assert header == ("Our remark", "limit", "certificate_id", "insured_name", "expires", "is_compliant")  # fmt: skip
    assert first[:3] == ("call Ann", 1_000_000, "cert_1")
    assert second[:3] == (None, 1_000_000, "cert_2")
    assert openpyxl.load_workbook(path)["Ours"]["A1"].value == "=1+1"


def test_a_title_written_for_people_is_still_our_column(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    upsert(path, FIELDS, row())
    book = openpyxl.load_workbook(path)
    book["Certificates"]["A1"] = "Certificate ID"
    book.save(path)
    assert upsert(path, FIELDS, row()).status is PushStatus.UNCHANGED
    assert len(table(path)) == 2


@pytest.mark.parametrize("name", ['=IMPORTXML("http://rival.example")', "+1", "@SUM(A1)", "-2"])
def test_a_name_that_is_a_formula_stays_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / "certificates.xlsx"
    upsert(path, FIELDS, row(insured_name=name))
    upsert(path, FIELDS, row(2))
    cell = openpyxl.load_workbook(path)["Certificates"]["B2"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert upsert(path, FIELDS, row(insured_name=name)).status is PushStatus.UNCHANGED


def test_what_is_no_workbook_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    path.write_bytes(b"something else")
    with pytest.raises(DestinationRefused, match="no Excel workbook"):
        upsert(path, FIELDS, row())
    assert path.read_bytes() == b"something else"


def test_eight_writers_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: upsert(path, FIELDS, row(number % 4)), range(8)))
    assert sorted(line[0] for line in table(path)[1:]) == [f"cert_{n}" for n in range(4)]


def test_an_offices_own_column_that_is_named_like_ours_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Certificates"
    book.active.append(["Limit", "Remark"])
    book.active.append(["up to 3 subs", "keep", None, "beside the table"])
    book.save(path)
    for limit in (1_000_000, 2_000_000):
        upsert(path, FIELDS, row(limit=limit))
    day = datetime(2027, 3, 1)  # noqa: DTZ001 - as openpyxl has it
    assert table(path) == [
        ("Limit", "Remark", None, None, "certificate_id", "insured_name", "expires", "limit (COI)", "is_compliant"),
        ("up to 3 subs", "keep", None, "beside the table", None, None, None, None, None),
        (None, None, None, None, "cert_1", "Northfield", day, 2_000_000, None),
    ]  # fmt: skip


def test_one_row_per_coverage_line_beside_an_offices_own_column(tmp_path: Path) -> None:
    path = tmp_path / "coverage-lines.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Certificates"
    book.active.append(["limit"])
    book.active.append(["ours"])
    book.save(path)
    fields = (FIELDS[0], Field("coverage_line", "Line", Kind.TEXT, "auto"), FIELDS[3])

    def logged(**limits: int) -> Logged:
        rows = [
            {"certificate_id": "cert_1", "coverage_line": k, "limit": v} for k, v in limits.items()
        ]
        return Logged("cert_1", rows, ("certificate_id", "coverage_line"))

    assert workbook.upsert(path, fields, logged(auto=1, umbrella=2)).records_created == 2
    assert workbook.upsert(path, fields, logged(auto=1, umbrella=2)).records_unchanged == 2
    assert workbook.upsert(path, fields, logged(auto=3)).records_updated == 2
    assert table(path) == [
        ("limit", "certificate_id", "coverage_line", "limit (COI)"),
        ("ours", None, None, None),
        (None, "cert_1", "auto", 3),
        (None, "cert_1", "umbrella", None),
    ]
