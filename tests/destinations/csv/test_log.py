"""The local log: one row per certificate, other people's columns untouched, nothing that runs."""

import csv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector.certificate.field import Scalar
from connector.delivery import PushStatus, Receipt
from connector.destinations.csv import log
from connector.destinations.csv.rows import Logged
from connector.errors import DestinationRefused


def upsert(path: Path, row: Mapping[str, Scalar]) -> Receipt:
    """The log of one certificate's single row."""
    return log.upsert(path, list(row), Logged.single(row))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_certificate_has_one_row_however_often_it_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "certificates.csv"
    first = upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
    again = upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
    changed = upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme LLC"})
    assert [first.records_created, again.records_unchanged, changed.records_updated] == [1, 1, 1]
    assert again.status is PushStatus.UNCHANGED
    assert [row["insured_name"] for row in rows(path)] == ["Acme LLC"]


def test_columns_of_the_office_stay_and_order_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Notes,insured_name,certificate_id\ncalled them,Old,cert_1\n")
    upsert(path, {"certificate_id": "cert_1", "insured_name": "New", "status": "compliant"})
    upsert(path, {"certificate_id": "cert_2", "insured_name": "Other", "status": None})
    assert rows(path) == [
        {
            "Notes": "called them",
            "insured_name": "New",
            "certificate_id": "cert_1",
            "status": "compliant",
        },
        {"Notes": "", "insured_name": "Other", "certificate_id": "cert_2", "status": ""},
    ]


def test_a_title_written_for_people_is_still_our_column(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Insured name,Certificate ID\nOld,cert_1\n")
    upsert(path, {"certificate_id": "cert_1", "insured_name": "New"})
    assert rows(path) == [{"Insured name": "New", "Certificate ID": "cert_1"}]


def test_a_name_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    upsert(path, {"certificate_id": "c", "insured_name": '=IMPORTXML("http://x")', "limit": -5})
    assert rows(path)[0]["insured_name"] == '\'=IMPORTXML("http://x")'
    assert rows(path)[0]["limit"] == "-5"


def test_sixteen_writers_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with ThreadPoolExecutor(16) as pool:
        for _ in range(2):
            list(pool.map(lambda n: upsert(path, {"certificate_id": f"c{n}", "n": n}), range(16)))
    assert sorted(row["certificate_id"] for row in rows(path)) == sorted(f"c{n}" for n in range(16))


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_an_offices_own_column_that_is_named_like_ours_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Limit,Notes\nup to 3 subs,keep\n")
    for insured in ("Acme", "Acme LLC"):
        upsert(path, {"certificate_id": "cert_1", "insured_name": insured, "limit": 1_000_000})
    assert lines(path) == [
        ["Limit", "Notes", "certificate_id", "insured_name", "limit (COI)"],
        ["up to 3 subs", "keep", "", "", ""],
        ["", "", "cert_1", "Acme LLC", "1000000"],
    ]


def test_a_key_that_is_new_to_the_log_leaves_the_offices_column_of_that_name_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.csv"
    upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
    path.write_text("certificate_id,insured_name,remarks\ncert_1,Acme,call Ann\n")
    upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme", "remarks": "ours"})
    assert lines(path) == [
        ["certificate_id", "insured_name", "remarks", "remarks (COI)"],
        ["cert_1", "Acme", "call Ann", "ours"],
    ]


def test_cells_without_a_title_and_titles_that_are_there_twice_stay(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Notes,certificate_id,Notes\na,cert_1,b,beside the table\n")
    upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
    assert lines(path) == [
        ["Notes", "certificate_id", "Notes", "", "insured_name"],
        ["a", "cert_1", "b", "beside the table", "Acme"],
    ]


def test_two_columns_that_may_be_ours_are_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    upsert(path, {"certificate_id": "cert_1", "limit": 5})
    text = "limit,certificate_id,limit\nmine,cert_1,5\n"
    path.write_text(text)
    with pytest.raises(DestinationRefused, match="2 columns called “limit”"):
        upsert(path, {"certificate_id": "cert_1", "limit": 6})
    assert path.read_text() == text


def test_a_log_that_lost_the_certificates_numbers_is_not_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
    for text in ("insured_name\nAcme\n", "Our log\ncertificate_id,insured_name\ncert_1,Acme\n"):
        path.write_text(text)
        with pytest.raises(DestinationRefused, match="no longer has its column “certificate_id”"):
            upsert(path, {"certificate_id": "cert_1", "insured_name": "Acme"})
        assert path.read_text() == text


def test_a_log_in_another_character_set_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("certificate_id,Größe\ncert_1,ä\n".encode("cp1252"))
    with pytest.raises(DestinationRefused, match="CSV UTF-8"):
        upsert(path, {"certificate_id": "cert_1"})


KEYS, KEY = ["certificate_id", "coverage_line", "limit"], ("certificate_id", "coverage_line")


def of_lines(**limits: int) -> Logged:
    rows = [{"certificate_id": "cert_1", "coverage_line": k, "limit": v} for k, v in limits.items()]
    return Logged("cert_1", rows, KEY)


def test_one_row_per_coverage_line_beside_an_offices_own_column(tmp_path: Path) -> None:
    path = tmp_path / "coverage-lines.csv"
    path.write_text("Limit\nours\n")
    assert log.upsert(path, KEYS, of_lines(auto=1, umbrella=2)).records_created == 2
    assert log.upsert(path, KEYS, of_lines(auto=1, umbrella=2)).records_unchanged == 2
    receipt = log.upsert(path, KEYS, of_lines(auto=3))
    assert (receipt.records_updated, receipt.records_created) == (2, 0)
    assert lines(path) == [
        ["Limit", "certificate_id", "coverage_line", "limit (COI)"],
        ["ours", "", "", ""],
        ["", "cert_1", "auto", "3"],
        ["", "cert_1", "umbrella", ""],
    ]


def test_a_certificate_without_a_line_says_why_it_has_no_row(tmp_path: Path) -> None:
    receipt = log.upsert(tmp_path / "log.csv", KEYS, of_lines())
    assert (receipt.status, "no coverage line" in str(receipt.next_step)) == (PushStatus.UNCHANGED, True)  # fmt: skip
