"""A document that ends its reader every time: the job is parked with a sentence, not begun again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from connector.actions.services import Services
from connector.documents.document import Document
from connector.extraction.reader import Found
from connector.extraction.whole import Opened
from connector.settings import load as load_settings
from connector.wiring.reader import ChildReader
from tests.actions.office import work_off
from tests.documents import inmates
from tests.web.conftest import Caller, new_caller

Pair = tuple[Path, Path]


class DeadlyReader(ChildReader):
    """Every page has to be read as a picture, and the real child that does it really crashes."""

    def open(self, data: bytes, name: str) -> Opened:
        return replace(super().open(data, name), found=None)

    def read(self, document: Document) -> Found:
        self._quarantine.run(inmates.crash)
        raise AssertionError("it survived")


def test_it_is_parked_after_one_attempt_and_others_are_read_as_before(
    services: Services, caller: Caller, certificates: Pair
) -> None:
    with closing(DeadlyReader(load_settings({}))) as reader:
        deadly = replace(services, reader=reader)
        sender = new_caller(deadly, "Deadly")
        accepted = sender.send("parse_certificate", certificates[0])
        assert (accepted.status_code, accepted.get_json()["job_status"]) == (202, "waiting")
        job_id = accepted.get_json()["job_id"]
        for _ in range(2):
            job = work_off(deadly, job_id)
            assert (job.status, job.attempts, job.crashes) == ("failed", 1, 0)
        answer = sender.get(f"/v1/jobs/{job_id}").get_json()
        assert answer["error_code"] == "unreadable_file"
        assert answer["error_message"]
        assert sender.get("/v1/certificates").get_json()["items"] == []
    assert caller.send("parse_certificate", certificates[0]).status_code == 200
