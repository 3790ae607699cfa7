"""GET /v1/LIST: a page of flat rows, newest first, with the cursor of the next."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import inputs
from connector.actions.lists import LISTS
from connector.web.auth import caller, services

routes = Blueprint("lists", __name__, url_prefix="/v1")


@routes.get(f"/<any({', '.join(LISTS)}):name>")
def page(name: str) -> Response:
    """`{"items": [...], "next": cursor}`; narrow it by the list's filters in the query."""
    who = caller()
    listing = LISTS[name]
    given = inputs.load(listing.filters, dict(request.args.items()))
    found = listing.find(given, who, services())
    return jsonify({"items": found.items, "next": found.next})
