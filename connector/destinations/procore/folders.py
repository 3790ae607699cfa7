"""The Documents of the connection's company or project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.destinations.procore.client import Procore
from connector.destinations.procore.preferences import Preferences
from connector.errors import DestinationUnavailable


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with the folders and files that are in it, as Procore shows them."""

    id: int
    folders: tuple[Mapping[str, Any], ...]
    files: tuple[Mapping[str, Any], ...]


def read_folder(client: Procore, folder_id: int | None = None) -> Folder:
    """One folder whole; the topmost one without an id. NotVisible when it is not there."""
    path, params = folder_path(client.preferences)
    parts = list(client.parts(f"{path}/{folder_id}" if folder_id else path, params))
    if not parts[0].get("id"):
        raise DestinationUnavailable("Procore answered no folder. It is tried again by itself.")
    return Folder(
        int(parts[0]["id"]),
        tuple(folder for part in parts for folder in part.get("folders") or ()),
        tuple(file for part in parts for file in part.get("files") or ()),
    )


def folder_path(preferences: Preferences) -> tuple[str, dict[str, Any]]:
    """Where the Documents folders of the connection's company or project are."""
    if preferences.project_id is None:
        return f"/rest/v1.0/companies/{preferences.company_id}/folders", {}
    return "/rest/v1.0/folders", {"project_id": preferences.project_id}
