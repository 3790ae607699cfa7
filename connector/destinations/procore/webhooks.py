"""Procore's webhooks (Rest v2): ask to be told of changes, and stop asking.

A hook is an address with a fixed Authorization value, the only proof of origin that Procore
offers; a trigger is one resource and one kind of event. Hooks of other software are never touched:
ours are known by namespace and address.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.destinations.procore.client import Procore

NAMESPACE = "coi-connector"
PAYLOAD_VERSION = "v2.0"
"""It names the application that made a change, so that our own writes are told apart; v4.0 does not."""

EVENTS = ("create", "update")
COMPANY_RESOURCES = ("Company Insurances", "Company Vendors", "Company Files", "Company File Versions")  # fmt: skip
PROJECT_RESOURCES = ("Project Insurances", "Project Files", "Project File Versions")


@dataclass(frozen=True, slots=True)
class Watch:
    """A hook of ours, and the resources that this Procore could not be asked to report."""

    hook_id: str
    unknown: tuple[str, ...] = ()


def watch(client: Procore, address: str, authorization: str) -> Watch:
    """Have changes reported to `address` (https) with this Authorization value. Safe to repeat.

    An existing hook of ours gets the value anew, so that a lost secret is mended by watching again.
    """
    hooks = _ours(client, address)
    headers = {"Authorization": authorization}
    if hooks:
        hook_id = str(hooks[0]["id"])
        client.patch(f"{_path(client)}/hooks/{hook_id}", {"destination_headers": headers})
    else:
        asked = {
            "payload_version": PAYLOAD_VERSION,
            "namespace": NAMESPACE,
            "destination_url": address,
            "destination_headers": headers,
        }
        hook_id = str(client.post(f"{_path(client)}/hooks", asked)["id"])
    for surplus in hooks[1:]:
        client.delete(f"{_path(client)}/hooks/{surplus['id']}")
    return Watch(hook_id, _add_triggers(client, hook_id))


def authorizations(connection_id: str, keys: Sequence[str]) -> list[str]:
    """What a delivery for this connection must bring as Authorization: by the newest key first."""
    said = f"procore-events:{connection_id}".encode()
    return [f"Bearer {hmac.new(key.encode(), said, hashlib.sha256).hexdigest()}" for key in keys]


def unwatch(client: Procore, address: str) -> int:
    """Remove our hooks to `address` with their triggers; how many there were."""
    hooks = _ours(client, address)
    for hook in hooks:
        client.delete(f"{_path(client)}/hooks/{hook['id']}")
    return len(hooks)


def _path(client: Procore) -> str:
    prefs = client.preferences
    place = f"/rest/v2.0/companies/{prefs.company_id}"
    return f"{place}/projects/{prefs.project_id}/webhooks" if prefs.project_id else f"{place}/webhooks"  # fmt: skip


def _ours(client: Procore, address: str) -> list[Mapping[str, Any]]:
    found = client.pages(f"{_path(client)}/hooks", {"namespace": NAMESPACE})
    return [hook for hook in found if hook.get("destination_url") == address]


def _add_triggers(client: Procore, hook_id: str) -> tuple[str, ...]:
    """Add the triggers that are missing; the resources that this Procore does not know."""
    path = f"{_path(client)}/hooks/{hook_id}/triggers"
    there = {(t.get("resource_name"), t.get("event_type")) for t in client.pages(path)}
    known = {r["name"] for r in client.pages(f"{_path(client)}/resources", {"payload_version": PAYLOAD_VERSION})}  # fmt: skip
    wanted = _resources(client)
    for resource in wanted:
        for event in EVENTS:
            if resource in known and (resource, event) not in there:
                client.post(path, {"resource_name": resource, "event_type": event})
    return tuple(resource for resource in wanted if resource not in known)


def _resources(client: Procore) -> Sequence[str]:
    return PROJECT_RESOURCES if client.preferences.project_id else COMPANY_RESOURCES
