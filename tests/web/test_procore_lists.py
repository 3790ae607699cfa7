"""Dropdowns out of the connected Procore."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.actions.services import Services
from tests.actions.office import connect_procore
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT
from tests.web.conftest import Caller


@pytest.fixture
def procore(services: Services, caller: Caller) -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        connect_procore(services, caller.account_id, simulator, project_id=PROJECT)
        yield simulator
    assert simulator.world.breaches == []


def rows(caller: Caller, path: str) -> list[dict[str, Any]]:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def test_folders_are_chosen_level_by_level_and_by_name(
    caller: Caller, procore: ProcoreSimulator
) -> None:
    inside = 5_000_000_077
    for id, name, parent in ((inside, "Insurance", PROJECT), (78, "Drawings", PROJECT), (79, "2026", inside)):  # fmt: skip
        procore.world.folders[id] = {"id": id, "name": name, "parent_id": parent, "project_id": PROJECT}  # fmt: skip

    assert rows(caller, "/v1/procore_folders?name=insur") == [
        {"procore_folder_id": str(inside), "procore_folder_name": "Insurance"}
    ]
    below = rows(caller, f"/v1/procore_folders?parent_folder_id={inside}")
    assert [row["procore_folder_name"] for row in below] == ["2026"]
    wrong = caller.get("/v1/procore_folders?parent_folder_id=top")
    assert (wrong.status_code, wrong.get_json()["error"]["field"]) == (422, "parent_folder_id")


def test_insurance_types_in_use_come_first(caller: Caller, procore: ProcoreSimulator) -> None:
    vendor = next(iter(procore.world.vendors))
    procore.world.add_insurance(vendor, PROJECT, insurance_type="Riggers")

    found = [row["procore_insurance_type"] for row in rows(caller, "/v1/procore_insurance_types")]

    assert found[0] == "Riggers"
    assert "General Liability" in found


def test_companies_projects_and_vendors_are_chosen_from(
    caller: Caller, procore: ProcoreSimulator
) -> None:
    for number in range(60):
        procore.world.add_vendor(f"Vendor {number:02}")

    (company,) = rows(caller, "/v1/procore_companies")
    (project,) = rows(caller, "/v1/procore_projects?name=lake")
    first = caller.get("/v1/procore_vendors?name=Vendor").get_json()
    second = caller.get(f"/v1/procore_vendors?name=Vendor&cursor={first['next']}").get_json()

    assert company["procore_company_id"] == str(COMPANY)
    assert project["procore_project_name"] == "Lakeside Medical Center"
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 10, None)


def test_without_a_connection_the_list_says_what_is_missing(stranger: Caller) -> None:
    answer = stranger.get("/v1/procore_folders")
    assert "not connected" in answer.get_json()["error"]["message"]
