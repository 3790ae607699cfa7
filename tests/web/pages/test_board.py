"""The board, a vendor's page and the report say how things stand, on screen and as files."""

from __future__ import annotations

import csv
import html
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from connector.actions.services import Services
from connector.checking.packet import Waiver
from connector.storage import certificates, waivers
from connector.storage.board import Need
from connector.web.pages.words import NEED_WORDS
from tests.web.pages.conftest import Browser, put_certificate

Pair = tuple[Path, Path]
PROJECT = "Harbor Tower & Sons"


@pytest.fixture
def vendor_id(services: Services, office: str, certificates: Pair) -> str:
    """A vendor whose certificate is deficient; another one's is in order."""
    put_certificate(services, office, certificates[0].read_bytes())
    row = put_certificate(services, office, certificates[1].read_bytes(), project_name=PROJECT)
    return vendor_of(services, office, row)


def vendor_of(services: Services, account_id: str, certificate_id: str) -> str:
    with services.readers() as session:
        return str(certificates.get(session, account_id, certificate_id).vendor_id)


def seen(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, page.text
    return html.unescape(page.text)


def test_an_empty_board_teaches_what_comes_there(viewer: Browser) -> None:
    page = seen(viewer, "/")
    assert "No vendor is on file yet" in page
    assert "/try" in page


def test_the_board_puts_who_needs_a_person_first_and_says_what_is_missing(
    viewer: Browser, vendor_id: str
) -> None:
    page = seen(viewer, "/")
    first, second = page.index("Copper Ridge Electric Inc"), page.index("Northfield")
    assert first < second
    assert f'href="/vendors/{vendor_id}"' in page
    assert "required $1,000,000; found $500,000" in page
    assert "more of Copper Ridge" in page.replace('<span class="unseen">', "").replace(
        "</span>", ""
    )
    assert "$1,000,000" in page
    assert "At 20 minutes each that is 40 minutes." in page


def test_what_fails_and_is_in_doubt_too_is_said_once(
    services: Services, office: str, viewer: Browser, certificates: tuple[Path, Path]
) -> None:
    data = certificates[0].read_bytes()
    put_certificate(services, office, data, vendor_name="Lakeside Concrete LLC")
    page = viewer.get("/").text
    assert page.count("required Lakeside Concrete LLC; found Northfield Roofing LLC") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("name=copper", True), ("name=100%25", False), ("need=fine", False), ("sort=name", True),
     (f"project={PROJECT.replace('&', '%26')}", True), ("project=Elsewhere", False),
     ("week=2020-01-01", False)],
)  # fmt: skip
def test_filters_narrow_the_board(viewer: Browser, vendor_id: str, query: str, found: bool) -> None:
    page = seen(viewer, f"/?{query}")
    assert ("Copper Ridge Electric Inc" in page) is found


def test_filters_that_leave_nobody_say_so(viewer: Browser, vendor_id: str) -> None:
    assert "No vendor fits" in seen(viewer, "/?name=nobody")


@pytest.mark.parametrize(
    "query", ["need=nonsense", "sort=x", "week=tomorrow", "week=9999-12-31", "page=-4", "page=x"]
)
def test_an_address_that_makes_no_sense_shows_the_board_as_it_is(
    viewer: Browser, vendor_id: str, query: str
) -> None:
    assert viewer.get(f"/?{query}").status_code == 200


def test_the_board_is_a_csv_and_a_workbook_too_with_the_filters_kept(
    viewer: Browser, vendor_id: str
) -> None:
    answer = viewer.get("/board.csv?name=copper")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["vendor_name"] == "Copper Ridge Electric Inc"
    assert row["general_liability_limit"] == "500000"
    assert "found $500,000" in row["missing"]
    assert "attachment" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(viewer.get("/board.xlsx").data))
    rows = list(book.active.values)
    assert rows[0][0] == "Vendor"
    assert len(rows) == 3
    ends = rows[0].index("General liability: expires")
    assert isinstance(rows[1][ends], datetime)


