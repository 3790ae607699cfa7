"""Logging to Google Sheets by jobs: batches, two writers at once, quotas."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from connector.actions.services import Services
from connector.storage import jobs, pushes
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
