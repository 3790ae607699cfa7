"""GET /v1/LIST: a page of flat rows, newest first, with the cursor of the next."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import inputs, polling
from connector.actions.events import EVENTS
from connector.actions.listing import Filters, Page
from connector.actions.lists import LISTS
from connector.errors import NotFound
from connector.web.auth import caller, services

routes = Blueprint("lists", __name__, url_prefix="/v1")


@routes.get(f"/<any({', '.join(LISTS)}):name>")
def page(name: str) -> Response:
    """`{"items": [...], "next": cursor}`; narrow it by the list's filters in the query."""
    who = caller()
    listing = LISTS[name]
    given = inputs.load(listing.filters, dict(request.args.items()))
    found = listing.find(given, who, services())
    return _answer(found)


@routes.get("/events/<name>")
def happened(name: str) -> Response:
    """What hooks of this event are sent, for those who poll: the newest first."""
    who = caller()
    event = EVENTS.get(name)
    if event is None:
        raise NotFound(f"There is no event “{name[:40]}”. Known: {', '.join(EVENTS)}.")
    sent = dict(request.args.items())
    given = {**inputs.load(Filters, sent), **inputs.load(event.filters, sent)}
    return _answer(polling.poll(event, given, who, services()))


def _answer(page: Page) -> Response:
    return jsonify({"items": page.items, "next": page.next})
