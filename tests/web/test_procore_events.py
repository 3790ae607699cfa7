"""A certificate that somebody puts into Procore is processed once, told by a webhook or found by the poll."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from connector.actions.services import Services
from connector.destinations.procore import webhooks
from connector.destinations.procore.client import Procore
from connector.errors import DestinationUnavailable
from connector.jobs import procore_watch
from connector.storage import certificates as stored_certificates
from connector.storage import connections, procore_files
from connector.storage.jobs import Job
from connector.storage.procore_files import ProcoreFile
from connector.worker import procore_intake, procore_watching
from connector.worker.procore_watching import Wanted
from tests.actions.office import connect_procore, work_off_all
from tests.simulators.procore.commitments import add_contract
from tests.simulators.procore.documents import add_file, add_folder
from tests.simulators.procore.insurances import attach
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import COMPANY, PROJECT
from tests.web.conftest import Caller

Office = tuple[Caller, str, ProcoreSimulator]


@pytest.fixture
def office(services: Services, caller: Caller) -> Iterator[Office]:
    """A watched project: the caller, the connection's id and the simulator."""
    with ProcoreSimulator() as simulator:
        connection_id = connect_procore(
            services, caller.account_id, simulator, project_id=PROJECT, watch=True,
            watch_commitments=True, user_id=7,
        )  # fmt: skip
        yield caller, connection_id, simulator
    assert simulator.world.breaches == []


@pytest.fixture
def coi(certificates: tuple[Path, Path]) -> bytes:
    return certificates[0].read_bytes()


def dropped(
    procore: ProcoreSimulator, data: bytes, name: str = "coi.pdf", folder: int = PROJECT
) -> int:
    """A person puts a file into the project's Documents; the file's number."""
    procore.world.contents[quote(name)] = data
    address = f"{procore.url}/storage/{quote(name)}"
    return int(add_file(procore.world, name, folder, address, PROJECT)["id"])


def folder(procore: ProcoreSimulator, name: str, parent: int = PROJECT, **more: Any) -> int:
    return add_folder(procore.world, name, parent, PROJECT, **more)


def set_on(services: Services, office: Office, **settings: Any) -> None:
    """Change the connection's settings."""
    caller, connection_id, _ = office
    with services.sessions() as session, session.begin():
        stored = connections.get(session, caller.account_id, connection_id)
        stored.settings = {**stored.settings, **settings}


def looks_again(services: Services, minutes: int = 16) -> None:
    """The poll of a later quarter of an hour."""
    procore_watch.accept_polls(services.sessions, services.clock() + timedelta(minutes=minutes))
    work_off_all(services)


def told(office: Office, services: Services, number: int, **said: Any) -> Any:
    """Procore's delivery about a file; `authorization` replaces the value that was agreed."""
    caller, connection_id, _ = office
    good = webhooks.authorizations(connection_id, services.settings.secret_keys)[0]
    payload = {
        "id": number,
        "ulid": f"01J{number}",
        "event_type": "create",
        "resource_name": "Project Files",
        "resource_id": number,
        "company_id": COMPANY,
        "project_id": PROJECT,
        "user_id": 55,
        "metadata": {"source_user_id": 55, "source_application_id": None},
    }
    value = said.pop("authorization", good)
    body = said.pop("body", None)
    return caller.client.post(
        f"/v1/procore/events/{connection_id}",
        data=body if body is not None else json.dumps(payload | said),
        headers={"Authorization": value},
    )


def watch(
    services: Services, caller: Caller, connection_id: str, procore: ProcoreSimulator
) -> None:
    """Hooks and triggers as `connector procore watch` makes them."""
    with services.readers() as session:
        stored = connections.get(session, caller.account_id, connection_id)
    client = Procore(services.connect(stored), services.outbound.trusting(procore.url))
    value = webhooks.authorizations(connection_id, services.settings.secret_keys)[0]
    webhooks.watch(client, f"https://coi.example/v1/procore/events/{connection_id}", value)


def polled(services: Services) -> list[str]:
    return procore_watch.accept_polls(services.sessions, services.clock())


def actions(services: Services) -> list[str]:
    with services.sessions() as session:
        return list(session.scalars(select(Job.action).order_by(Job.number)))


def looked_at(services: Services) -> list[tuple[str, str | None]]:
    with services.sessions() as session:
        rows = session.scalars(select(ProcoreFile).order_by(ProcoreFile.number))
        return [(row.name, row.why_not) for row in rows]


def count(services: Services, account_id: str) -> int:
    with services.sessions() as session:
        found = stored_certificates.StoredCertificate
        return len(session.scalars(select(found).where(found.account_id == account_id)).all())


