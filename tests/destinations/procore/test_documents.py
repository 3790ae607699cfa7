"""The PDF in Procore: whole, once, and without our token at the storage host."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import requests

from connector.delivery import Connection
from connector.destinations.procore import documents
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import commitments
from connector.errors import ConnectorError, DestinationUnavailable
from connector.outbound import Outbound
from tests.simulators.procore.commitments import add_contract
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT

PDF = b"%PDF-1.7 a certificate"


@pytest.mark.parametrize("level", [{}, {"project_id": None}])
def test_a_document_is_placed_in_the_folder_whole(
    procore: ProcoreSimulator,
    connect: Callable[..., Connection],
    http: Outbound,
    level: dict[str, None],
) -> None:
    client = Procore(connect(**level), http)

    placed = documents.place_in_folder(client, http, PDF, "northfield.pdf")

    assert not any("Authorization" in headers for headers in procore.world.stored)
    file = procore.world.files[placed.id]
    assert file["name"].startswith("northfield [")
    assert requests.get(placed.url or "", timeout=5).content == PDF


def test_the_same_document_is_placed_once(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    first = documents.place_in_folder(client, http, PDF, "northfield.pdf")
    writes = len(procore.world.writes())

    assert documents.place_in_folder(client, http, PDF, "northfield.pdf") == first
    assert len(procore.world.writes()) == writes


def test_another_document_of_the_same_name_is_placed_beside(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    documents.place_in_folder(client, http, PDF, "coi.pdf")
    documents.place_in_folder(client, http, PDF + b" renewed", "coi.pdf")

    assert len(procore.world.files) == 2


def test_a_large_document_goes_in_segments(
    procore: ProcoreSimulator,
    client: Procore,
    http: Outbound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "SEGMENT_BYTES", 5 * 1024 * 1024)
    data = os.urandom(12 * 1024 * 1024)

    placed = documents.place_in_folder(client, http, data, "large.pdf")

    (upload,) = procore.world.uploads.values()
    assert len(upload["segments"]) == 3
    assert requests.get(placed.url or "", timeout=5).content == data


def test_a_commitment_gets_the_document_once_as_other(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    vendor = next(iter(procore.world.vendors))
    add_contract(procore.world, vendor, PROJECT)
    (commitment,) = commitments(client, vendor)

    first = documents.place_on_commitment(client, http, PDF, "northfield.pdf", commitment)
    again = documents.place_on_commitment(client, http, PDF, "northfield.pdf", commitment)

    (kept,) = procore.world.compliance_documents.values()
    assert first == again
    assert (kept["id"], kept["type"]) == (first.id, "other")


def test_a_placing_whose_answer_is_lost_is_found_by_the_next_attempt(
    procore: ProcoreSimulator, client: Procore, http: Outbound
) -> None:
    procore.order(Fault.DROP_AFTER, method="POST", path="/files")

    with pytest.raises(DestinationUnavailable):
        documents.place_in_folder(client, http, PDF, "northfield.pdf")
    documents.place_in_folder(client, http, PDF, "northfield.pdf")

    assert len(procore.world.files) == 1


@pytest.mark.parametrize("path", ["uploads$", "uploads/", "files"])
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.NOT_JSON, Fault.HALF_ANSWER])
def test_a_broken_upload_places_nothing_twice(
    procore: ProcoreSimulator, client: Procore, http: Outbound, path: str, fault: Fault
) -> None:
    procore.order(fault, method="POST|PATCH", path=path)

    with pytest.raises(ConnectorError) as broken:
        documents.place_in_folder(client, http, PDF, "northfield.pdf")
    assert broken.value.retryable

    documents.place_in_folder(client, http, PDF, "northfield.pdf")
    assert len(procore.world.files) == 1
