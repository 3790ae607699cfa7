"""Rows of a certificate are taken out of a local log; all others, and what people added, stay."""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import load_workbook

from connector.certificate.field import Field, Kind
from connector.destinations.csv import log, workbook
from connector.destinations.csv.rows import Logged

FIELDS = (
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_1"),
    Field("insured_name", "Insured", Kind.TEXT, "Northfield"),
)


def rows() -> list[Logged]:
    return [
        Logged.single({"certificate_id": f"cert_{number}", "insured_name": f"Firm {number}"})
        for number in range(4)
    ]


def test_rows_leave_a_csv_log(tmp_path: Path) -> None:
    path = tmp_path / "certificates.csv"
    for each in rows():
        log.upsert(path, [field.key for field in FIELDS], each)
    assert log.remove(path, {"cert_1", "cert_3", "cert_9"}) == 2
    with path.open(encoding="utf-8-sig") as file:
        assert [row["insured_name"] for row in csv.DictReader(file)] == ["Firm 0", "Firm 2"]


def test_rows_leave_a_workbook_and_other_columns_stay(tmp_path: Path) -> None:
    path = tmp_path / "certificates.xlsx"
    for each in rows():
        workbook.upsert(path, FIELDS, each)
    book = load_workbook(path)
    book.active.cell(4, 5, "called them")
    book.save(path)
    assert workbook.remove(path, {"cert_1", "cert_3"}) == 2
    sheet = load_workbook(path).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Firm 0", "Firm 2"]
    assert sheet.cell(3, 5).value == "called them"


def test_a_log_that_is_not_there_is_not_begun(tmp_path: Path) -> None:
    assert log.remove(tmp_path / "no.csv", {"cert_1"}) == 0
    assert workbook.remove(tmp_path / "no.xlsx", {"cert_1"}) == 0
    assert list(tmp_path.iterdir()) == []