def test_a_dropped_certificate_is_read_checked_and_pushed_once_however_often_it_is_told(
    office: Office, services: Services, coi: bytes
) -> None:
    caller, _, procore = office
    number = dropped(procore, coi)

    answers = [told(office, services, number).get_json() for _ in range(3)]
    done = work_off_all(services)
    polled(services)
    work_off_all(services)

    assert [answer["accepted"] for answer in answers] == [True, False, False]
    assert [job.status for job in done] == ["done", "done"], [job.error for job in done]
    assert count(services, caller.account_id) == 1
    assert actions(services).count("process_certificate") == 1
    answer = done[-1].answer or {}
    assert answer["check_status"]
    assert answer["procore_destination"] == "procore"


def test_the_poll_finds_what_no_webhook_told_once(
    office: Office, services: Services, coi: bytes
) -> None:
    caller, _, procore = office
    vendor = next(iter(procore.world.vendors))
    procore.world.contents["v"] = coi
    attached = {"id": 41, "url": f"{procore.url}/storage/v", "filename": "vendor.pdf"}
    procore.world.vendors[vendor]["attachments"] = [attached]
    procore.world.contents["c"] = coi + b"\n% another copy"
    behind = {"id": 42, "url": f"{procore.url}/storage/c", "filename": "insurance.pdf"}
    procore.world.add_insurance(vendor, PROJECT, attachments=[behind])
    add_contract(procore.world, vendor, PROJECT)

    assert len(polled(services)) == 1
    assert polled(services) == [], "one poll in each quarter of an hour"
    work_off_all(services)

    assert [name for name, _ in looked_at(services)] == ["vendor.pdf", "insurance.pdf"]
    assert actions(services).count("process_certificate") == 2
    assert count(services, caller.account_id) == 2


