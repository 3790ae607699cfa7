"""The log in Google Sheets: the real client against the simulator, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from connector.actions.log_rows import LINE_ROW_FIELDS, LINE_ROW_KEY
from connector.certificate.field import Field, Kind
from connector.delivery import PushStatus, Receipt
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.log import Logged, write
from connector.errors import (
    ConnectorError,
    DestinationRefused,
    DestinationUnavailable,
    NotConnected,
)
from tests.destinations.google_sheets.conftest import Connect
from tests.simulators.google_sheets.server import SheetsSimulator
from tests.simulators.google_sheets.world import Formula, Spreadsheet, Tab

FIELDS = (
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_1"),
    Field("insured_name", "Insured name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("each_occurrence", "Each occurrence", Kind.USD, 1_000_000),
    Field("expiration_date", "Expiration date", Kind.DATE, "2027-03-01"),
    Field("needs_review", "Needs review", Kind.FLAG, False),
)
ONE = {
    "certificate_id": "cert_1",
    "insured_name": "Northfield Roofing LLC",
    "each_occurrence": 1_000_000,
    "expiration_date": "2027-03-01",
    "needs_review": False,
}
MARCH_1_2027 = 46_447
"""Days since 30 December 1899, which is how a sheet counts them."""


def log(client: Sheets, *rows: dict[str, Any], expiring: Any = None) -> list[Receipt]:
    waiting = [Logged(str(row["certificate_id"]), (row,)) for row in rows]
    return write(client, waiting, FIELDS, ("certificate_id",), expiring)


def certificates(google: SheetsSimulator) -> Tab:
    return google.spreadsheet.tab("Certificates")


def test_the_tab_and_its_header_are_made_on_the_first_row(
    google: SheetsSimulator, connect: Connect
) -> None:
    (receipt,) = log(connect(), ONE)
    assert certificates(google).text() == [[f.key for f in FIELDS], list(ONE.values())]
    assert (receipt.status, receipt.records_created) == (PushStatus.PUSHED, 1)
    assert receipt.external_url is not None
    assert receipt.external_url.endswith(f"#gid={certificates(google).sheet_id}")


def test_the_same_row_again_changes_nothing_and_writes_nothing(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    writes = [call for call in google.world.api_calls if call[0] != "GET"]
    (again,) = log(connect(), ONE)
    assert (again.status, again.records_unchanged) == (PushStatus.UNCHANGED, 1)
    assert [call for call in google.world.api_calls if call[0] != "GET"] == writes


def test_a_changed_certificate_changes_its_own_row(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE, {**ONE, "certificate_id": "cert_2"})
    (receipt,) = log(connect(), {**ONE, "each_occurrence": None, "needs_review": True})
    assert receipt.records_updated == 1
    assert certificates(google).records() == [
        {
            "certificate_id": "cert_1",
            "insured_name": "Northfield Roofing LLC",
            "expiration_date": "2027-03-01",
            "needs_review": True,
        },
        {**ONE, "certificate_id": "cert_2"},
    ]


def test_columns_are_found_by_name_in_any_order_and_the_offices_own_are_left_alone(
    google: SheetsSimulator, connect: Connect
) -> None:
    tab = Tab(7, "Certificates", rows=10, columns=5)
    google.spreadsheet.tabs.append(tab)
    for column, title in enumerate(["Our notes", "Insured name", "", "CERTIFICATE ID", "Called"]):
        tab.put(0, column, title)
    for column, value in enumerate(["ask Dana", "Old name", "", "cert_1", Formula("=TODAY()")]):
        tab.put(1, column, value)
    log(connect(), ONE, {**ONE, "certificate_id": "cert_2"})
    header, first, second = google.spreadsheet.tab("Certificates").text()
    assert header[:5] == ["Our notes", "Insured name", None, "CERTIFICATE ID", "Called"]
    assert header[5:] == ["each_occurrence", "expiration_date", "needs_review"]
    assert first[:5] == ["ask Dana", "Northfield Roofing LLC", None, "cert_1", Formula("=TODAY()")]
    assert second[:5] == [None, "Northfield Roofing LLC", None, "cert_2", None]


def with_own_table(google: SheetsSimulator, titles: list[Any], row: list[Any]) -> Tab:
    """An office's own list in the tab, before anything is logged."""
    tab = Tab(7, "Certificates", rows=10, columns=8)
    for column, (title, value) in enumerate(zip(titles, row, strict=True)):
        tab.put(0, column, title)
        tab.put(1, column, value)
    google.spreadsheet.tabs.append(tab)
    return tab


