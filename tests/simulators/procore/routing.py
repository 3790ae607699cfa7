"""From an operation of the contract to the function that plays it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import USER, World


@dataclass
class Given:
    """A request that the contract allows."""

    path: dict[str, str]
    query: dict[str, list[str]]
    body: Any
    user_id: int = USER
    fault: Fault | None = None
    base: str = ""
    """The simulator's own address, for links in answers."""
    url: str = ""
    """The request's URL without `page` and `per_page`, for the Link header."""

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]


@dataclass
class Answer:
    """A status, a JSON body (None: empty) and further headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[World, Given], Answer]
HANDLERS: dict[str, Handler] = {}


def route(*operation_ids: str) -> Callable[[Handler], Handler]:
    """Registers a function for operations of the fragment."""

    def register(handler: Handler) -> Handler:
        for operation_id in operation_ids:
            HANDLERS[operation_id] = handler
        return handler

    return register


def page(given: Given, items: Sequence[Any], *, default: int = 100, most: int = 2000) -> Answer:
    """One page, with the headers Total, Per-Page and Link (no `next` on the last page)."""
    number = int(given.first("page", "1"))
    size = min(int(given.first("per_page", str(default))), most)
    links = []
    joined = given.url + ("&" if "?" in given.url else "?")
    if number * size < len(items):
        links.append(f'<{joined}page={number + 1}&per_page={size}>; rel="next"')
    if number > 1:
        links.append(f'<{joined}page={number - 1}&per_page={size}>; rel="prev"')
    headers = {"Total": str(len(items)), "Per-Page": str(size)}
    if links:
        headers["Link"] = ", ".join(links)
    return Answer(200, list(items[(number - 1) * size : number * size]), headers)
