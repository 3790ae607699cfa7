"""Which lists a person chooses from while setting up a step."""

from __future__ import annotations

import marshmallow as ma

from connector.actions.events import EVENTS
from connector.actions.listing import Filters, Listing
from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS


def dropdowns(schema: type[ma.Schema]) -> set[str]:
    """The lists that a schema's dropdowns are filled from."""
    named = {field.metadata.get("choices_from") for field in schema().fields.values()}
    return {name for name in named if name}


def offered() -> list[Listing]:
    """The lists that some dropdown is filled from, in their order."""
    schemas = [*(a.input for a in ACTIONS.values()), *(e.filters for e in EVENTS.values())]
    named: set[str] = set().union(*map(dropdowns, schemas))
    return [listing for listing in LISTS.values() if listing.name in named]


def narrowing(listing: Listing) -> type[ma.Schema]:
    """What a dropdown's list may be narrowed by: the list's own filters, without its pages."""
    pages = set(Filters().fields)
    members = {key: f for key, f in listing.filters().fields.items() if key not in pages}
    return ma.Schema.from_dict(dict(members), name=f"{listing.name}Narrowing")
