"""find_vendor_coverage: which limit is on file for a vendor, until when, by which certificate."""

from __future__ import annotations

from connector.actions.action import Action, Flat, Given
from connector.actions.coverage import COVERAGE_FIELDS, of_vendor_on_file, vendor_named
from connector.actions.inputs import SearchInput, choice, text
from connector.actions.services import Caller, Services
from connector.certificate.field import nothing
from connector.checking.rule_file import lower
from connector.checking.subject import LINE_LABELS
from connector.errors import InvalidInput

DEFAULT_LINE = "general_liability"


class CoverageInput(SearchInput):
    vendor_id = text(
        "Vendor number", help="Give your own number for the subcontractor.", choices_from="vendors"
    )
    vendor_name = text(
        "Vendor name", help="Write the subcontractor's name where you have no number."
    )
    coverage_line = choice(
        "Coverage line",
        help="Choose which coverage you ask about. Leave it empty for general liability.",
        choices=tuple(LINE_LABELS),
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The line as it counts today; `coverage_id` is null when nothing of it is on file."""
    number, name = given.get("vendor_id"), given.get("vendor_name")
    if not (number or name):
        raise InvalidInput("Fill in the vendor's number or its name.", field="vendor_id")
    line = given.get("coverage_line") or DEFAULT_LINE
    with services.readers() as session:
        vendor = vendor_named(session, caller.account_id, number, name)
        if vendor is None:
            return nothing(COVERAGE_FIELDS) | {"coverage_text": "There is no such vendor on file."}
        found = of_vendor_on_file(session, vendor, {"coverage_line": line}, services)
        if found:
            return found[0]
        return nothing(COVERAGE_FIELDS) | {
            "vendor_id": vendor.external_id or vendor.id,
            "vendor_name": vendor.name,
            "coverage_line": line,
            "coverage_text": f"No certificate on file shows {lower(LINE_LABELS[line])}.",
        }


ACTION = Action(
    name="find_vendor_coverage",
    title="Find Vendor Coverage",
    description=(
        "Answers which limit is on file for a subcontractor, until when and by which certificate. "
        "Use it before a payment, or to answer a question about a vendor's insurance."
    ),
    input=CoverageInput,
    fields=COVERAGE_FIELDS,
    run=run,
    is_search=True,
    noun="Coverage",
)
