"""What goes wrong between us and Procore: nothing is lost, nothing doubled, and the words help."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from connector.delivery import Connection, PushStatus, Receipt
from connector.destinations.procore.client import Procore
from connector.destinations.procore.refusals import AlreadyThere, AnswerLost
from connector.errors import (
    DestinationRefused,
    DestinationUnavailable,
    InvalidInput,
    NotConnected,
)
from connector.outbound import Outbound
from tests.destinations.procore.certificates import certificate, only
from tests.destinations.procore.conftest import Tokens
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import COMPANY, TOKEN

Push = Callable[..., Receipt]
Connect = Callable[..., Connection]
WRITE = "POST|PATCH"
RENEWED = {
    "auto_liability__effective_date": date(2027, 3, 1),
    "auto_liability__expiration_date": date(2028, 3, 1),
}

WAYS = pytest.mark.parametrize(
    "way",
    [{}, {"use_sync": False}, {"use_origin_id": True}],
    ids=["sync", "one by one", "origin id"],
)


@pytest.fixture
def http_for(door: Outbound, impatient_door: Outbound) -> Callable[[Fault], Outbound]:
    """Silence is waited for half a second, everything else as long as a busy machine needs."""
    return lambda fault: impatient_door if fault.value.startswith("hang") else door


@pytest.mark.parametrize("shape", ["string", "list", "map", "legacy", "v2"])
def test_every_shape_of_error_body_reaches_the_person(
    procore: ProcoreSimulator, push: Push, shape: str
) -> None:
    procore.world.switches.error_shape = shape
    procore.world.switches.validation_status = 422
    procore.world.switches.required_fields = ("division_template",)

    with pytest.raises(DestinationRefused, match=r"division_template.*blank") as refused:
        push(use_sync=False)

    assert not refused.value.retryable
    assert procore.world.insurances == {}


@pytest.mark.parametrize("body", [None, "<html>oops</html>", "{", '{"errors": {}}', "[]", "7"])
def test_an_error_without_readable_words_is_still_a_sentence(
    procore: ProcoreSimulator, push: Push, body: Any
) -> None:
    procore.order(Fault.STATUS, method=WRITE, status=422, body=body)

    with pytest.raises(DestinationRefused, match="Procore did not accept what was sent"):
        push()


@pytest.mark.parametrize("shape", ["legacy", "list", "string", "empty"])
def test_a_401_renews_the_token_once_and_goes_on(
    procore: ProcoreSimulator, push: Push, connect: Connect, shape: str
) -> None:
    procore.world.switches.unauthorized_shape = shape
    tokens = Tokens(current="worn out", fresh=TOKEN)

    receipt = push(connection=connect(tokens))

    assert receipt.records_created == 4
    assert tokens.renewals == 1


def test_a_write_that_meets_a_401_is_done_once(procore: ProcoreSimulator, push: Push) -> None:
    procore.order(Fault.STATUS, method="PATCH", status=401, body={"message": "expired"})

    assert push().records_created == 4
    assert len(procore.world.insurances) == 4


def test_a_login_that_stays_refused_asks_to_reconnect(push: Push, connect: Connect) -> None:
    with pytest.raises(NotConnected, match="Connect Procore again"):
        push(connection=connect(Tokens(current="worn out", fresh="dead")))


def test_a_company_without_the_app_says_what_to_click(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.world.switches.app_connected = False

    with pytest.raises(NotConnected, match="App Management"):
        push()


@pytest.mark.parametrize("switch", ["directory_permission", "insurance_manager_needed"])
def test_a_missing_permission_names_the_directory(
    procore: ProcoreSimulator, push: Push, switch: str
) -> None:
    setattr(procore.world.switches, switch, switch == "insurance_manager_needed")

    with pytest.raises(DestinationRefused, match="Admin on the Directory"):
        push(use_sync=False)

    assert procore.world.insurances == {}


def test_a_project_that_may_not_be_seen_is_named_as_such(push: Push) -> None:
    with pytest.raises(DestinationRefused, match="may not see it"):
        push(known_vendor_id="99")


def test_a_missing_company_header_is_a_wrong_setting(procore: ProcoreSimulator, push: Push) -> None:
    procore.order(
        Fault.STATUS, status=400, body={"errors": "Missing Procore-Company-Id header! Send it."}
    )

    with pytest.raises(InvalidInput) as wrong:
        push()

    assert wrong.value.field == "company_id"


def test_every_request_names_the_company(procore: ProcoreSimulator, push: Push) -> None:
    push()

    assert {asked.headers["Procore-Company-Id"] for asked in procore.asked()} == {str(COMPANY)}


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("says_when", [True, False])
def test_a_429_is_tried_later_and_changes_nothing(
    procore: ProcoreSimulator, push: Push, is_json: bool, says_when: bool
) -> None:
    switches = procore.world.switches
    switches.limit_message_is_json, switches.retry_after_on_429 = is_json, says_when
    switches.spike_limit, switches.spike_window = 2, 60.0

    with pytest.raises(DestinationUnavailable) as limited:
        push()

    assert limited.value.retryable
    assert limited.value.retry_after is not None
    assert 0 < limited.value.retry_after <= 62
    assert procore.world.insurances == {}


def test_a_503_is_tried_after_the_time_it_names(procore: ProcoreSimulator, push: Push) -> None:
    procore.order(Fault.STATUS, status=503, headers={"Retry-After": "120"})

    with pytest.raises(DestinationUnavailable) as down:
        push()

    assert down.value.retry_after == 120


@WAYS
@pytest.mark.parametrize(
    "fault", [Fault.DROP_AFTER, Fault.HANG_AFTER, Fault.HALF_ANSWER, Fault.STATUS_AFTER]
)
def test_a_write_that_was_done_but_not_answered_is_found_again(
    procore: ProcoreSimulator,
    push: Push,
    http_for: Callable[[Fault], Outbound],
    fault: Fault,
    way: dict[str, bool],
) -> None:
    procore.order(fault, method=WRITE, status=502, seconds=5.0)

    receipt = push(only("general_liability"), http=http_for(fault), **way)

    assert receipt.status is PushStatus.PUSHED
    assert len(procore.world.insurances) == 1
    assert len(procore.world.writes()) == 1


@WAYS
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.HANG_BEFORE])
def test_a_write_that_was_not_done_is_left_for_the_next_attempt(
    procore: ProcoreSimulator,
    push: Push,
    http_for: Callable[[Fault], Outbound],
    fault: Fault,
    way: dict[str, bool],
) -> None:
    procore.order(fault, method=WRITE, seconds=5.0)

    with pytest.raises(AnswerLost) as lost:
        push(http=http_for(fault), **way)
    assert lost.value.retryable
    assert len(procore.world.writes()) == 1

    assert push(**way).records_created == 4
    assert len(procore.world.insurances) == 4


@WAYS
def test_a_change_that_procore_never_answers_is_given_up_for_now(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool]
) -> None:
    push(only("auto_liability"), **way)
    procore.order(Fault.STATUS, method=WRITE, status=502, times=99)
    written = len(procore.world.writes())

    with pytest.raises(AnswerLost):
        push(only("auto_liability", auto_liability__combined_single_limit=2_000_000), **way)

    assert len(procore.world.writes()) == written + 1


def test_a_policy_that_procore_has_elsewhere_is_a_refusal_and_not_a_loop(
    procore: ProcoreSimulator, push: Push
) -> None:
    vendor = next(iter(procore.world.vendors))
    procore.world.switches.duplicates_allowed = False
    procore.world.add_insurance(vendor, None, insurance_type="Auto Liability", policy_number="CA-220917")  # fmt: skip

    with pytest.raises(DestinationRefused, match="already has such a record"):
        push(only("auto_liability"), use_sync=False)

    assert len(procore.world.writes()) == 1


def test_a_web_page_instead_of_an_answer_is_no_success(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.order(Fault.NOT_JSON, method=WRITE)

    with pytest.raises(DestinationUnavailable):
        push()
    assert push().records_created == 4


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.HALF_ANSWER, Fault.NOT_JSON])
def test_a_read_that_fails_is_tried_later(
    procore: ProcoreSimulator, push: Push, fault: Fault
) -> None:
    procore.order(fault, method="GET")

    with pytest.raises(DestinationUnavailable) as down:
        push()

    assert down.value.retryable
    assert procore.world.writes() == []


def test_a_sync_that_half_fails_names_what_failed_and_is_finished_by_the_next_push(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.order(Fault.SYNC_HALF, method="PATCH")

    with pytest.raises(DestinationRefused, match=r"2 of 4.*Auto Liability.*could not be saved"):
        push()
    assert len(procore.world.insurances) == 2

    receipt = push()
    assert (receipt.records_created, receipt.records_unchanged) == (2, 2)
    assert len(procore.world.insurances) == 4


@pytest.mark.parametrize("forgotten", ["limit", "expiration_date", "name", "status"])
def test_what_procore_did_not_keep_is_an_error_with_its_name(
    procore: ProcoreSimulator, push: Push, forgotten: str
) -> None:
    procore.world.switches.forgets_silently = (forgotten,)

    with pytest.raises(DestinationRefused, match="kept other values") as differs:
        push(only("auto_liability"))

    assert f"Auto Liability: {forgotten.replace('_', ' ')}" in differs.value.message


def test_a_mark_of_expiry_that_procore_did_not_keep_is_an_error(
    procore: ProcoreSimulator, push: Push
) -> None:
    push(only("auto_liability", "umbrella_liability"))
    procore.world.switches.forgets_silently = ("status",)

    with pytest.raises(DestinationRefused, match="Umbrella Liability that has run out: status"):
        push(only("auto_liability", **RENEWED), on=date(2027, 3, 2))


def test_a_slow_answer_is_waited_for(procore: ProcoreSimulator, push: Push) -> None:
    procore.order(Fault.SLOW, seconds=0.2)

    assert push().records_created == 4


def test_nobody_listening_is_tried_later(push: Push, connect: Connect) -> None:
    with pytest.raises(DestinationUnavailable):
        push(connection=connect(api_url="http://127.0.0.1:9"))


def test_a_next_page_on_another_host_never_gets_our_token(
    procore: ProcoreSimulator, client: Procore
) -> None:
    link = '<https://evil.example/rest/v1.0/companies?page=2>; rel="next"'
    procore.order(Fault.STATUS, status=200, body=[{"id": 1}], headers={"Link": link})

    items = list(client.pages("/rest/v1.0/companies"))

    assert [item["id"] for item in items] == [1]
    assert procore.asked()[-1].query == {"page": ["2"]}


def test_a_list_whose_pages_go_in_a_circle_is_given_up(
    procore: ProcoreSimulator, push: Push
) -> None:
    link = f'<{procore.url}/rest/v1.1/projects/4417/vendors?page=2>; rel="next"'
    procore.order(Fault.STATUS, path="vendors", status=200, body=[{"id": 1}], headers={"Link": link}, times=50)  # fmt: skip

    with pytest.raises(DestinationUnavailable):
        push()

    assert len(procore.asked()) < 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "clash"),
    [
        ({}, 409),
        ({"use_sync": False}, 409),
        ({"use_origin_id": True}, 409),
        ({"use_origin_id": True, "use_sync": False}, 409),
        ({"use_origin_id": True, "use_sync": False}, 422),
    ],
    ids=["sync", "one by one", "origin id", "origin id one by one", "the same with 422"],
)
def test_sixteen_pushes_at_once_leave_one_record_per_line(
    procore: ProcoreSimulator, push: Push, connect: Connect, way: dict[str, bool], clash: int
) -> None:
    procore.world.switches.origin_clash_status = clash
    start = threading.Barrier(16)

    def one(_: int) -> Receipt | Exception:
        start.wait()
        try:
            return push(connection=connect(**way))
        except DestinationUnavailable as error:
            return error

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(one, range(16)))

    created = sum(each.records_created for each in outcomes if isinstance(each, Receipt))
    is_sync_by_origin_id = "use_origin_id" in way and "use_sync" not in way
    assert created == 4 or (is_sync_by_origin_id and created > 4)  # it does not tell made from met
    types = sorted(r["insurance_type"] for r in procore.world.insurances.values())
    assert types == ["Auto Liability", "General Liability", "Umbrella Liability", "Workers Compensation"]  # fmt: skip
    assert push(**way).status is PushStatus.UNCHANGED


@pytest.mark.parametrize("status", [409, 422])
@pytest.mark.parametrize("way", [{}, {"use_sync": False}], ids=["sync", "one by one"])
def test_an_origin_id_that_is_taken_out_of_our_sight_is_a_refusal(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool], status: int
) -> None:
    vendor = next(iter(procore.world.vendors))
    procore.world.switches.origin_clash_status = status
    procore.world.add_insurance(vendor, 77, origin_id=f"coi-connector:project-4417:{vendor}:auto-liability")  # fmt: skip

    with pytest.raises(AlreadyThere):
        push(only("auto_liability"), use_origin_id=True, **way)

    assert len(procore.world.insurances) == 1


def test_a_policy_that_procore_will_not_have_twice_is_looked_for(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.world.switches.duplicates_allowed = False
    push(certificate(), use_sync=False)

    assert push(certificate(), use_sync=False).status is PushStatus.UNCHANGED
