"""Beginning and ending to pick up what people put into Procore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.actions.procore_connection import OpenProcore, opened
from connector.actions.services import Services
from connector.destinations.procore import webhooks
from connector.destinations.procore.folders import Tree, read_tree
from connector.destinations.procore.preferences import preferences
from connector.destinations.procore.refusals import NotAllowed, NotVisible
from connector.storage import connections
from connector.worker import procore_intake


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be watched: a folder of Documents (the topmost one without it), the Compliance tabs
    too, and whether what is there already counts."""

    folder_id: int | None = None
    with_commitments: bool = False
    with_existing: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """How far it is looked. `unread` says why Documents cannot be read; `left_alone` is None where
    nothing was to be; `is_told` whether Procore tells at once, but of `unknown`."""

    folders: int = 0
    folders_left_out: int = 0
    unread: str | None = None
    left_alone: int | None = None
    is_told: bool = False
    unknown: tuple[str, ...] = ()


def begin(account_id: str, connection_id: str, wanted: Wanted, services: Services) -> Begun:
    """Safe to repeat: what came since it was begun is not taken for what was there before.

    What is there is noted before the watch is on, so that no look in between takes it.
    """
    said = {
        "watched_folder_id": wanted.folder_id,
        "watch_commitments": wanted.with_commitments,
        "watch": True,
    }
    with services.readers() as session:
        found = opened(connections.get(session, account_id, connection_id), services)
    goes_on = all(found.stored.settings.get(name) == value for name, value in said.items())
    looked_at = _as_if(found, said)
    tree, unread = _tree(looked_at)
    left_alone = None
    if not wanted.with_existing and not goes_on:
        left_alone = procore_intake.note_existing(account_id, looked_at, services)
    hook = _hook(_set(account_id, connection_id, said, services), services)
    return Begun(
        folders=len(tree.folders),
        folders_left_out=tree.left_out,
        unread=unread,
        left_alone=left_alone,
        is_told=hook is not None,
        unknown=hook.unknown if hook else (),
    )


def end(account_id: str, connection_id: str, services: Services) -> int:
    """Nothing is picked up any longer; how many hooks of ours were removed in Procore."""
    found = _set(account_id, connection_id, {"watch": False}, services)
    return webhooks.unwatch(found.client, _address(found, services))


def _as_if(found: OpenProcore, said: Mapping[str, Any]) -> OpenProcore:
    """The connection as it would be; InvalidInput for what does not fit its other settings."""
    settings = {**found.connection.settings, **said}
    preferences(settings)
    return replace(found, connection=replace(found.connection, settings=settings))


def _set(
    account_id: str, connection_id: str, said: Mapping[str, Any], services: Services
) -> OpenProcore:
    """InvalidInput for what does not fit the other settings; nothing is kept then."""
    with services.sessions() as session, session.begin():
        stored = connections.get(session, account_id, connection_id)
        stored.settings = {**stored.settings, **said}
        preferences(stored.settings)
        session.flush()
        return opened(stored, services)


def _tree(found: OpenProcore) -> tuple[Tree, str | None]:
    """The watched folders; or why they cannot be read, which keeps nobody from the other places."""
    try:
        return read_tree(found.client, found.client.preferences.watched_folder_id), None
    except (NotAllowed, NotVisible) as error:
        return Tree((), 0), error.message


def _hook(found: OpenProcore, services: Services) -> webhooks.Watch | None:
    """Have Procore tell at once, where it can reach us; else the regular look does it all."""
    address = _address(found, services)
    if not address.startswith("https://"):
        return None
    value = webhooks.authorizations(found.stored.id, services.settings.secret_keys)[0]
    return webhooks.watch(found.client, address, value)


def _address(found: OpenProcore, services: Services) -> str:
    return services.page_url(f"/v1/procore/events/{found.stored.id}")
