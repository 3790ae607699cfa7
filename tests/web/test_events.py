"""Every event for those who poll: the rows that hooks are sent, newest first, page by page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.actions.certificate_answer import flat_certificate
from connector.actions.coverage_changes import tell_of_changes
from connector.actions.events import EVENTS
from connector.actions.services import Services
from connector.certificate.names import normalise
from connector.storage import certificates, documents, events, hooks, jobs, vendors
from connector.storage.certificates import StoredCertificate
from connector.storage.events import EventType
from connector.worker import daily
from tests.storage.readings import reading
from tests.web.conftest import Caller

Pair = tuple[Path, Path]
VENDOR = "Northfield Mechanical LLC"


def on_file(
    services: Services, caller: Caller, number: int, *, vendor_name: str = VENDOR, **said: Any
) -> StoredCertificate:
    """A certificate of a vendor, as parsing would have kept it."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        document = documents.save(
            session, caller.account_id, sha256=f"{number:064d}", name="coi.pdf", kind="pdf",
            size=10, page_count=1, now=now,
        )  # fmt: skip
        vendor = vendors.resolve(
            session, caller.account_id, name=vendor_name, normalised_name=normalise(vendor_name),
            external_id=None, now=now,
        )  # fmt: skip
        row = certificates.save(
            session, caller.account_id, document, reading(**said), now=now, vendor=vendor
        )
        tell_of_changes(session, row, services)
    return row


