"""A vendor's insurance records in Procore: read them, and carry out a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector.destinations.procore.client import ODD_ANSWER, Procore
from connector.destinations.procore.plan import Plan
from connector.destinations.procore.policy import Existing
from connector.destinations.procore.refusals import AlreadyThere, NotVisible
from connector.errors import DestinationRefused, DestinationUnavailable

SYNC_ITEMS = 1000
"""The most items that one sync call takes."""


class Writer:
    """The records of one vendor, at the level the connection keeps them."""

    def __init__(self, client: Procore, vendor_id: int) -> None:
        self._client = client
        self._path = client.preferences.insurances(vendor_id)
        self.answered: set[int] = set()
        """The ids that Procore's answers to our writes named."""

    def look(self) -> list[Existing]:
        """Every record that stands there now."""
        found = list(self._client.pages(self._path))
        if not all(isinstance(record.get("id"), int) for record in found):
            raise DestinationUnavailable(ODD_ANSWER)
        return found

    def write(self, made: Plan) -> None:
        """AnswerLost or AlreadyThere when one must look again; other errors are final."""
        self.remove(made.surplus)
        items = [
            {**({} if step.id is None else {"id": step.id}), **step.changes} for step in made.writes
        ]
        items += [{"id": lapsed, "status": "expired"} for lapsed in made.lapsed]
        if not items:
            return
        if self._client.preferences.use_sync:
            self._sync(items)
        else:
            self._one_by_one(items)

    def remove(self, ids: Iterable[int]) -> None:
        """Take back twins; another push may have been quicker."""
        for id in ids:
            try:
                self._client.delete(f"{self._path}/{id}")
            except NotVisible:
                continue

    def _sync(self, items: list[dict[str, Any]]) -> None:
        """Procore answers 200 even when items fail, so the errors are read."""
        answer = self._client.patch(f"{self._path}/sync", {"updates": items[:SYNC_ITEMS]})
        self.answered |= {int(e["id"]) for e in answer.get("entities") or () if e.get("id")}
        errors = answer.get("errors")
        if not errors:
            return
        said = "; ".join(_said(error) for error in errors)
        kind = (
            AlreadyThere if any("origin_id" in _fields(e) for e in errors) else DestinationRefused
        )
        raise kind(f"Procore refused {len(errors)} of {len(items)} records. It says: {said}")

    def _one_by_one(self, items: list[dict[str, Any]]) -> None:
        for item in items:
            id = item.pop("id", None)
            if id is None:
                made = self._client.post(self._path, {"insurance": item})
                self.answered.add(int(made.get("id") or 0))
            else:
                self._client.patch(f"{self._path}/{id}", {"insurance": item})


def _fields(error: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = error.get("errors")
    return fields if isinstance(fields, Mapping) else {"": fields}


def _said(error: Mapping[str, Any]) -> str:
    name = error.get("insurance_type") or error.get("id") or "a record"
    fields = _fields(error).items()
    return f"{name}: " + ", ".join(
        f"{field} {' '.join(map(str, said)) if isinstance(said, list) else said}".strip()
        for field, said in fields
    )
