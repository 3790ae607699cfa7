"""Logging to Google Sheets by jobs: batches, two writers at once, quotas."""

from __future__ import annotations

import csv
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import openpyxl
import pytest

from connector.actions.log_to_sheet import log_path
from connector.actions.services import Services
from connector.storage import accounts, jobs, pushes
from tests.actions.office import ask, connect_sheet, on_file, work_off
from tests.simulators.google_sheets.server import SheetsSimulator
from tests.web.conftest import Caller


def logged(google: SheetsSimulator) -> list[str]:
    return [row["certificate_id"] for row in google.spreadsheet.tab("Certificates").records()]


def test_the_first_job_writes_the_rows_of_all_that_wait(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    ids = [on_file(services, caller.account_id, number) for number in range(12)]
    asked = [ask(services, caller.account_id, "log_to_sheet", certificate_id=i) for i in ids]
    done = [work_off(services, job_id) for job_id in asked]
    assert [job.answer["status"] for job in done if job.answer] == ["pushed"] * 12
    assert [job.answer["certificate_id"] for job in done if job.answer] == ids
    assert sorted(logged(google)) == sorted(ids)
    assert len(google.world.api_calls) <= 5


def test_logged_again_later_the_sheet_is_looked_at_again(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    certificate_id = on_file(services, caller.account_id, 1)
    given = {"certificate_id": certificate_id}
    work_off(services, ask(services, caller.account_id, "log_to_sheet", **given))
    google.spreadsheet.tab("Certificates").cells.clear()
    again = work_off(services, ask(services, caller.account_id, "log_to_sheet", **given))
    assert again.answer is not None
    assert (again.answer["status"], again.answer["records_created"]) == ("pushed", 1)
    assert again.answer["is_duplicate"] is True
    assert logged(google) == [certificate_id]


def test_two_writers_at_once_make_no_double_rows(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    ids = [on_file(services, caller.account_id, number) for number in range(6)]
    asked = [ask(services, caller.account_id, "log_to_sheet", certificate_id=i) for i in ids]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda job_id: work_off(services, job_id), asked))
    assert {job.status for job in done} == {"done"}
    assert sorted(logged(google)) == sorted(ids)


def test_while_google_wants_quiet_nobody_asks_and_nothing_is_lost(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    ids = [on_file(services, caller.account_id, number) for number in range(3)]
    asked = [ask(services, caller.account_id, "log_to_sheet", certificate_id=i) for i in ids]
    google.order("/v4/", 429)
    held = [work_off(services, job_id) for job_id in asked]
    assert [job.status for job in held] == ["waiting"] * 3
    assert len(google.world.api_calls) == 1
    with services.sessions() as session, session.begin():
        last = pushes.search(session, caller.account_id, destination="google_sheets")[0]
        last.updated_at = last.created_at.replace(year=2020)
    assert work_off(services, asked[2]).status == "done"
    assert sorted(logged(google)) == sorted(ids)


def test_a_failure_is_said_with_the_push(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    google.spreadsheet.shared_with.clear()
    certificate_id = on_file(services, caller.account_id, 1)
    job = work_off(
        services, ask(services, caller.account_id, "log_to_sheet", certificate_id=certificate_id)
    )
    assert job.status == "failed"
    assert job.error is not None
    assert "Share it with" in job.error["message"]
    rows = caller.get("/v1/pushes").get_json()["items"]
    assert [(row["destination"], row["status"]) for row in rows] == [("google_sheets", "failed")]


def test_a_doubtful_value_stays_an_empty_cell(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google, row_per_line=True, keep_expiring=True)
    certificate_id = on_file(services, caller.account_id, 1, doubtful=True)
    work_off(
        services, ask(services, caller.account_id, "log_to_sheet", certificate_id=certificate_id)
    )
    (row,) = google.spreadsheet.tab("Certificates").records()
    assert (row["coverage_line"], row["policy_number"]) == ("general_liability", "GL-100")
    assert (row.get("limit"), row["aggregate"]) == (None, 2_000_000)
    assert [tab.title for tab in google.spreadsheet.tabs][-1] == "Expiring"


def test_without_a_spreadsheet_the_job_waits_behind_the_local_file(
    services: Services, caller: Caller
) -> None:
    certificate_id = on_file(services, caller.account_id, 1)
    job_id = ask(services, caller.account_id, "log_to_sheet", certificate_id=certificate_id)
    assert work_off(services, job_id).answer is not None
    with services.sessions() as session:
        assert jobs.locked(session, job_id).queue == "csv"


def test_a_tab_is_refused_where_the_log_is_a_file(services: Services, caller: Caller) -> None:
    certificate_id = on_file(services, caller.account_id, 1)
    job = work_off(
        services,
        ask(
            services,
            caller.account_id,
            "log_to_sheet",
            certificate_id=certificate_id,
            worksheet="Roofers",
        ),
    )
    assert job.error is not None
    assert job.error["message"].startswith("Tab: no Google spreadsheet is connected")
    assert not log_path(services.settings, caller.account_id).exists()


def test_a_request_may_name_another_tab_and_the_batches_stay_apart(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    ids = [on_file(services, caller.account_id, number) for number in range(3)]
    asked = [
        ask(
            services, caller.account_id, "log_to_sheet", certificate_id=ids[0], worksheet="Roofers"
        ),
        ask(services, caller.account_id, "log_to_sheet", certificate_id=ids[1]),
        ask(
            services, caller.account_id, "log_to_sheet", certificate_id=ids[2], worksheet="Roofers"
        ),
    ]
    assert {work_off(services, job_id).status for job_id in asked} == {"done"}
    roofers = google.spreadsheet.tab("Roofers").records()
    assert [row["certificate_id"] for row in roofers] == [ids[0], ids[2]]
    assert logged(google) == [ids[1]]


def test_the_tabs_to_choose_from(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    refused = caller.get("/v1/worksheets")
    assert "No Google spreadsheet is connected" in refused.get_json()["error"]["message"]
    connect_sheet(services, caller.account_id, google)
    rows = caller.get("/v1/worksheets").get_json()["items"]
    assert rows == [{"worksheet": "Sheet1"}]
    assert caller.get("/v1/worksheets?name=nope").get_json()["items"] == []


def test_without_google_the_log_may_be_a_workbook(services: Services, caller: Caller) -> None:
    with services.sessions() as session, session.begin():
        accounts.get(session, caller.account_id).settings = {"log_format": "xlsx"}
    certificate_id = on_file(services, caller.account_id, 1)
    job = work_off(
        services, ask(services, caller.account_id, "log_to_sheet", certificate_id=certificate_id)
    )
    assert job.answer is not None
    assert (job.answer["destination"], job.answer["status"]) == ("csv", "pushed")
    path = log_path(services.settings, caller.account_id, is_workbook=True)
    header, row = openpyxl.load_workbook(path)["Certificates"].values
    found = dict(zip(header, row, strict=True))
    assert found["general_liability_expiration_date"] == datetime(2099, 3, 1)  # noqa: DTZ001


def test_without_google_the_log_may_have_a_row_for_each_coverage_line(
    services: Services, caller: Caller
) -> None:
    certificate_id = on_file(services, caller.account_id, 1)
    for log_format in ("csv", "xlsx"):
        with services.sessions() as session, session.begin():
            said = {"log_format": log_format, "log_rows": "line"}
            accounts.get(session, caller.account_id).settings = said
        for status in ("pushed", "unchanged"):
            job_id = ask(services, caller.account_id, "log_to_sheet", certificate_id=certificate_id)
            assert (work_off(services, job_id).answer or {})["status"] == status
    folder = log_path(services.settings, caller.account_id).parent
    with (folder / "coverage-lines.csv").open(encoding="utf-8-sig", newline="") as file:
        (in_text,) = csv.DictReader(file)
    header, row = openpyxl.load_workbook(folder / "coverage-lines.xlsx")["Certificates"].values
    found = dict(zip(header, row, strict=True))
    assert (found["coverage_line"], found["limit"]) == ("general_liability", 1_000_000)
    assert found["expiration_date"] == datetime(2099, 3, 1)  # noqa: DTZ001
    assert (in_text["limit"], in_text["expiration_date"]) == ("1000000", "2099-03-01")


WRITER = """
import sys
from connector.settings import ensure_secret, load
from connector.wiring import services
from tests.actions.office import work_off
made = services(ensure_secret(load({"CONNECTOR_DATA_DIR": sys.argv[1]})))
for job_id in sys.argv[2:]:
    print(work_off(made, job_id).status)
"""


@pytest.mark.slow
def test_two_processes_at_once_make_no_double_rows(
    services: Services, caller: Caller, google: SheetsSimulator
) -> None:
    connect_sheet(services, caller.account_id, google)
    ids = [on_file(services, caller.account_id, number) for number in range(8)]
    asked = [ask(services, caller.account_id, "log_to_sheet", certificate_id=i) for i in ids * 2]
    command = [sys.executable, "-c", WRITER, str(services.settings.data_dir)]
    writers = [
        subprocess.Popen([*command, *part], stdout=subprocess.PIPE, text=True)
        for part in (asked[::2], asked[1::2])
    ]
    said = [writer.communicate(timeout=240)[0].split() for writer in writers]
    assert {status for statuses in said for status in statuses} == {"done"}
    assert sorted(logged(google)) == sorted(ids)
