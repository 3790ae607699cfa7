"""process_certificate by the worker, on an account as it is at first: nothing connected."""

from __future__ import annotations

from pathlib import Path

from connector.actions.services import Services
from tests.actions.office import work_off_all
from tests.web.conftest import Caller


def test_with_nothing_connected_the_row_is_written_into_the_local_log(
    services: Services, caller: Caller, certificates: tuple[Path, Path]
) -> None:
    sent = caller.send("process_certificate", certificates[0])
    (job,) = work_off_all(services)
    assert job.status == "done", job.error
    flat = caller.get(f"/v1/jobs/{sent.json['job_id']}").json
    assert (flat["check_status"], flat["google_sheets_status"]) == ("compliant", "pushed")
    assert flat["google_sheets_destination"] == "csv"
