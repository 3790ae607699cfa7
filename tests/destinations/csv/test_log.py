"""The local log: one row per certificate, other people's columns untouched, nothing that runs."""

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connector.delivery import PushStatus
from connector.destinations.csv.log import upsert


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
