"""Every failure of the service is the error by which Make does the right thing with the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.catalog.failures import failures
from connector.catalog.make.error_table import NO_SENTENCE, TYPES
from tests.catalog.make.runner import Make, MakeError

Answering = Callable[..., Make]

SAID = {"error": {"code": "some_code", "message": "Do this.", "field": None, "halt": False}}
CHECK = {"certificate_id": "cert_1"}


def failure(make: Make) -> MakeError:
    with pytest.raises(MakeError) as caught:
        make.run("checkCertificate", CHECK)
    return caught.value


@pytest.mark.parametrize(("status", "kind"), TYPES.items())
def test_each_status_is_told_in_our_sentence(status: int, kind: str, answering: Answering) -> None:
    found = failure(answering(status, SAID))
    assert found.kind == kind
    assert found.message.startswith(f"[{status}] Do this.")


def test_every_failure_of_ours_has_its_type() -> None:
    assert {kind.status for kind in failures()} <= TYPES.keys()


@pytest.mark.parametrize("kind", failures(), ids=lambda kind: kind.__name__)
def test_only_a_wrong_key_switches_a_scenario_off(kind: Any) -> None:
    assert (TYPES[kind.status] == "InvalidAccessTokenError") == (kind.code == "not_authorized")


def test_what_may_go_well_later_is_tried_again() -> None:
    repeated = {"ConnectionError", "RateLimitError"}
    again = {kind.status for kind in failures() if kind.retryable and kind.status != 422}
    assert {TYPES[status] for status in again} <= repeated


def test_too_many_requests_say_how_long_to_wait(answering: Answering) -> None:
    assert failure(answering(429, SAID, {"Retry-After": "7"})).message.endswith(
        "again in 7 seconds."
    )
    assert failure(answering(429, SAID)).message.endswith("again in 60 seconds.")


def test_a_gateway_that_answers_a_page_is_a_sentence_too(answering: Answering) -> None:
    found = failure(answering(502, "<html>Bad Gateway</html>"))
    assert (found.kind, found.message) == ("ConnectionError", f"[502] {NO_SENTENCE}")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("destination_refused", "DataError"),
        ("not_a_certificate", "DataError"),
        ("destination_unavailable", "ConnectionError"),
        ("storage_full", "ConnectionError"),
    ],
)
def test_a_job_that_failed_is_an_error_although_the_answer_was_a_200(
    code: str, kind: str, answering: Answering
) -> None:
    job = {"job_status": "failed", "error_code": code, "error_message": "No vendor."}
    found = failure(answering(200, job))
    assert (found.kind, found.message) == (kind, "No vendor.")


def test_a_job_that_never_ends_is_tried_again_later(answering: Answering) -> None:
    job = {"job_id": "job_1", "job_status": "running", "error_message": None}
    make = answering(202, job)
    found = failure(make)
    assert found.kind == "ConnectionError"
    assert "safe to run it again" in found.message


def test_a_replayed_push_is_no_error(answering: Answering) -> None:
    answer = {"job_status": "done", "is_duplicate": True, "push_id": "push_1"}
    [bundle] = answering(200, answer).run("pushToProcore", CHECK).bundles
    assert bundle["is_duplicate"] is True