def test_an_offices_own_column_that_is_named_like_ours_is_never_written(
    google: SheetsSimulator, connect: Connect
) -> None:
    own = ["Insured name", "each_occurrence", ""]
    with_own_table(google, own, ["kept by hand", "see file", "beside the table"])
    for amount in (5, 6):
        log(connect(), {**ONE, "each_occurrence": amount})
    header, first, second = certificates(google).text()
    assert header == [
        "Insured name", "each_occurrence", None, "certificate_id", "insured_name (COI)",
        "each_occurrence (COI)", "expiration_date", "needs_review",
    ]  # fmt: skip
    assert first == ["kept by hand", "see file", "beside the table", *[None] * 5]
    assert second == [None, None, None, "cert_1", "Northfield Roofing LLC", 6, "2027-03-01", False]


def test_an_offices_own_column_is_left_alone_with_one_row_per_line_too(
    google: SheetsSimulator, connect: Connect
) -> None:
    with_own_table(google, ["Description", "limit"], ["of ours", "none"])
    wanted = {key: fields_of_a_line(key) for key in ("certificate_id", "coverage_line", "limit")}
    fields = (*LINE_ROW_FIELDS[:1], *LINE_ROW_FIELDS[4:6], LINE_ROW_FIELDS[10])
    assert [field.key for field in fields] == ["certificate_id", "coverage_line", "description", "limit"]  # fmt: skip
    for limit in (5, 6):
        line = {**wanted, "description": "cyber", "limit": limit}
        write(connect(), [Logged("cert_1", (line,))], fields, LINE_ROW_KEY)
    header, first, second = certificates(google).text()
    assert header[:2] == ["Description", "limit"]
    assert header[2:] == ["certificate_id", "coverage_line", "description (COI)", "limit (COI)"]
    assert first[:2] == ["of ours", "none"]
    assert second == [None, None, "cert_1", "general_liability", "cyber", 6]


def fields_of_a_line(key: str) -> str:
    return {"certificate_id": "cert_1", "coverage_line": "general_liability"}.get(key, "")


