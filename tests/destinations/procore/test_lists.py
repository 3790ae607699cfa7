"""Dropdowns: what a person chooses from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connector.delivery import Connection, Receipt
from connector.destinations.procore import lists
from connector.destinations.procore.client import Procore
from connector.destinations.procore.folders import read_folder
from connector.destinations.procore.lists import Choice
from connector.outbound import Outbound
from tests.simulators.procore.documents import add_file
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT, TOKEN

Connect = Callable[..., Connection]


def test_companies_are_listed_before_one_is_chosen(
    procore: ProcoreSimulator, connect: Connect, http: Outbound
) -> None:
    procore.world.grants[TOKEN].is_service_account = False

    found = lists.companies(connect(company_id=None, project_id=None), http)

    assert found.items == (Choice(str(COMPANY), "Summit Builders Inc"),)
    assert "Procore-Company-Id" not in procore.asked()[-1].headers


def test_a_service_account_lists_companies_by_the_one_it_knows(
    connect: Connect, http: Outbound
) -> None:
    assert lists.companies(connect(), http).items[0].id == str(COMPANY)


def test_projects_are_found_by_name(client: Procore) -> None:
    assert lists.projects(client, "lakeside").items == (
        Choice(str(PROJECT), "Lakeside Medical Center"),
    )
    assert lists.projects(client, "nowhere").items == ()


@pytest.mark.parametrize("level", [{}, {"project_id": None}])
def test_vendors_come_in_pages_and_by_search(
    procore: ProcoreSimulator, connect: Connect, http: Outbound, level: dict[str, None]
) -> None:
    for number in range(60):
        procore.world.add_vendor(f"Vendor {number:02}")
    client = Procore(connect(**level), http)

    first = lists.vendors(client)
    second = lists.vendors(client, page=first.next_page or 0)
    found = lists.vendors(client, "northfield")

    assert (len(first.items), first.next_page) == (50, 2)
    assert (len(second.items), second.next_page) == (11, None)
    assert [choice.name for choice in found.items] == ["Northfield Roofing LLC"]


def test_vendors_are_listed_without_the_directory_permission(
    procore: ProcoreSimulator, client: Procore
) -> None:
    procore.world.switches.directory_permission = False

    assert len(lists.vendors(client).items) == 1


def test_insurance_types_are_those_in_use_and_ours(
    procore: ProcoreSimulator, client: Procore, push: Callable[..., Receipt]
) -> None:
    vendor = next(iter(procore.world.vendors))
    procore.world.add_insurance(vendor, PROJECT, insurance_type="Riggers")

    names = [choice.name for choice in lists.insurance_types(client).items]

    assert names[0] == "Riggers"
    assert "General Liability" in names
    assert len(names) == len(set(names))


def test_folders_are_listed_level_by_level(procore: ProcoreSimulator, client: Procore) -> None:
    procore.world.folders[77] = {"id": 77, "name": "Insurance", "parent_id": PROJECT, "project_id": PROJECT}  # fmt: skip

    assert lists.folders(client).items == (Choice("77", "Insurance"),)
    assert lists.folders(client, 77).items == ()


def test_a_folder_that_comes_in_parts_is_read_whole(
    procore: ProcoreSimulator, client: Procore
) -> None:
    procore.world.switches.folder_lists_paged = True
    for number in range(5):
        procore.world.folders[70 + number] = {"id": 70 + number, "name": f"Folder {number}", "parent_id": PROJECT, "project_id": PROJECT}  # fmt: skip
        add_file(procore.world, f"{number}.pdf", PROJECT, "https://x.example/1", PROJECT)

    assert len(lists.folders(client).items) == 5
    assert len(read_folder(client).files) == 5
