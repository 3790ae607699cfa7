"""Folders inside folders: how far is looked, and at what price."""

from __future__ import annotations

import pytest

from connector.destinations.procore import folders
from connector.destinations.procore.client import Procore
from tests.simulators.procore.documents import add_folder
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import PROJECT


@pytest.fixture
def deep(procore: ProcoreSimulator) -> list[int]:
    """Three folders in the topmost one, each with one inside."""
    world = procore.world
    upper = [add_folder(world, f"{number}", PROJECT, PROJECT) for number in range(3)]
    return upper + [add_folder(world, "inner", each, PROJECT) for each in upper]


def test_every_folder_is_read_once_the_nearest_first(
    procore: ProcoreSimulator, client: Procore, deep: list[int]
) -> None:
    tree = folders.read_tree(client)

    assert [folder.id for folder in tree.folders] == [PROJECT, *deep]
    assert tree.left_out == 0
    assert len(procore.asked()) == 7


def test_what_is_too_much_for_one_look_is_counted(client: Procore, deep: list[int]) -> None:
    tree = folders.read_tree(client, most=3)

    assert [folder.id for folder in tree.folders] == [PROJECT, *deep[:2]]
    assert tree.left_out == 3


def test_folders_that_contain_each_other_come_to_an_end(
    procore: ProcoreSimulator, client: Procore, deep: list[int]
) -> None:
    procore.world.folders[deep[0]]["parent_id"] = deep[3]
    procore.world.folders[deep[3]]["parent_id"] = deep[0]

    assert not folders.is_inside(client, {"parent_id": deep[0]}, deep[1])
    assert len(folders.read_tree(client, deep[0]).folders) == 2


def test_a_file_is_inside_however_deep(client: Procore, deep: list[int]) -> None:
    assert folders.is_inside(client, {"parent_id": deep[3]}, deep[0])
    assert folders.is_inside(client, {"parent_id": deep[0]}, deep[0])
    assert not folders.is_inside(client, {"parent_id": deep[4]}, deep[0])
    assert not folders.is_inside(client, {}, deep[0])