def polled(caller: Caller, event: str, **query: str) -> list[dict[str, Any]]:
    answer = caller.get(f"/v1/events/{event}", query_string=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def keys_of(event: str) -> list[str]:
    return [field.key for field in EVENTS[event].fields]


def test_every_event_that_a_hook_can_be_about_can_be_polled(caller: Caller) -> None:
    assert set(EVENTS) == {event.value for event in EventType}
    for event in EVENTS:
        assert polled(caller, event) == []


def test_an_unknown_event_names_the_known_ones(caller: Caller) -> None:
    answer = caller.get("/v1/events/certificate.eaten")
    assert answer.status_code == 404
    assert "certificate.parsed" in answer.get_json()["error"]["message"]


def test_polling_answers_what_hooks_are_sent_with_the_same_keys(
    caller: Caller, services: Services, certificates: Pair
) -> None:
    for path in certificates:
        parsed = caller.send("parse_certificate", path).get_json()
        caller.post(
            "/v1/actions/check_certificate", json={"certificate_id": parsed["certificate_id"]}
        )
    for event in ("certificate.parsed", "certificate.compliant", "certificate.non_compliant"):
        rows = polled(caller, event)
        assert rows
        assert {tuple(row) for row in rows} == {tuple(keys_of(event))}
        with services.sessions() as session:
            stored = events.search(session, caller.account_id, type=EventType(event))
        assert rows == [row.told for row in stored]


def test_pages_go_from_the_newest_to_the_oldest(caller: Caller, certificates: Pair) -> None:
    ids = [
        caller.send("parse_certificate", path).get_json()["certificate_id"] for path in certificates
    ]
    first = caller.get("/v1/events/certificate.parsed?limit=1").get_json()
    second = caller.get(f"/v1/events/certificate.parsed?limit=1&cursor={first['next']}").get_json()
    assert [page["items"][0]["event_id"] for page in (first, second)] == ids[::-1]
    assert second["next"] is None


def test_a_lower_limit_is_told_with_old_and_new(caller: Caller, services: Services) -> None:
    before = on_file(services, caller, 1)
    after = on_file(services, caller, 2, each_occurrence=500_000)
    (row,) = polled(caller, "coverage.changed")
    assert list(row) == keys_of("coverage.changed")
    assert (row["certificate_id"], row["previous_certificate_id"]) == (after.id, before.id)
    assert (row["old_value"], row["new_value"]) == ("$1,000,000", "$500,000")
    assert row["direction"] == "decreased"
    assert row["change_text"] == (
        "Northfield Mechanical LLC: General liability: each occurrence: "
        "$1,000,000 before, $500,000 now."
    )
    listed = caller.get("/v1/coverage_changes").get_json()["items"]
    assert [{**listed[0], "event_id": listed[0]["change_id"]}] == [row]


def test_a_doubtful_limit_is_told_once_a_person_has_confirmed_it(
    caller: Caller, services: Services
) -> None:
    on_file(services, caller, 1)
    doubtful = on_file(services, caller, 2, each_occurrence=300_000, doubtful=True)
    assert polled(caller, "coverage.changed") == []
    confirmed = {"field": "general_liability_each_occurrence", "value": "800,000", "by": "Dana"}
    for _ in range(2):
        caller.post(f"/v1/certificates/{doubtful.id}/corrections", json=confirmed)
    (row,) = polled(caller, "coverage.changed")
    assert (row["old_value"], row["new_value"]) == ("$1,000,000", "$800,000")


def test_expiring_certificates_are_polled_by_any_number_of_days_the_latest_to_come_near_first(
    caller: Caller, services: Services
) -> None:
    today = services.clock().date()
    soon = on_file(services, caller, 1, vendor_name="Other LLC", expires=today + timedelta(days=5))
    later = on_file(services, caller, 2, expires=today + timedelta(days=40))
    assert [row["certificate_id"] for row in polled(caller, "certificate.expiring")] == [soon.id]
    rows = polled(caller, "certificate.expiring", expires_within="60")
    assert [row["certificate_id"] for row in rows] == [later.id, soon.id]
    assert list(rows[0]) == keys_of("certificate.expiring")
    first = caller.get("/v1/events/certificate.expiring?expires_within=60&limit=1").get_json()
    second = polled(caller, "certificate.expiring", expires_within="60", cursor=first["next"])
    assert [first["items"][0], *second] == rows


def test_a_polled_expiration_has_the_id_that_the_hook_is_told(
    caller: Caller, services: Services
) -> None:
    today = services.clock().date()
    on_file(services, caller, 1, expires=today + timedelta(days=12))
    with services.sessions() as session, session.begin():
        hooks.create(
            session, caller.account_id, EventType.CERTIFICATE_EXPIRING, "https://a.example",
            keys=services.settings.secret_keys, now=services.clock(), days=14,
        )  # fmt: skip
    _do_the_day(caller, services, today)
    with services.sessions() as session:
        (delivery,) = jobs.search(session, caller.account_id, action="deliver_hook")
        told = events.get(session, caller.account_id, delivery.given["event_id"]).told
    assert polled(caller, "certificate.expiring", expires_within="14") == [told]


def test_a_lapsed_certificate_is_polled_like_it_is_told(caller: Caller, services: Services) -> None:
    today = services.clock().date()
    row = on_file(services, caller, 1, expires=today + timedelta(days=1))
    _do_the_day(caller, services, today + timedelta(days=1))
    (told,) = polled(caller, "certificate.lapsed")
    assert (told["certificate_id"], list(told)) == (row.id, keys_of("certificate.lapsed"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"expires_within": "0"}, "expires_within"),
        ({"expires_within": "soon"}, "expires_within"),
        ({"cursor": "yesterday"}, "cursor"),
        ({"limit": "all"}, "limit"),
    ],
)
def test_a_question_that_makes_no_sense_names_what_is_wrong(
    query: dict[str, str], field: str, caller: Caller
) -> None:
    answer = caller.get("/v1/events/certificate.expiring", query_string=query)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (422, field)


def test_another_account_sees_none_of_it(
    caller: Caller, stranger: Caller, certificates: Pair
) -> None:
    caller.send("parse_certificate", certificates[0])
    assert polled(stranger, "certificate.parsed") == []


def _do_the_day(caller: Caller, services: Services, day: date) -> None:
    daily.tell_of_expirations(
        caller.account_id,
        day,
        services.sessions,
        flat_of=lambda session, row: flat_certificate(session, row, services),
        now=services.clock(),
    )
