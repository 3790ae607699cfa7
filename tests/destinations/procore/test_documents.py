"""The PDF in Procore: whole, once, and without our token at the storage host."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable

import pytest
import requests

from connector.delivery import Connection, Paper, PushStatus, Receipt
from connector.destinations.procore import documents
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import commitments
from connector.errors import ConnectorError, DestinationUnavailable, NotFound
from connector.outbound import Outbound
from tests.destinations.procore.certificates import only
from tests.simulators.procore.commitments import add_contract
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT

Push = Callable[..., Receipt]
PDF = b"%PDF-1.7 a certificate"


def paper(name: str = "northfield.pdf", data: bytes = PDF) -> Paper:
    return Paper(name, hashlib.sha256(data).hexdigest(), lambda: data)


def names(procore: ProcoreSimulator) -> list[str]:
    return [file["name"] for file in procore.world.files.values()]


@pytest.mark.parametrize("level", [{}, {"project_id": None}])
def test_a_document_is_placed_in_the_folder_whole(
    procore: ProcoreSimulator,
    connect: Callable[..., Connection],
    http: Outbound,
    level: dict[str, None],
) -> None:
    client = Procore(connect(**level), http)

    placed = documents.place_in_folder(client, http, paper())

    assert not any("Authorization" in headers for headers in procore.world.stored)
    file = procore.world.files[placed.id]
    assert file["name"].startswith("northfield [")
    assert requests.get(placed.url or "", timeout=5).content == PDF


def test_the_same_document_is_placed_once(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    first = documents.place_in_folder(client, http, paper())
    writes = len(procore.world.writes())

    assert documents.place_in_folder(client, http, paper()) == first
    assert len(procore.world.writes()) == writes


def test_another_document_of_the_same_name_is_placed_beside(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    documents.place_in_folder(client, http, paper("coi.pdf"))
    documents.place_in_folder(client, http, paper("coi.pdf", PDF + b" renewed"))

    assert len(procore.world.files) == 2


def test_a_large_document_goes_in_segments(
    procore: ProcoreSimulator,
    client: Procore,
    http: Outbound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "SEGMENT_BYTES", 5 * 1024 * 1024)
    data = os.urandom(12 * 1024 * 1024)

    placed = documents.place_in_folder(client, http, paper("large.pdf", data))

    (upload,) = procore.world.uploads.values()
    assert len(upload["segments"]) == 3
    assert requests.get(placed.url or "", timeout=5).content == data


def test_a_commitment_gets_the_document_once_as_other(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    vendor = next(iter(procore.world.vendors))
    add_contract(procore.world, vendor, PROJECT)
    (commitment,) = commitments(client, vendor)

    first = documents.place_on_commitment(client, http, paper(), commitment)
    again = documents.place_on_commitment(client, http, paper(), commitment)

    (kept,) = procore.world.compliance_documents.values()
    assert first == again
    assert (kept["id"], kept["type"]) == (first.id, "other")


def test_a_placing_whose_answer_is_lost_is_found_by_the_next_attempt(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    procore.order(Fault.DROP_AFTER, method="POST", path="/files")

    with pytest.raises(DestinationUnavailable):
        documents.place_in_folder(client, http, paper())
    documents.place_in_folder(client, http, paper())

    assert len(procore.world.files) == 1


@pytest.mark.parametrize("path", ["uploads$", "uploads/", "files"])
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.NOT_JSON, Fault.HALF_ANSWER])
def test_a_broken_upload_places_nothing_twice(
    procore: ProcoreSimulator, client: Procore, http: Outbound, path: str, fault: Fault
) -> None:
    procore.order(fault, method="POST|PATCH", path=path)

    with pytest.raises(ConnectorError) as broken:
        documents.place_in_folder(client, http, paper())
    assert broken.value.retryable

    documents.place_in_folder(client, http, paper())
    assert len(procore.world.files) == 1


def notes(procore: ProcoreSimulator) -> str:
    (record,) = procore.world.insurances.values()
    return str(record["notes"])


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("level", [{}, {"project_id": None}])
def test_a_push_files_the_document_once_and_says_where_in_the_notes(
    procore: ProcoreSimulator, push: Push, signed: bool, level: dict[str, None]
) -> None:
    procore.world.switches.file_links_are_signed = signed
    wanted = {"document": paper(), "file_in_documents": True, **level}

    push(only("auto_liability"), **wanted)
    again = push(only("auto_liability"), **wanted)

    (file,) = procore.world.files.values()
    assert f"Document: {file['name']} in Documents, no. {file['id']}" in notes(procore)
    assert (file["file_versions"][0]["url"] in notes(procore)) is not signed
    assert "sig=" not in notes(procore)
    assert again.status is PushStatus.UNCHANGED


def test_nothing_is_filed_unless_switched_on(procore: ProcoreSimulator, push: Push) -> None:
    push(only("auto_liability"), document=paper())

    assert procore.world.uploads == {}
    assert "Document:" not in notes(procore)


def test_a_push_files_into_the_folder_that_was_chosen(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.world.folders[77] = {"id": 77, "name": "Insurance", "project_id": PROJECT, "parent_id": PROJECT}  # fmt: skip

    push(document=paper(), file_in_documents=True, documents_folder_id=77)

    assert [file["parent_id"] for file in procore.world.files.values()] == [77]


def test_a_push_files_on_every_commitment_of_the_vendor(
    procore: ProcoreSimulator, push: Push
) -> None:
    vendor = next(iter(procore.world.vendors))
    for kind in ("WorkOrder", "PurchaseOrder"):
        add_contract(procore.world, vendor, PROJECT, kind)

    for _ in range(2):
        push(only("auto_liability"), document=paper(), file_on_commitments=True)

    kept = procore.world.compliance_documents.values()
    assert [document["name"] for document in kept] == [documents.marked(paper())] * 2
    assert "Compliance tab of 2 commitments" in notes(procore)


def gone() -> bytes:
    raise NotFound("The document is no longer kept.")


@pytest.mark.parametrize(
    ("permitted", "said", "document"),
    [
        (False, "not filed: Procore does not allow this", paper()),
        (True, "no longer kept here", Paper("coi.pdf", "ab" * 32, gone)),
    ],
    ids=["no permission", "bytes removed"],
)
def test_a_document_that_cannot_be_filed_keeps_no_record_back(
    procore: ProcoreSimulator, push: Push, permitted: bool, said: str, document: Paper
) -> None:
    procore.world.switches.documents_permission = permitted

    receipt = push(document=document, file_in_documents=True)

    assert (receipt.status, receipt.records_created) == (PushStatus.PUSHED, 4)
    assert said in (receipt.next_step or "")
    assert procore.world.files == {}


@pytest.mark.parametrize(
    ("fault", "method", "path"),
    [
        (Fault.DROP_AFTER, "POST", "/files"),
        (Fault.DROP_BEFORE, "POST", "/uploads"),
        (Fault.HALF_ANSWER, "PATCH", "/uploads"),
        (Fault.DROP_AFTER, "PATCH", "/insurances"),
    ],
)
def test_a_push_broken_while_filing_is_made_good_by_the_next(
    procore: ProcoreSimulator, push: Push, fault: Fault, method: str, path: str
) -> None:
    procore.order(fault, method=method, path=path)
    wanted = {"document": paper(), "file_in_documents": True}

    with contextlib.suppress(DestinationUnavailable):
        push(**wanted)
    push(**wanted)

    assert names(procore) == [documents.marked(paper())]
    assert len(procore.world.insurances) == 4


@pytest.mark.parametrize("part", [1, 2, 100])
def test_in_a_folder_that_comes_in_parts_the_document_is_found_and_placed_once(
    procore: ProcoreSimulator, client: Procore, http: Outbound, part: int
) -> None:
    procore.world.switches.folder_lists_paged = True
    procore.world.switches.folder_part = part
    for number in range(3):
        documents.place_in_folder(client, http, paper(f"before-{number}.pdf", b"%d" % number))
    first = documents.place_in_folder(client, http, paper())

    assert documents.place_in_folder(client, http, paper()) == first
    assert len(names(procore)) == 4
