"""waive_requirement: a person's word that a vendor need not meet a rule, for a time."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from sqlalchemy.orm import Session

from connector.actions import recheck_certificate
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, day, text
from connector.actions.services import Caller, Services
from connector.actions.waiver_answer import WAIVER_FIELDS, flat_waiver
from connector.certificate.names import normalise
from connector.checking.evaluate import is_identity
from connector.checking.packet import Waiver
from connector.checking.rule import RuleSet
from connector.errors import InvalidInput
from connector.storage import accounts, certificates, vendors, waivers
from connector.storage.vendors import StoredVendor


class WaiveInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map a certificate of the vendor from an earlier step, or name the vendor below.",
        choices_from="certificates",
    )
    vendor_id = text(
        "Vendor number", help="Give your own number for the vendor.", choices_from="vendors"
    )
    vendor_name = text("Vendor name", help="Write the vendor's name where you have no number.")
    rule_id = text(
        "Rule",
        help="Choose the rule that need not be met. As text it is the rule's id, for "
        "example gl-each-occurrence.",
        required=True,
        choices_from="rules",
    )
    reason = text(
        "Reason",
        help="Say why the rule need not be met; it is shown on every check.",
        required=True,
    )
    waived_by = text("Waived by", help="Say who decided it, by name or e-mail.", required=True)
    expires_on = day(
        "Expires on",
        help="Write the day from which the rule counts again, for example 2026-12-31. "
        "Leave it empty for no end.",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The waiver; said again it is the same one. What it touches is checked again by itself."""
    _require_rule(given["rule_id"], services.rule_sets)
    with services.sessions() as session, session.begin():
        today = services.today(accounts.get(session, caller.account_id))
        waiver = Waiver(
            given["rule_id"], given["reason"], given["waived_by"], given.get("expires_on")
        )
        if not waiver.counts_on(today):
            raise InvalidInput(
                "Expires on: the day has come already. Choose a later one.", field="expires_on"
            )
        vendor = _vendor(session, caller, given)
        row, is_new = waivers.give(session, caller.account_id, vendor.id, waiver, services.clock())
        if is_new:
            recheck_certificate.vendor_soon(session, caller, vendor.id, services)
        return flat_waiver(session, row, today) | {"is_duplicate": not is_new}


def _vendor(session: Session, caller: Caller, given: Given) -> StoredVendor:
    name = given.get("vendor_name")
    found = vendors.find(
        session, caller.account_id, given.get("vendor_id"), normalise(name) if name else None
    )
    if found is None and given.get("certificate_id"):
        row = certificates.get(session, caller.account_id, given["certificate_id"])
        if row.vendor_id is not None:
            return vendors.get(session, caller.account_id, row.vendor_id)
    if found is None:
        raise InvalidInput(
            "Vendor: map the vendor's number or a certificate of a known vendor. A waiver needs a "
            "vendor that has certificates on file.",
            field="vendor_id",
        )
    return found


def _require_rule(rule_id: str, rule_sets: Mapping[str, RuleSet]) -> None:
    """InvalidInput for a rule that stands in no rule set, or that nobody can waive."""
    rules = {rule.id: rule for found in rule_sets.values() for rule in found.rules}
    if rule_id not in rules:
        near = get_close_matches(rule_id, rules, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise InvalidInput(f"Rule: no rule set has a rule “{rule_id[:60]}”.{hint}", field="rule_id")
    if is_identity(rules[rule_id]):
        raise InvalidInput(
            "Rule: whether a certificate belongs to the vendor cannot be waived.", field="rule_id"
        )


ACTION = Action(
    name="waive_requirement",
    title="Waive Requirement",
    description=(
        "Notes that a vendor need not meet a rule, with reason, person and last day; its "
        "certificates are checked again by themselves. Use it after a person has decided so."
    ),
    input=WaiveInput,
    fields=WAIVER_FIELDS,
    run=run,
    noun="Waiver",
)
