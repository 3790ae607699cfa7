"""/health, /ready and /metrics: what an operator and a machine look at."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from connector.actions.services import Services
from connector.jobs.accept import accept
from connector.jobs.queues import PROCORE
from connector.logs import PlainLines
from connector.storage import jobs
from connector.web.app import create_app
from tests.web.conftest import Caller

TOKEN = "figures-please"


def asked(services: Services, path: str, **headers: str) -> Any:
    return create_app(services).test_client().get(path, headers=headers)


def waiting(services: Services, caller: Caller) -> str:
    with services.sessions() as session, session.begin():
        return accept(
            session, caller.account_id, None, "push_to_procore", {}, queue=PROCORE,
            now=services.clock(),
        ).job.id  # fmt: skip


def later(services: Services, **by: float) -> Services:
    moment = services.clock() + timedelta(**by)
    return replace(services, clock=lambda: moment)


def test_a_service_in_good_order_is_ready(services: Services) -> None:
    answer = asked(services, "/ready")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "problems": None, "notes": None}


def test_without_room_for_documents_it_is_not_ready_and_says_so(
    services: Services, tmp_path: Path
) -> None:
    (tmp_path / "data" / "documents").write_text("a file where the folder should be")
    answer = asked(services, "/ready")
    assert answer.status_code == 503
    assert "documents' folder" in answer.get_json()["problems"]
    healthy = asked(services, "/health")
    assert healthy.status_code == 200
    assert "documents' folder" in healthy.get_json()["notes"]


def test_a_database_of_another_version_is_not_ready_and_says_what_to_do(
    services: Services,
) -> None:
    with services.sessions() as session, session.begin():
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = asked(services, "/ready")
    assert answer.status_code == 503
    assert "connector db migrate" in answer.get_json()["problems"]


def test_a_database_that_is_gone_is_said_in_words(services: Services, tmp_path: Path) -> None:
    for path in (tmp_path / "data").glob("connector.db*"):
        path.unlink()
    services.sessions.kw["bind"].dispose()
    (tmp_path / "data" / "connector.db").mkdir()
    for path in ("/ready", "/health"):
        answer = asked(services, path)
        assert answer.status_code == 503
        assert "database does not answer" in answer.get_json()["problems"]
    answer = asked(services, "/v1/account", Authorization="Bearer coi_any")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    error = answer.get_json()["error"]
    assert error["code"] == "database_unavailable"
    assert "send the same again" in error["message"]


def test_work_that_nobody_does_is_noted_and_no_reason_to_refuse_more(
    services: Services, caller: Caller
) -> None:
    waiting(services, caller)
    assert asked(later(services, seconds=30), "/ready").get_json()["notes"] is None
    answer = asked(later(services, minutes=5), "/ready")
    assert answer.status_code == 200
    assert "Is the worker running?" in answer.get_json()["notes"]


def test_a_long_queue_that_moves_is_in_good_order(services: Services, caller: Caller) -> None:
    done, _ = waiting(services, caller), waiting(services, caller)
    soon = later(services, minutes=5)
    with services.sessions() as session, session.begin():
        jobs.finish(jobs.locked(session, done), {}, soon.clock())
    assert asked(soon, "/ready").get_json()["notes"] is None


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Bearer figures-pleas\u00e9"])
def test_figures_are_for_the_operator_alone(given: str, services: Services) -> None:
    closed = replace(services, settings=replace(services.settings, metrics_token=TOKEN))
    for found in (services, closed):
        headers = {"Authorization": given} if given else {}
        assert asked(found, "/metrics", **headers).status_code == 404


def test_figures_count_requests_and_jobs(services: Services, caller: Caller) -> None:
    open_ = replace(services, settings=replace(services.settings, metrics_token=TOKEN))
    waiting(services, caller)
    caller.get("/v1/account")
    answer = asked(later(open_, minutes=3), "/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert 'coi_jobs{queue="procore",status="waiting"} 1.0' in lines
    counted = 'coi_requests_total{method="GET",route="/v1/account",status="200"}'
    assert any(line.startswith(counted) for line in lines)
    overdue = next(line for line in lines if line.startswith("coi_jobs_overdue_seconds "))
    assert float(overdue.split()[1]) > 170


def test_a_request_is_one_line_without_its_key_or_question(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "connector"):
        caller.get("/v1/account?token=not-for-the-log")
        caller.client.get("/health")
    (line,) = [r for r in caplog.records if r.name == "connector.web.requests_log"]
    assert line.getMessage() == "GET /v1/account 200"
    assert vars(line)["account"] == caller.account_id
    assert caller.key not in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/first/SECRET-LINK"), ("PUT", "/login/link/SECRET-LINK"), ("GET", "/u/SECRET-LINK/x"),
     ("POST", "/v1/files/SECRET-LINK"), ("GET", "/nowhere/SECRET-LINK"), ("GET", "/x%0aSECRET-LINK forged"),
     ("GET", "/v1/vendors/SECRET-LINK/coverage")],
)  # fmt: skip
def test_a_link_is_in_no_line_of_the_log_however_it_is_asked_for(
    services: Services, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    caplog.set_level(logging.INFO)
    create_app(services).test_client().open(path, method=method)
    told = [PlainLines("web").format(record) for record in caplog.records]
    assert told, "the request is in the log"
    assert all("\n" not in line for line in told)
    if "forged" not in path:
        assert not any("SECRET-LINK" in line for line in told)