def test_a_name_that_is_a_formula_stays_text_in_every_file(
    services: Services, office: str, viewer: Browser, certificates: Pair
) -> None:
    name = '=HYPERLINK("http://evil.example")'
    put_certificate(services, office, certificates[0].read_bytes(), vendor_name=name)
    rows = csv.reader(io.StringIO(viewer.get("/board.csv").data.decode("utf-8-sig")))
    assert list(rows)[1][0].startswith("'=")
    for path in ("/board.xlsx", "/report.xlsx"):
        book = load_workbook(io.BytesIO(viewer.get(path).data))
        assert book.active["A2"].data_type == "s"
    assert "<script" not in viewer.get("/").text.replace("<script src", "")


def test_a_vendors_page_shows_every_project_the_years_and_what_is_on_file(
    viewer: Browser, vendor_id: str
) -> None:
    page = seen(viewer, f"/vendors/{vendor_id}")
    assert "Over all projects" in page
    assert PROJECT in page
    assert 'class="policy"' in page
    assert "nothing on file is in force since" in page, "the auto policy has expired"
    assert "not-compliant.pdf" not in page, "it came under the name of the test's upload"
    assert "certificate.pdf" in page


def test_what_is_waived_stands_on_the_vendors_page_and_in_the_report(
    services: Services, office: str, viewer: Browser, vendor_id: str
) -> None:
    now = services.clock()
    with services.sessions() as session, session.begin():
        until = now.date() + timedelta(days=90)
        waivers.give(session, office, vendor_id, Waiver("gl-each-occurrence", "Small job", "Dana", until), now)  # fmt: skip
        ended = now.date() - timedelta(days=90)
        waivers.give(session, office, vendor_id, Waiver("auto-in-force", "Old story", "Dana", ended), now)  # fmt: skip
    page = seen(viewer, f"/vendors/{vendor_id}")
    assert "Small job" in page
    assert "ran out on" in page
    report = seen(viewer, "/report")
    assert "waived by Dana" in report
    assert "Old story" not in report


def test_the_report_says_who_is_covered_to_what_until_when_and_by_which_certificate(
    viewer: Browser, vendor_id: str
) -> None:
    page = seen(viewer, "/report")
    assert "1 of 2 vendors are in order" in page
    assert "GL-5520037" in page
    rows = list(csv.DictReader(io.StringIO(viewer.get("/report.csv").data.decode("utf-8-sig"))))
    line = next(row for row in rows if row["policy_number"] == "GL-5520037")
    assert (line["vendor_name"], line["limit"]) == ("Copper Ridge Electric Inc", "500000")
    assert line["certificate_id"].startswith("cert_")
    assert date.fromisoformat(line["expiration_date"])
    only = list(csv.DictReader(io.StringIO(
        viewer.get("/report.csv?project=Harbor+Tower+%26+Sons").data.decode("utf-8-sig"))))  # fmt: skip
    assert {row["vendor_name"] for row in only} == {"Copper Ridge Electric Inc"}


def test_the_report_is_a_pdf_to_hand_over(viewer: Browser, vendor_id: str) -> None:
    answer = viewer.get("/report.pdf")
    assert answer.mimetype == "application/pdf"
    document = PdfDocument(answer.data)
    text = document[0].get_textpage().get_text_range()
    for said in ("Summit Builders", "Copper Ridge Electric Inc", "GL-5520037", "$500,000",
                 "1 of 2 vendors are in order", "does not amend"):  # fmt: skip
        assert said in text
    document.close()


def test_a_report_on_nobody_is_a_sentence_and_a_file_without_rows(viewer: Browser) -> None:
    assert "Nothing to report yet" in seen(viewer, "/report?project=Nowhere")
    assert viewer.get("/report.pdf").data.startswith(b"%PDF")
    assert viewer.get("/report.csv").data.decode("utf-8-sig").count("\r\n") == 1


def test_every_need_has_words() -> None:
    assert set(NEED_WORDS) == set(Need)
