"""Being told of changes, and what the tellings mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.delivery import Connection, Receipt
from connector.destinations.procore import incoming, webhooks
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import commitments
from connector.errors import FetchFailed, InvalidInput, TooLarge
from connector.outbound import Outbound
from tests.simulators.procore.commitments import add_contract
from tests.simulators.procore.documents import add_file
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.webhooks import RESOURCES
from tests.simulators.procore.world import CLIENT_ID, PROJECT, USER

ADDRESS = "https://coi.example/hooks/procore/abc"
Push = Callable[..., Receipt]


@pytest.mark.parametrize(("level", "count"), [({}, 3), ({"project_id": None}, 4)])
def test_watching_makes_one_hook_with_its_triggers(
    procore: ProcoreSimulator,
    connect: Callable[..., Connection],
    http: Outbound,
    level: dict[str, None],
    count: int,
) -> None:
    client = Procore(connect(**level), http)

    first = webhooks.watch(client, ADDRESS, "Bearer s3cret")
    again = webhooks.watch(client, ADDRESS, "Bearer n3w")

    assert first == again
    (hook,) = procore.world.hooks.values()
    assert hook["authorization"] == "Bearer n3w"
    assert len(procore.world.triggers) == count * 2


def test_watching_again_after_half_of_it_failed_completes_it(
    procore: ProcoreSimulator, client: Procore
) -> None:
    procore.order(Fault.DROP_BEFORE, method="POST", path="triggers")
    with pytest.raises(Exception, match="lost"):
        webhooks.watch(client, ADDRESS, "Bearer s3cret")

    webhooks.watch(client, ADDRESS, "Bearer s3cret")

    assert len(procore.world.hooks) == 1
    assert len(procore.world.triggers) == 6


def test_a_hook_made_twice_is_reduced_to_one(procore: ProcoreSimulator, client: Procore) -> None:
    webhooks.watch(client, ADDRESS, "Bearer s3cret")
    (hook,) = procore.world.hooks.values()
    procore.world.hooks[5] = dict(hook) | {"id": 5}

    webhooks.watch(client, ADDRESS, "Bearer s3cret")

    assert len(procore.world.hooks) == 1


def test_a_resource_that_this_procore_does_not_know_is_named(
    client: Procore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RESOURCES, "Project", ("Project Insurances",))

    watched = webhooks.watch(client, ADDRESS, "Bearer s3cret")

    assert watched.unknown == ("Project Files", "Project File Versions")


def test_unwatching_removes_ours_only(procore: ProcoreSimulator, client: Procore) -> None:
    webhooks.watch(client, ADDRESS, "Bearer s3cret")
    webhooks.watch(client, "https://other.example/hook", "Bearer x")

    assert webhooks.unwatch(client, ADDRESS) == 1
    assert webhooks.unwatch(client, ADDRESS) == 0
    assert [h["destination_url"] for h in procore.world.hooks.values()] == [
        "https://other.example/hook"
    ]


def delivered(procore: ProcoreSimulator) -> list[incoming.Event]:
    return [incoming.event(each["payload"]) for each in procore.world.events]


@pytest.mark.parametrize("version", ["v2.0", "v3.0", "v4.0"])
def test_our_own_writes_are_told_from_a_persons(
    procore: ProcoreSimulator,
    client: Procore,
    push: Push,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    monkeypatch.setattr(webhooks, "PAYLOAD_VERSION", version)
    webhooks.watch(client, ADDRESS, "Bearer s3cret")

    push()

    events = delivered(procore)
    assert len(events) == 4
    assert {e.kind for e in events} == {"create"}
    assert all(incoming.is_own(e, CLIENT_ID, USER) for e in events)
    assert not any(incoming.is_own(e, "another-app", 1) for e in events)
    assert len({e.key for e in events}) == 4


@pytest.mark.parametrize(
    "payload", [None, [], {}, "x", {"id": 1}, {"id": 1, "resource_name": "X", "resource_id": "a"}]
)
def test_what_is_no_delivery_is_refused(payload: Any) -> None:
    with pytest.raises(InvalidInput):
        incoming.event(payload)


def happened(resource: str, resource_id: int, project_id: int | None = PROJECT) -> incoming.Event:
    return incoming.Event("k", resource, resource_id, "create", 8089, project_id)


def test_a_file_dropped_into_documents_is_fetched_whole(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    procore.world.contents["u1"] = b"%PDF-1.7 dropped"
    file = add_file(procore.world, "coi.pdf", PROJECT, f"{procore.url}/storage/u1", PROJECT)
    procore.order(
        Fault.STATUS,
        path="/rest/file",
        status=302,
        headers={"Location": f"{procore.url}/storage/u1"},
    )

    (document,) = incoming.documents_of(client, happened("Project Files", file["id"]))

    assert document.name == "coi.pdf"
    assert incoming.in_folder(client) == [document]
    assert incoming.documents_of(client, happened("Project File Versions", 1)) == [document]


def test_the_newest_version_of_a_file_counts(procore: ProcoreSimulator, client: Procore) -> None:
    file = add_file(procore.world, "coi.pdf", PROJECT, "https://x.example/1", PROJECT)
    newer = {"id": 99, "number": 2, "url": "https://x.example/2", "file_id": file["id"]}
    file["file_versions"].insert(0, newer)

    (document,) = incoming.in_folder(client)

    assert (document.key, document.url) == ("file-version-99", "https://x.example/2")


def test_files_of_a_vendor_and_behind_its_insurances_are_found(
    procore: ProcoreSimulator, client: Procore
) -> None:
    vendor = next(iter(procore.world.vendors))
    attached = {"id": 41, "url": "https://x.example/41", "filename": "coi.pdf"}
    procore.world.vendors[vendor]["attachments"] = [attached]
    procore.world.add_insurance(vendor, PROJECT, attachments=[attached | {"id": 42}])
    add_contract(procore.world, vendor, PROJECT)
    (commitment,) = commitments(client, vendor)

    by_vendor = incoming.documents_of(client, happened("Company Vendors", vendor, None))
    behind = incoming.on_commitment(client, commitment, vendor)

    assert [d.key for d in by_vendor] == ["attachment-41"]
    assert [(d.key, d.vendor_id) for d in behind] == [("attachment-42", vendor)]


def test_the_token_goes_to_procore_and_not_where_it_redirects(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    with ProcoreSimulator() as storage:
        storage.world.contents["u1"] = b"%PDF-1.7"
        target = {"Location": f"{storage.url}/storage/u1"}
        procore.order(Fault.STATUS, path="/rest/v1.0/download", status=302, headers=target)

        door = http.trusting(storage.url)
        data = incoming.download(client, door, f"{procore.url}/rest/v1.0/download", 1_000)
        straight = incoming.download(client, door, f"{storage.url}/storage/u1", 1_000)

    assert data == straight == b"%PDF-1.7"
    assert "Authorization" in procore.asked(path="download")[0].headers
    assert not any("Authorization" in headers for headers in storage.world.stored)
    assert len(storage.world.stored) == 2


def test_a_file_that_redirects_for_ever_or_is_too_large_is_refused(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    round_trip = {"Location": "/rest/v1.0/round"}
    procore.order(Fault.STATUS, path="round", status=302, headers=round_trip, times=9)
    procore.world.contents["u1"] = b"x" * 2_000

    with pytest.raises(FetchFailed):
        incoming.download(client, http, f"{procore.url}/rest/v1.0/round", 1_000)
    with pytest.raises(TooLarge):
        incoming.download(client, http, f"{procore.url}/storage/u1", 1_000)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.procore.com/x", True),
        ("https://storage.procore.com/x", True),
        ("http://api.procore.com/x", False),
        ("https://procore.com.evil.example/x", False),
        ("https://evilprocore.com/x", False),
        ("https://user@evil.example/procore.com", False),
    ],
)
def test_which_addresses_may_see_our_token(client: Procore, url: str, ours: bool) -> None:
    assert client.is_procore(url) is ours
