"""The Documents of the connection's company or project."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.destinations.procore.client import Procore
from connector.destinations.procore.preferences import Preferences
from connector.errors import DestinationUnavailable

MOST_FOLDERS = 50
"""How many are read at one look: every quarter of an hour that is a third of an hour's requests."""

DEEPEST = 20
"""Levels that are climbed from a file to the watched folder."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with the folders and files that are in it, as Procore shows them."""

    id: int
    folders: tuple[Mapping[str, Any], ...]
    files: tuple[Mapping[str, Any], ...]
    is_bin: bool = False


def read_folder(client: Procore, folder_id: int | None = None) -> Folder:
    """One folder whole; the topmost one without an id. NotVisible when it is not there."""
    path, params = folder_path(client.preferences)
    parts = list(client.parts(f"{path}/{folder_id}" if folder_id else path, params))
    if not parts[0].get("id"):
        raise DestinationUnavailable("Procore answered no folder. It is tried again by itself.")
    is_bin = bool(parts[0].get("is_recycle_bin") or parts[0].get("is_deleted"))
    files = (file for part in parts for file in part.get("files") or () if not is_bin)
    return Folder(
        int(parts[0]["id"]),
        tuple(folder for part in parts for folder in part.get("folders") or ()),
        tuple(files),
        is_bin,
    )


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder and those inside it, level by level; `left_out` are further ones that were not read."""

    folders: tuple[Folder, ...]
    left_out: int

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """The files of all that were read."""
        return [file for folder in self.folders for file in folder.files]


def read_tree(client: Procore, folder_id: int | None = None, most: int = MOST_FOLDERS) -> Tree:
    """A folder with all that are inside it, one request for each, the nearest first."""
    found = [read_folder(client, folder_id)]
    seen = {found[0].id}
    waiting = deque(_inside(found[0], seen))
    while waiting and len(found) < most:
        inner = read_folder(client, waiting.popleft())
        found.append(inner)
        waiting.extend(_inside(inner, seen))
    return Tree(tuple(found), len(waiting))


def _inside(folder: Folder, seen: set[int]) -> list[int]:
    """The folders in it that were not met before. What is in the recycle bin is thrown away."""
    if folder.is_bin:
        return []
    new = [int(each["id"]) for each in folder.folders if int(each["id"]) not in seen]
    seen.update(new)
    return new


def is_inside(client: Procore, file: Mapping[str, Any], folder_id: int) -> bool:
    """Whether a file is in a folder, however deep. One request for each level between them."""
    path, params = folder_path(client.preferences)
    above = file.get("parent_id")
    for _ in range(DEEPEST):
        if above is None or int(above) == folder_id:
            break
        above = client.get(f"{path}/{above}", params).get("parent_id")
    return above is not None and int(above) == folder_id


def folder_path(preferences: Preferences) -> tuple[str, dict[str, Any]]:
    """Where the Documents folders of the connection's company or project are."""
    if preferences.project_id is None:
        return f"/rest/v1.0/companies/{preferences.company_id}/folders", {}
    return "/rest/v1.0/folders", {"project_id": preferences.project_id}