def test_an_insurance_record_that_changed_leads_to_the_files_behind_its_vendors_commitments(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    vendor = next(iter(procore.world.vendors))
    procore.world.contents["c"] = coi
    behind = {"id": 42, "url": f"{procore.url}/storage/c", "filename": "insurance.pdf"}
    record = procore.world.add_insurance(vendor, PROJECT, attachments=[behind])
    add_contract(procore.world, vendor, PROJECT)

    told(office, services, record, resource_name="Project Insurances")
    work_off_all(services)

    assert looked_at(services) == [("insurance.pdf", None)]


@pytest.mark.parametrize("fires", [True, False])
@pytest.mark.parametrize("ids", ["record", "another"])
def test_a_file_attached_to_an_insurance_is_taken_once_whatever_procore_tells_of_it(
    office: Office, services: Services, coi: bytes, fires: bool, ids: str
) -> None:
    caller, connection_id, procore = office
    procore.world.switches.webhooks_for_attachments = fires
    procore.world.switches.event_ids = ids
    watch(services, caller, connection_id, procore)
    vendor = next(iter(procore.world.vendors))
    add_contract(procore.world, vendor, PROJECT)
    record = procore.world.add_insurance(vendor, PROJECT)
    procore.world.contents["c"] = coi
    attach(
        procore.world, record, {"id": 42, "url": f"{procore.url}/storage/c", "filename": "c.pdf"}
    )

    assert len(procore.world.events) == int(fires)
    for event in procore.world.events:
        told(office, services, record, body=json.dumps(event["payload"]))
    work_off_all(services)
    assert looked_at(services) == ([("c.pdf", None)] if fires and ids == "record" else [])

    polled(services)
    work_off_all(services)
    assert looked_at(services) == [("c.pdf", None)]
    assert actions(services).count("process_certificate") == 1


def test_what_we_filed_ourselves_does_not_come_back(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    set_on(services, office, file_in_documents=True, file_on_commitments=True)
    vendor = next(iter(procore.world.vendors))
    add_contract(procore.world, vendor, PROJECT)
    told(office, services, dropped(procore, coi))
    work_off_all(services)
    assert len(procore.world.files) == 2, "the person's and ours"
    assert len(procore.world.compliance_documents) == 1
    before = len(procore.world.stored)

    own = next(number for number in procore.world.files if number != min(procore.world.files))
    assert told(office, services, own, user_id=7).get_json()["accepted"] is False
    told(office, services, own)
    work_off_all(services)
    looks_again(services)

    assert actions(services).count("process_certificate") == 1
    assert len(procore.world.stored) == before, "known by their numbers, without fetching them"


def test_what_we_filed_is_known_by_its_content_where_its_number_was_never_learned(
    office: Office, services: Services, coi: bytes
) -> None:
    """We were killed right after Procore had made the file, or it answered without versions."""
    _, _, procore = office
    set_on(services, office, file_in_documents=True)
    told(office, services, dropped(procore, coi))
    work_off_all(services)
    with services.sessions() as session, session.begin():
        ours = ProcoreFile.why_not == procore_files.OURS
        numbers = ProcoreFile.key.startswith("file-version-")
        assert session.query(ProcoreFile).filter(ours, numbers).delete() == 1

    looks_again(services)

    assert actions(services).count("process_certificate") == 1
    assert looked_at(services)[-1][1] == procore_files.OURS


@pytest.mark.parametrize("told_of_own", [True, False])
def test_our_own_writes_lead_to_no_further_write_even_where_nobody_says_whose_they_are(
    office: Office, services: Services, coi: bytes, told_of_own: bool
) -> None:
    """The service here does not know its client id, so every event looks like a stranger's."""
    caller, connection_id, procore = office
    procore.world.switches.webhooks_for_own_writes = told_of_own
    set_on(services, office, file_in_documents=True)
    watch(services, caller, connection_id, procore)
    told(office, services, dropped(procore, coi))
    work_off_all(services)
    writes, events = len(procore.world.writes()), list(procore.world.events)
    assert len(events) == (5 if told_of_own else 0), "four records and the file"

    for event in events:
        told(office, services, 0, body=json.dumps(event["payload"]))
    work_off_all(services)
    looks_again(services)

    assert len(procore.world.writes()) == writes
    assert actions(services).count("process_certificate") == 1


def test_a_file_that_is_only_called_like_one_of_ours_is_taken(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office

    told(office, services, dropped(procore, coi, "northfield [9f86d081].pdf"))
    work_off_all(services)

    assert looked_at(services) == [("northfield [9f86d081].pdf", None)]
    assert actions(services).count("process_certificate") == 1


def test_a_new_version_that_a_person_puts_on_a_file_of_ours_is_taken(
    office: Office, services: Services, coi: bytes, certificates: tuple[Path, Path]
) -> None:
    _, _, procore = office
    set_on(services, office, file_in_documents=True)
    told(office, services, dropped(procore, coi))
    work_off_all(services)
    ours = procore.world.files[max(procore.world.files)]
    procore.world.contents["renewed"] = certificates[1].read_bytes()
    address = f"{procore.url}/storage/renewed"
    ours["file_versions"].append({"id": procore.world.new_id(), "number": 2, "url": address})

    looks_again(services)

    assert actions(services).count("process_certificate") == 2


def test_folders_inside_the_watched_one_are_looked_into(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    year = folder(procore, "2026", folder(procore, "Insurance"))
    thrown_away = folder(procore, "Recycle bin", is_recycle_bin=True)
    dropped(procore, coi, "deep.pdf", year)
    dropped(procore, coi + b"\n% old", "gone.pdf", thrown_away)

    looks_again(services)

    assert looked_at(services) == [("deep.pdf", None)]


def test_of_a_watched_folder_procore_tells_what_is_inside_and_nothing_beside(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    watched = folder(procore, "Insurance")
    set_on(services, office, watched_folder_id=watched)
    inside = dropped(procore, coi, "inside.pdf", folder(procore, "2026", watched))
    beside = dropped(procore, coi + b"\n% beside", "beside.pdf", folder(procore, "Drawings"))

    told(office, services, inside)
    told(office, services, beside)
    work_off_all(services)
    looks_again(services)

    assert looked_at(services) == [("inside.pdf", None)]


def test_a_drawing_is_looked_at_once_and_left(office: Office, services: Services) -> None:
    _, _, procore = office
    dropped(procore, b"GIF89a no certificate", "drawing.gif")

    for _ in range(2):
        with services.sessions() as session, session.begin():
            session.query(Job).delete()
        polled(services)
        work_off_all(services)

    ((name, why),) = looked_at(services)
    assert name == "drawing.gif"
    assert why
    assert len(procore.world.stored) == 1, "fetched once"


def test_a_file_that_cannot_be_had_now_is_taken_by_a_later_poll(
    office: Office, services: Services, coi: bytes
) -> None:
    caller, _, procore = office
    dropped(procore, coi)
    held_back = procore.world.contents.pop("coi.pdf")
    polled(services)
    work_off_all(services)
    assert looked_at(services) == []

    procore.world.contents["coi.pdf"] = held_back
    later = services.clock() + timedelta(minutes=16)
    assert len(procore_watch.accept_polls(services.sessions, later)) == 1
    work_off_all(services)
    assert count(services, caller.account_id) == 1


def test_an_event_that_procore_cannot_explain_for_now_is_tried_again(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    number = dropped(procore, coi)
    procore.order(Fault.STATUS, path="/rest/v1.0/files", status=503)

    told(office, services, number)
    (job,) = work_off_all(services)

    assert (job.status, job.next_at is not None) == ("waiting", True)


def test_an_event_about_a_file_that_is_gone_is_done_with(
    office: Office, services: Services
) -> None:
    told(office, services, 999)
    (job,) = work_off_all(services)
    assert (job.status, (job.answer or {})["taken"]) == ("done", 0)


@pytest.mark.parametrize("value", ["", "Bearer x", "Bearer " + "0" * 64, "Bearer é"])
def test_nobody_but_procore_may_tell(office: Office, services: Services, value: str) -> None:
    answer = told(office, services, 1, authorization=value.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert actions(services) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": 1}', b"\xff\xfe", b"null"])
def test_what_is_not_understood_does_not_stop_procores_deliveries(
    office: Office, services: Services, body: bytes
) -> None:
    answer = told(office, services, 1, body=body)
    assert (answer.status_code, answer.get_json()["accepted"]) == (200, False)


@pytest.mark.parametrize("said", [{"company_id": 1}, {"user_id": 7}])
def test_what_does_not_concern_us_is_dropped(
    office: Office, services: Services, said: dict[str, int]
) -> None:
    assert told(office, services, 1, **said).get_json()["accepted"] is False
    assert actions(services) == []


@pytest.mark.parametrize("ended", ["unwatched", "login", "removed"])
def test_a_connection_that_is_watched_no_longer_takes_nothing(
    office: Office, services: Services, coi: bytes, ended: str
) -> None:
    caller, connection_id, procore = office
    number = dropped(procore, coi)
    told(office, services, number)
    with services.sessions() as session, session.begin():
        stored = connections.get(session, caller.account_id, connection_id)
        if ended == "unwatched":
            stored.settings = {**stored.settings, "watch": False}
        elif ended == "login":
            stored.needs_login = True
        else:
            connections.remove(session, caller.account_id, connection_id, services.clock())

    assert told(office, services, number, ulid="another").get_json()["accepted"] is False
    assert polled(services) == []
    work_off_all(services)
    assert looked_at(services) == []


def test_what_is_there_before_the_watch_is_left_alone(
    office: Office, services: Services, coi: bytes
) -> None:
    caller, connection_id, procore = office
    dropped(procore, coi, "old.pdf")
    set_on(services, office, watch=False)
    begun = procore_watching.begin(caller.account_id, connection_id, Wanted(), services)
    assert (begun.folders, begun.left_alone, begun.is_told) == (1, 1, False)
    dropped(procore, coi, "new.pdf")

    again = procore_watching.begin(caller.account_id, connection_id, Wanted(), services)
    assert again.left_alone is None, "what came since is not what was there before"
    polled(services)
    work_off_all(services)

    assert looked_at(services) == [("old.pdf", procore_intake.BEFORE), ("new.pdf", None)]
    assert actions(services).count("process_certificate") == 1


def test_a_watch_that_cannot_begin_leaves_the_one_before_as_it_was(
    office: Office, services: Services
) -> None:
    caller, connection_id, procore = office
    procore.order(Fault.STATUS, path="vendors", status=503)

    with pytest.raises(DestinationUnavailable):
        procore_watching.begin(caller.account_id, connection_id, Wanted(), services)

    with services.readers() as session:
        settings = connections.get(session, caller.account_id, connection_id).settings
    assert (settings["watch"], settings["watch_commitments"]) == (True, True)


def test_a_place_that_may_not_be_read_keeps_nobody_from_the_others(
    office: Office, services: Services, coi: bytes
) -> None:
    _, _, procore = office
    procore.world.switches.directory_permission = False
    dropped(procore, coi)

    polled(services)
    work_off_all(services)

    assert looked_at(services) == [("coi.pdf", None)]


def test_an_account_never_sees_anothers_files(
    office: Office, services: Services, stranger: Caller, coi: bytes
) -> None:
    _, _, procore = office
    number = dropped(procore, coi)
    told(office, services, number)
    work_off_all(services)
    assert count(services, stranger.account_id) == 0


def test_the_hook_carries_what_the_door_asks_for(office: Office, services: Services) -> None:
    caller, connection_id, procore = office
    watch(services, caller, connection_id, procore)
    (hook,) = procore.world.hooks.values()
    assert told(office, services, 1, authorization=hook["authorization"]).status_code == 200
