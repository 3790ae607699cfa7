"""A filter that is misspelt, given twice or out of its list is refused, and never ignored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connector.actions.events import EVENTS
from connector.actions.lists import LISTS
from connector.actions.services import Services
from connector.storage.audit import Act
from connector.storage.jobs import OWN_ACTIONS
from connector.worker.start import duties
from tests.web.conftest import Caller
from tests.web.test_events import on_file


def refusal(caller: Caller, path: str) -> dict[str, str]:
    answer = caller.get(path)
    assert answer.status_code == 422, answer.text
    error: dict[str, str] = answer.get_json()["error"]
    assert error["code"] == "invalid_input"
    return error


@pytest.mark.parametrize("name", LISTS)
def test_no_list_ignores_a_filter_that_it_does_not_know(caller: Caller, name: str) -> None:
    error = refusal(caller, f"/v1/{name}?bogus=1")
    assert error["field"] == "bogus"
    assert "“bogus” narrows nothing here" in error["message"]
    assert "limit" in error["message"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/certificates?expire_before=2026-01-01", "expires_before"),
        ("/v1/pushes?Destination=procore", "destination"),
        ("/v1/checks?certificateId=cert_1", "certificate_id"),
        ("/v1/vendors/Northfield/coverage?coverageline=auto_liability", "coverage_line"),
        ("/v1/vendors/Northfield/evidence?projekt=7", "project"),
        ("/v1/events/certificate.expiring?expire_within=9", "expires_within"),
        ("/v1/jobs?limits=9", "limit"),
    ],
)
def test_a_misspelt_filter_is_told_what_is_meant(caller: Caller, path: str, meant: str) -> None:
    assert f"Do you mean “{meant}”?" in refusal(caller, path)["message"]


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_ignores_a_filter_that_it_does_not_know(caller: Caller, event: str) -> None:
    assert refusal(caller, f"/v1/events/{event}?status=failed")["field"] == "status"


def test_a_filter_that_is_given_twice_is_refused(caller: Caller) -> None:
    error = refusal(caller, "/v1/checks?status=compliant&status=non_compliant")
    assert "given 2 times" in error["message"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/pushes?destination=bogus", "buildertrend"),
        ("/v1/pushes?status=bogus", "prepared"),
        ("/v1/checks?status=bogus", "non_compliant"),
        ("/v1/notices?status=bogus", "refused"),
        ("/v1/jobs?status=bogus", "failed"),
        ("/v1/jobs?action=push_to_prokore", "push_to_procore"),
        ("/v1/hook_deliveries?status=bogus", "failed"),
        ("/v1/coverage?coverage_line=bogus", "umbrella_liability"),
        ("/v1/coverage?coverage_status=bogus", "in_force"),
        ("/v1/audit?act=bogus", "waiver"),
        ("/v1/certificates?needs_review=perhaps", "true"),
        ("/v1/certificates?lapsed=perhaps", "true"),
    ],
)
def test_a_value_that_is_not_in_its_list_is_refused(caller: Caller, path: str, says: str) -> None:
    assert says in refusal(caller, path)["message"]


def test_values_of_the_lists_are_taken(caller: Caller) -> None:
    for path in (
        "/v1/pushes?destination=csv&status=queued",
        "/v1/jobs?action=push_to_procore&status=failed",
        f"/v1/audit?act={Act.WAIVER_GIVEN}",
        "/v1/audit?act=waiver",
        "/v1/certificates?needs_review=&name=&limit=5&cursor=&format=csv",
        "/v1/events/certificate.expiring?expires_within=9&limit=3",
    ):
        assert caller.get(path).status_code == 200, path


def test_jobs_that_the_service_gives_itself_are_listed_too(
    caller: Caller, services: Services
) -> None:
    own = duties(services)
    assert set(own) == set(OWN_ACTIONS)
    for action in own:
        assert caller.get(f"/v1/jobs?action={action}").status_code == 200, action


def test_fields_of_an_action_in_the_address_are_refused(caller: Caller) -> None:
    answer = caller.post("/v1/actions/find_certificate?vendor_name=A", json={"vendor_name": "A"})
    assert answer.status_code == 422
    assert "Send it in the body" in answer.get_json()["error"]["message"]
    assert caller.post("/v1/rule_sets/try?formt=csv", json={}).status_code == 422


def test_filters_that_are_given_together_all_count(caller: Caller, services: Services) -> None:
    today = services.clock().date()
    for number, days in ((1, 5), (2, 20), (3, -5)):
        on_file(services, caller, number, expires=today + timedelta(days=days))

    def found(query: str) -> int:
        return len(caller.get(f"/v1/certificates?{query}").get_json()["items"])

    assert found("expires_within=30") == 2
    assert found(f"expires_within=30&expires_before={today + timedelta(days=10)}") == 1
    assert found("lapsed=true") == 1
    assert found("lapsed=true&expires_within=30") == 0