def test_a_column_of_our_name_that_the_office_adds_later_stays_its_own(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    tab = certificates(google)
    tab.insert_column(0)
    tab.put(0, 0, "insured_name")
    tab.put(1, 0, "mine")
    log(connect(), {**ONE, "insured_name": "Northfield Inc"})
    header, row = certificates(google).text()
    assert header == ["insured_name", *(field.key for field in FIELDS)]
    assert row[:3] == ["mine", "cert_1", "Northfield Inc"]


def test_a_key_that_is_new_to_the_log_leaves_the_offices_column_of_that_name_alone(
    google: SheetsSimulator, connect: Connect
) -> None:
    write(connect(), [Logged("cert_1", (ONE,))], FIELDS[:2], ("certificate_id",))
    tab = certificates(google)
    tab.columns += 1
    tab.put(0, 2, "Each occurrence")
    tab.put(1, 2, "asked Dana")
    log(connect(), ONE)
    header, row = certificates(google).text()
    assert header[2:4] == ["Each occurrence", "each_occurrence (COI)"]
    assert row[2:4] == ["asked Dana", 1_000_000]


def test_a_column_that_was_cut_and_pasted_elsewhere_is_still_ours(
    google: SheetsSimulator, connect: Connect
) -> None:
    with_own_table(google, ["insured_name"], ["by hand"])
    log(connect(), ONE)
    tab = certificates(google)
    ours = [title for title in tab.text()[0] if title]
    assert ours[2] == "insured_name (COI)"
    for row in range(3):  # what is ours moves to the right; the note stays behind
        tab.put(row, 7, tab.text()[row][2])
        tab.put(row, 2, None)
    log(connect(), {**ONE, "insured_name": "Northfield Inc"})
    header, own, row = certificates(google).text()
    assert header.count("insured_name (COI)") == 1
    assert (own[0], row[7], len(header)) == ("by hand", "Northfield Inc", 8)


def test_a_column_that_the_office_renamed_is_its_own_from_then_on(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    certificates(google).put(0, 1, "Firm")
    log(connect(), {**ONE, "insured_name": "Northfield Inc"})
    header, row = certificates(google).text()
    assert (header[1], row[1]) == ("Firm", "Northfield Roofing LLC")
    assert (header[5], row[5]) == ("insured_name", "Northfield Inc")


def test_a_log_without_the_certificates_numbers_is_not_written_twice(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    certificates(google).put(0, 0, None)
    with pytest.raises(DestinationRefused, match="no longer has its column “certificate_id”"):
        log(connect(), ONE)


def test_a_log_whose_header_is_no_longer_the_first_row_is_not_written_twice(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    tab = certificates(google)
    tab.cells = {(row + 1, column): value for (row, column), value in tab.cells.items()}
    before = tab.text()
    with pytest.raises(DestinationRefused, match="in the first row"):
        log(connect(), ONE)
    assert certificates(google).text() == before


def test_a_log_from_before_columns_were_remembered_goes_on(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    certificates(google).notes.clear()
    assert log(connect(), {**ONE, "each_occurrence": 5})[0].records_updated == 1
    assert len(certificates(google).records()) == 1
    assert len(certificates(google).notes) == len(FIELDS)


def test_somebody_who_moves_a_column_in_that_second_is_noticed(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    google.world.before_writing = lambda other: other.tab("Certificates").insert_column(1)
    with pytest.raises(DestinationRefused, match="moved columns"):
        log(connect(), {**ONE, "insured_name": "New name"})


def test_a_name_that_looks_like_a_formula_stays_text(
    google: SheetsSimulator, connect: Connect
) -> None:
    nasty = ['=IMPORTXML("http://x","//a")', "+1", "-1", "@SUM(A1)", "'=1+1"]
    rows = [{**ONE, "certificate_id": f"c{i}", "insured_name": n} for i, n in enumerate(nasty)]
    log(connect(), *rows)
    log(connect(), {**rows[0], "insured_name": '=HYPERLINK("http://y")'})
    shown = [record["insured_name"] for record in certificates(google).records()]
    assert shown == ['=HYPERLINK("http://y")', *nasty[1:]]


def test_dates_are_text_or_real_dates_as_the_office_likes(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(real_dates=True), ONE)
    tab = certificates(google)
    assert tab.records()[0]["expiration_date"] == MARCH_1_2027
    assert tab.formats[1, 3] == "DATE"
    (again,) = log(connect(real_dates=True), ONE)
    assert again.status is PushStatus.UNCHANGED


def test_a_log_that_turns_to_real_dates_shows_them_as_dates(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    assert certificates(google).formats == {}
    log(connect(real_dates=True), ONE)
    assert certificates(google).records()[0]["expiration_date"] == MARCH_1_2027
    assert certificates(google).formats[1, 3] == "DATE"


def test_500_certificates_take_at_most_ten_calls(google: SheetsSimulator, connect: Connect) -> None:
    rows = [{**ONE, "certificate_id": f"cert_{number}"} for number in range(500)]
    client = connect()
    receipts = log(client, *rows)
    assert [r.records_created for r in receipts] == [1] * 500
    assert client.requests_sent == len(google.world.api_calls) <= 10
    changed = [{**row, "each_occurrence": 2_000_000} for row in rows]
    client = connect()
    assert {r.records_updated for r in log(client, *changed)} == {1}
    assert client.requests_sent <= 10
    assert [r["certificate_id"] for r in certificates(google).records()] == [
        r["certificate_id"] for r in rows
    ]


def test_rows_far_apart_are_still_read_in_one_call(
    google: SheetsSimulator, connect: Connect
) -> None:
    rows = [{**ONE, "certificate_id": f"cert_{number}"} for number in range(300)]
    log(connect(), *rows)
    client = connect()
    receipts = log(client, *rows[::3])
    assert {receipt.status for receipt in receipts} == {PushStatus.UNCHANGED}
    assert client.requests_sent == 4


def test_a_row_that_was_copied_is_brought_up_to_date_too(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE)
    tab = certificates(google)
    for column, value in enumerate(ONE.values()):
        tab.put(5, column, value)
    log(connect(), {**ONE, "each_occurrence": 5})
    shown = [row.get("each_occurrence") for row in certificates(google).records() if row]
    assert shown == [5, 5]


def test_an_answer_that_was_lost_doubles_nothing(google: SheetsSimulator, connect: Connect) -> None:
    google.order(":batchUpdate", 0, after=True)
    with pytest.raises(DestinationUnavailable):
        log(connect(), ONE)
    (receipt,) = log(connect(), ONE)
    assert receipt.status is PushStatus.UNCHANGED
    assert len(certificates(google).records()) == 1


def test_a_refused_write_leaves_the_sheet_as_it_was(
    google: SheetsSimulator, connect: Connect
) -> None:
    google.order(":batchUpdate", 400)
    with pytest.raises(DestinationRefused, match="did not accept the rows: Ordered"):
        log(connect(), ONE)
    assert [tab.title for tab in google.spreadsheet.tabs] == ["Sheet1"]


def test_somebody_who_sorts_in_that_second_is_noticed(
    google: SheetsSimulator, connect: Connect
) -> None:
    log(connect(), ONE, {**ONE, "certificate_id": "cert_2", "insured_name": "Other"})

    def sort(spreadsheet: Spreadsheet) -> None:
        tab = spreadsheet.tab("Certificates")
        first, second = tab.text()[1:]
        for column in range(len(first)):
            tab.put(1, column, second[column])
            tab.put(2, column, first[column])

    google.world.before_writing = sort
    with pytest.raises(DestinationRefused, match="certificates again: cert_1, cert_2"):
        log(connect(), {**ONE, "insured_name": "New name"})


def test_a_row_that_is_lost_by_sorting_is_named(google: SheetsSimulator, connect: Connect) -> None:
    log(connect(), ONE, {**ONE, "certificate_id": "cert_2"})

    def remove(spreadsheet: Spreadsheet) -> None:
        spreadsheet.tab("Certificates").put(2, 0, None)

    google.world.before_writing = remove
    with pytest.raises(DestinationRefused, match="log these certificates again: cert_2"):
        log(connect(), {**ONE, "insured_name": "New name"})


@pytest.mark.parametrize(
    ("status", "error", "sentence"),
    [
        (429, DestinationUnavailable, "enough requests for this minute"),
        (500, DestinationUnavailable, "having trouble"),
        (503, DestinationUnavailable, "having trouble"),
        (0, DestinationUnavailable, "did not answer"),
        (403, DestinationRefused, "Share it with connector@office-log"),
        (404, DestinationRefused, "no such spreadsheet"),
        (401, NotConnected, "connector sheets connect"),
    ],
)
def test_what_google_refuses_is_said_in_a_sentence(
    google: SheetsSimulator,
    connect: Connect,
    status: int,
    error: type[ConnectorError],
    sentence: str,
) -> None:
    google.order("/v4/", status, times=2, headers={"Retry-After": "7"} if status == 429 else {})
    with pytest.raises(error, match=sentence) as caught:
        log(connect(), ONE)
    assert len(caught.value.message) <= 250
    if status == 429:
        assert caught.value.retry_after == 7


def test_quota_without_a_time_waits_a_minute(google: SheetsSimulator, connect: Connect) -> None:
    google.order("/v4/", 429)
    with pytest.raises(DestinationUnavailable) as caught:
        log(connect(), ONE)
    assert caught.value.retry_after == 60


def test_a_page_instead_of_json_is_tried_again(google: SheetsSimulator, connect: Connect) -> None:
    google.order("/v4/", 200, body="<html>Sign in</html>")
    with pytest.raises(DestinationUnavailable, match="do not understand"):
        log(connect(), ONE)


def test_an_api_that_is_switched_off_is_told_from_a_sheet_that_is_not_shared(
    google: SheetsSimulator, connect: Connect
) -> None:
    google.world.api_is_enabled = False
    with pytest.raises(DestinationRefused, match="Google Sheets API, Enable"):
        log(connect(), ONE)


def test_a_token_that_ended_is_renewed_once(google: SheetsSimulator, connect: Connect) -> None:
    client = connect()
    log(client, ONE)
    google.world.accounts.clear()
    assert log(client, ONE)[0].status is PushStatus.UNCHANGED


def test_a_key_that_was_deleted_asks_for_a_new_one(
    google: SheetsSimulator, connect: Connect
) -> None:
    client = connect()
    google.world.public_keys.clear()
    with pytest.raises(NotConnected, match="Make a new key"):
        log(client, ONE)


def test_a_chart_is_no_place_for_a_log(google: SheetsSimulator, connect: Connect) -> None:
    google.spreadsheet.tabs.append(Tab(9, "Certificates", is_chart=True))
    with pytest.raises(DestinationRefused, match="is a chart"):
        log(connect(), ONE)


def test_one_row_per_coverage_line_and_a_line_that_is_gone_is_emptied(
    google: SheetsSimulator, connect: Connect
) -> None:
    fields = (FIELDS[0], Field("coverage_line", "Line", Kind.TEXT, "x"), *FIELDS[1:])
    key = ("certificate_id", "coverage_line")
    both = tuple({**ONE, "coverage_line": line} for line in ("auto", "umbrella"))
    write(connect(), [Logged("cert_1", both)], fields, key)
    (receipt,) = write(connect(), [Logged("cert_1", both[:1])], fields, key)
    (none,) = write(connect(), [Logged("cert_2", ())], fields, key)
    assert (none.status, "no coverage line" in str(none.next_step)) == (PushStatus.UNCHANGED, True)
    auto, umbrella = certificates(google).records()
    assert auto["insured_name"] == "Northfield Roofing LLC"
    assert umbrella == {"certificate_id": "cert_1", "coverage_line": "umbrella"}
    assert (receipt.records_updated, receipt.records_unchanged) == (1, 1)


def test_the_second_tab_is_exactly_what_expires(google: SheetsSimulator, connect: Connect) -> None:
    rows = [
        {"expiration_date": f"2027-01-{day:02}", "insured_name": f"Sub {day}"}
        for day in range(1, 31)
    ]
    log(connect(), ONE, expiring=rows)
    log(connect(), ONE, expiring=rows[:2])
    header, *shown = google.spreadsheet.tab("Expiring").text()
    assert header[0] == "Expires"
    assert [row[0] for row in shown] == ["2027-01-01", "2027-01-02"]


def test_an_offices_own_tab_expiring_stays_as_it_is(
    google: SheetsSimulator, connect: Connect
) -> None:
    own = Tab(9, "Expiring")
    own.put(0, 0, "Leases")
    google.spreadsheet.tabs.append(own)
    for name in ("Sub 1", "Sub 2"):
        log(connect(), ONE, expiring=[{"expiration_date": "2027-01-01", "insured_name": name}])
    assert google.spreadsheet.tab("Expiring").text() == [["Leases"]]
    assert google.spreadsheet.tab("Expiring (COI)").records() == [
        {"Expires": "2027-01-01", "Insured": "Sub 2"}
    ]


def test_what_the_office_writes_beside_the_second_tabs_columns_stays(
    google: SheetsSimulator, connect: Connect
) -> None:
    row = {"expiration_date": "2027-03-01", "insured_name": "Sub"}
    log(connect(real_dates=True), ONE, expiring=[row])
    tab = google.spreadsheet.tab("Expiring")
    tab.insert_column(0)
    tab.put(1, 0, "called")
    log(connect(real_dates=True), ONE, expiring=[row, row])
    tab = google.spreadsheet.tab("Expiring")
    assert [line[:3] for line in tab.text()] == [
        [None, "Expires", "Insured"],
        ["called", MARCH_1_2027, "Sub"],
        [None, MARCH_1_2027, "Sub"],
    ]
    assert tab.formats[1, 1] == "DATE"
