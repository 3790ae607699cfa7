"""A certificate on its whole way, on the running service: once, twice, sixteen times, and killed."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector.actions.registry import ACTIONS
from tests.service.conftest import VENDORS
from tests.service.counting import LINES, OTHER_LINES, jobs_of, log_rows, require_exactly_once
from tests.service.running import Service, until
from tests.simulators.procore.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Pair = tuple[Path, Path]


def test_process_answers_all_four_steps_as_one_flat_object(
    service: Service, world: World, certificates: Pair
) -> None:
    flat = service.finished(service.send("process_certificate", certificates[0]))
    assert list(flat) == [f.key for f in ACTIONS["process_certificate"].output_fields]
    assert flat["check_status"] == "compliant"
    assert (flat["procore_status"], flat["procore_records_created"]) == ("pushed", LINES)
    assert flat["google_sheets_status"] == "pushed"
    assert {r["status"] for r in world.insurances.values()} == {"compliant"}
    assert {r["enable_expired_insurance_notifications"] for r in world.insurances.values()} == {
        False
    }
    assert [row["certificate_id"] for row in log_rows(service)] == [flat["certificate_id"]]


def test_sent_twice_nothing_changes_the_second_time(
    service: Service, world: World, certificates: Pair
) -> None:
    first = service.finished(service.send("process_certificate", certificates[0]))
    before = {key: dict(record) for key, record in world.insurances.items()}
    again = service.finished(service.send("process_certificate", certificates[0]))
    assert (first["is_duplicate"], again["is_duplicate"]) == (False, True)
    assert (again["procore_status"], again["procore_records_unchanged"]) == ("unchanged", LINES)
    assert again["google_sheets_status"] == "unchanged"
    assert again["check_check_id"] == first["check_check_id"]
    assert world.insurances == before
    assert len(log_rows(service)) == 1


def test_sixteen_at_once_make_one_certificate_and_one_record_a_line(
    service: Service, world: World, certificates: Pair
) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda _: service.send("process_certificate", certificates[0]), range(16))
        )
    flats = [service.finished(answer) for answer in answers]
    assert len({flat["certificate_id"] for flat in flats}) == 1
    require_exactly_once(service, world, certificates=1, records=LINES)


def test_sixteen_at_once_with_one_key_make_one_job(
    service: Service, world: World, certificates: Pair
) -> None:
    def send(_: int) -> object:
        return service.send("process_certificate", certificates[0], {"Idempotency-Key": "order-7"})

    with ThreadPoolExecutor(16) as pool:
        flats = [service.finished(answer) for answer in pool.map(send, range(16))]
    assert len({flat["job_id"] for flat in flats}) == 1
    assert len(jobs_of(service, "process_certificate")) == 1
    require_exactly_once(service, world, certificates=1, records=LINES)


def test_an_idempotency_key_answers_the_first_answer_and_refuses_other_input(
    service: Service, certificates: Pair
) -> None:
    key = {"Idempotency-Key": "monday-1"}
    first = service.finished(service.send("process_certificate", certificates[0], key))
    again = service.send("process_certificate", certificates[0], key)
    other = service.send("process_certificate", certificates[1], key)
    assert again.json()["job_id"] == first["job_id"]
    assert again.json()["is_duplicate"] is True
    assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")


def test_step_by_step_as_a_zap_would(service: Service, world: World, certificates: Pair) -> None:
    parsed = service.finished(service.send("parse_certificate", certificates[1]))
    about = {"certificate_id": parsed["certificate_id"]}
    check = service.finished(service.ask("check_certificate", **about))
    about["check_id"] = check["check_id"]
    pushed = service.finished(service.ask("push_to_procore", **about))
    logged = service.finished(service.ask("log_to_sheet", **about))
    assert check["status"] == "non_compliant"
    assert (pushed["status"], pushed["records_created"]) == ("pushed", 3)
    assert logged["status"] == "pushed"
    limits = {r["insurance_type"]: r["limit"] for r in world.insurances.values()}
    assert float(limits["General Liability"]) == 500_000
    assert "non_compliant" in {r["status"] for r in world.insurances.values()}


def test_a_push_without_a_check_says_what_to_do(service: Service, certificates: Pair) -> None:
    parsed = service.finished(service.send("parse_certificate", certificates[0]))
    answer = service.ask("push_to_procore", certificate_id=parsed["certificate_id"]).json()
    assert (answer["job_status"], answer["error_code"]) == ("failed", "invalid_input")
    assert "Check Certificate" in answer["error_message"]


def test_a_certificate_in_doubt_waits_and_goes_out_after_its_correction(
    service: Service, world: World, certificates: Pair
) -> None:
    parsed = service.finished(service.send("parse_certificate", certificates[0]))
    about = {"certificate_id": parsed["certificate_id"]}
    asked = {**about, "vendor_name": "Somebody Else LLC"}
    check = service.finished(service.ask("check_certificate", **asked))
    waiting = service.finished(service.ask("push_to_procore", **about, check_id=check["check_id"]))
    assert (check["status"], waiting["status"]) == ("needs_review", "queued")
    assert world.insurances == {}
    asked = {**about, "vendor_name": VENDORS[0]}
    assert service.finished(service.ask("check_certificate", **asked))["status"] == "compliant"
    assert sent_by_itself(service, waiting["push_id"])["status"] == "pushed"
    assert {r["status"] for r in world.insurances.values()} == {"compliant"}
    assert len(world.insurances) == LINES


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_a_killed_process_is_replaced_and_nothing_is_lost_or_doubled(
    victim: str, service: Service, world: World, certificates: Pair
) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(service.send, "process_certificate", path) for path in certificates]
        until(lambda: world.asked or any(answer.done() for answer in sent))
        os.kill(service.child(victim), signal.SIGKILL)
        for answer in sent:
            answer.exception()
    flats = [service.finished(service.resend("process_certificate", path)) for path in certificates]
    assert [flat["procore_status"] in ("pushed", "unchanged") for flat in flats] == [True, True]
    require_exactly_once(service, world, certificates=2, records=LINES + OTHER_LINES)


def test_a_graceful_stop_ends_every_process(service: Service, certificates: Pair) -> None:
    service.finished(service.send("parse_certificate", certificates[0]))
    children = [service.child(name) for name in ("web", "worker")]
    assert service.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def sent_by_itself(service: Service, push_id: str) -> dict[str, object]:
    """The push once it no longer waits, without anybody asking for it again."""

    def sent() -> dict[str, object] | None:
        (push,) = (row for row in service.items("/v1/pushes") if row["push_id"] == push_id)
        return push if push["status"] != "queued" else None

    push: dict[str, object] = until(sent)
    return push
