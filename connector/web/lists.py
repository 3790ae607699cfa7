"""GET /v1/LIST: a page of flat rows, newest first, with the cursor of the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, jsonify, request

from connector.actions import coverage, polling
from connector.actions.action import Flat, Given
from connector.actions.coverage import COVERAGE, CoverageFilters
from connector.actions.events import EVENTS
from connector.actions.listing import LARGEST_PAGE, Filters, Listing, Page
from connector.actions.lists import LISTS
from connector.actions.services import Caller
from connector.certificate.field import Field
from connector.errors import InvalidInput, NotFound
from connector.spreadsheets import csv_text
from connector.storage.api_keys import Scope
from connector.web.auth import caller, services
from connector.web.queries import FORMAT, load_query

routes = Blueprint("lists", __name__, url_prefix="/v1")


@routes.get(f"/<any({', '.join(LISTS)}):name>")
def page(name: str) -> Response:
    """`{"items": [...], "next": cursor}`; narrow it by the list's filters in the query."""
    listing = LISTS[name]
    who = caller(Scope.ADMIN if listing.for_admins else None)
    given = load_query(listing.filters)
    if wants_csv():
        return _csv(listing, given, who)
    return _answer(listing.find(given, who, services()))


@routes.get("/vendors/<path:vendor>/coverage")
def coverage_of(vendor: str) -> Response:
    """One vendor's coverage on file, by its number or its name; all of it is one page."""
    who = caller()
    given = load_query(CoverageFilters)
    found = coverage.of_one(vendor, given, who, services())
    if wants_csv():
        return csv_answer(COVERAGE.name, COVERAGE.fields, iter(found.items))
    return _answer(found)


@routes.get("/events/<name>")
def happened(name: str) -> Response:
    """What hooks of this event are sent, for those who poll: the newest first."""
    who = caller()
    event = EVENTS.get(name)
    if event is None:
        raise NotFound(f"There is no event “{name[:40]}”. Known: {', '.join(EVENTS)}.")
    return _answer(polling.poll(event, load_query(Filters, event.filters), who, services()))


def wants_csv() -> bool:
    """Whether the query asks for a spreadsheet's file. InvalidInput for a format we do not have."""
    wanted = request.args.get(FORMAT, "json").lower()
    if wanted not in ("json", "csv"):
        raise InvalidInput("Format: write json or csv.", field="format")
    return wanted == "csv"


def _csv(listing: Listing, given: Given, who: Caller) -> Response:
    """Every row of the list, not one page of it."""
    given = {**given, "limit": str(LARGEST_PAGE)}
    first = listing.find(given, who, services())

    def rows() -> Iterator[Flat]:
        page = first
        while True:
            yield from page.items
            if page.next is None:
                return
            page = listing.find({**given, "cursor": page.next}, who, services())

    return csv_answer(listing.name, listing.fields, rows())


def csv_answer(name: str, fields: Sequence[Field], rows: Iterator[Flat]) -> Response:
    """A file that Excel opens as it is: its keys as header, nothing that a spreadsheet runs."""
    text = csv_text([field.key for field in fields], rows)
    answer = Response(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


def _answer(page: Page) -> Response:
    return jsonify({"items": page.items, "next": page.next})
