"""Whether the ids that an input names are this account's, said before any work is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.action import Given
from connector.actions.services import Caller, Services
from connector.storage import cancellations, certificates, checks, pushes, waivers

_BY_KEY: Mapping[str, Callable[[Session, str, str], Any]] = {
    "certificate_id": certificates.get,
    "check_id": checks.get,
    "push_id": pushes.get,
    "waiver_id": waivers.get,
    "cancellation_id": cancellations.get,
}


def require_known(given: Given, caller: Caller, services: Services) -> None:
    """NotFound for an id of nothing, or of another account's: a job would only fail later."""
    named = {key: given[key] for key in _BY_KEY if given.get(key)}
    if not named:
        return
    with services.readers() as session:
        for key, found in named.items():
            _BY_KEY[key](session, caller.account_id, found)
