"""What checks go by beside certificates: rules, waivers, carriers' notices of cancellation."""

from __future__ import annotations

from connector.actions.action import Flat, Given
from connector.actions.cancellation_answer import CANCELLATION_FIELDS, flat_cancellation
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, before, numbered, page_size
from connector.actions.services import Caller, Services
from connector.actions.waiver_answer import WAIVER_FIELDS, flat_waiver
from connector.certificate.field import Field, Kind
from connector.certificate.names import normalise
from connector.checking.evaluate import is_identity
from connector.storage import accounts, cancellations, vendors, waivers


class VendorFilters(Filters):
    vendor_id = text("Vendor number", help="Only rows of this vendor.", choices_from="vendors")
    vendor_name = text("Vendor name", help="Only rows of the vendor of this name.")


RULE_FIELDS = (
    Field("rule_id", "Rule", Kind.TEXT, "gl-each-occurrence"),
    Field("requirement", "Requirement", Kind.TEXT, "General liability: each occurrence", "What the rule looks at."),
    Field("rule_sets", "Rule sets", Kind.TEXT, "standard-subcontractor, new-york", "Where it stands, joined by commas."),
    Field("rule_label", "Rule (label)", Kind.TEXT, "gl-each-occurrence: General liability: each occurrence"),
)  # fmt: skip


def _rules(given: Given, caller: Caller, services: Services) -> Page:
    """Every rule that can be waived, by id, over all rule sets."""
    found: dict[str, Flat] = {}
    for name, rule_set in services.rule_sets.items():
        for rule in rule_set.rules:
            if is_identity(rule):
                continue
            row = found.setdefault(
                rule.id,
                {"rule_id": rule.id, "requirement": rule.subject.label, "rule_sets": None},
            )
            row["rule_sets"] = ", ".join(filter(None, (str(row["rule_sets"] or ""), name)))
            row["rule_label"] = f"{rule.id}: {row['requirement']}"
    return Page([found[rule_id] for rule_id in sorted(found)])


def _waivers(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        today = services.today(accounts.get(session, caller.account_id))
        name = given["vendor_name"]
        wanted = None
        if given["vendor_id"] or name:
            vendor = vendors.find(
                session, caller.account_id, given["vendor_id"], normalise(name) if name else None
            )
            if vendor is None:
                return Page([])
            wanted = vendor.id
        found = waivers.search(
            session,
            caller.account_id,
            vendor_id=wanted,
            before=before(given),
            limit=limit + 1,
        )
        rows = [(row.number, flat_waiver(session, row, today)) for row in found]
    return numbered(rows, limit)


def _cancellations(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = cancellations.search(
            session, caller.account_id, before=before(given), limit=limit + 1
        )
        rows = [(row.number, flat_cancellation(session, row)) for row in found]
    return numbered(rows, limit)


CHECK_LISTS = (
    Listing("rules", "Rules", "The rules of all rule sets that can be waived, by their ids.", RULE_FIELDS, _rules, shown_as="rule_label"),
    Listing("waivers", "Waivers", "The waivers, revoked ones too, newest first.", WAIVER_FIELDS, _waivers, VendorFilters, "vendor_name", ("rule_id", "waiver_status")),
    Listing("cancellations", "Cancellations", "Carriers' notices of cancellation, newest first.", CANCELLATION_FIELDS, _cancellations, shown_as="insured_name", besides=("policy_number", "ends_on")),
)  # fmt: skip
