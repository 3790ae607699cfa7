"""check_certificate: one certificate, or all current ones of a vendor, against a rule set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.action import Action, Flat, Given
from connector.actions.coverage_changes import tell_of_changes
from connector.actions.inputs import ContextInput, context, load, text
from connector.actions.notice_templates import digest_of, templates_of
from connector.actions.packets import digest_beside, of_vendor, packet_of
from connector.actions.sending_again import release_held
from connector.actions.services import Caller, Services
from connector.actions.vendors import email_of_vendor, name_on_record, vendor_on_file
from connector.certificate.names import normalise
from connector.checking.evaluate import evaluate
from connector.checking.notice import NoticeTemplates, write_notice
from connector.checking.outcome import CHECK_FIELDS, flatten_verdict
from connector.checking.packet import Packet
from connector.checking.rule import RuleSet
from connector.checking.rule_set import named
from connector.checking.turning import turns_on
from connector.checking.verdict import Context, Status, Verdict
from connector.checking.verdict_json import context_from_json, context_to_json, verdict_to_json
from connector.errors import InvalidInput
from connector.storage import accounts, certificates, checks, rule_set_texts, standing, vendors
from connector.storage.accounts import Account
from connector.storage.board_rows import OVERALL
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.events import EventType
from connector.storage.schema import new_id

DEFAULT_RULE_SET = "standard-subcontractor"
OF_VENDOR = "of_vendor"
"""In a check's question: it looks at the certificate with all that the vendor has on file."""


class Input(ContextInput):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step. Leave it empty to check "
        "all current certificates of the vendor together.",
        choices_from="certificates",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The verdict; the same question about the same certificate today answers the same check."""
    with services.sessions() as session, session.begin():
        account = accounts.get(session, caller.account_id)
        rule_set = named(dict(services.rule_sets), _rule_set_name(given, account))
        rows = _rows(session, account, given)
        about = _context(session, account, given, rows[0], services)
        return _answer(session, account, rows, rule_set, about, services)


def run_for_vendor(given: Given, caller: Caller, services: Services) -> Flat:
    """The verdict on the certificate together with what else the vendor has on file, where nothing
    newer is there: a policy of another broker, or the one that a renewal will follow, still counts."""
    with services.sessions() as session, session.begin():
        account = accounts.get(session, caller.account_id)
        rule_set = named(dict(services.rule_sets), _rule_set_name(given, account))
        row = certificates.get(session, account.id, given["certificate_id"])
        about = _context(session, account, given, row, services)
        rows = _with_the_vendors(session, account, row)
        return _answer(session, account, rows, rule_set, about, services, of_vendor=True)


def _with_the_vendors(
    session: Session, account: Account, row: StoredCertificate
) -> list[StoredCertificate]:
    """The certificate first, then the vendor's others; it alone where a newer document has come."""
    if row.vendor_id is None:
        return [row]
    others = [each for each in of_vendor(session, account.id, row.vendor_id) if each.id != row.id]
    newer = [each for each in others if each.number > row.number]
    if any(each.document_id != row.document_id for each in newer):
        return [row]
    return [row, *others]


def refuse(given: Given, caller: Caller, services: Services) -> None:
    """UnknownRuleSet for a check that could only fail."""
    with services.readers() as session:
        account = accounts.get(session, caller.account_id)
    named(dict(services.rule_sets), _rule_set_name(given, account))


def _answer(
    session: Session,
    account: Account,
    rows: list[StoredCertificate],
    rule_set: RuleSet,
    about: Context,
    services: Services,
    *,
    kept_under: StoredCertificate | None = None,
    of_vendor: bool = False,
) -> Flat:
    """The newest check's own answer where nothing has changed since, else a new check's.

    It is kept under the first certificate unless another one is named. `of_vendor` is remembered:
    asked again, the check looks at what the vendor has on file then.
    """
    vendors.hold(session, [row.vendor_id for row in rows])
    packet = packet_of(session, rows, looks_back=rule_set.looks_back)
    question = _question(account, about, rows, packet)
    question |= {OF_VENDOR: True} if of_vendor else {}
    asked = Asked(rule_set, about, packet, services.today(account), question, kept_under or rows[0])
    known = _same_check(session, account, rows, asked)
    if known is not None:
        return dict(known.flat) | {"is_duplicate": True}
    return _check(session, account, asked, services)


def again(caller: Caller, certificate_id: str, services: Services) -> dict[str, Flat]:
    """The certificate's newest check for each project, asked again of what it says now.

    By the projects' names, the one that was checked last at the end, so that it stays the newest; a
    first check, for no project, where there was none. A check of several certificates together
    looks at all that the vendor has today.
    """
    with services.sessions() as session, session.begin():
        account = accounts.get(session, caller.account_id)
        newest = checks.newest_of_each_project(session, caller.account_id, certificate_id)
        last, *others = newest.values() or (None,)
        going_on = [check for check in others if check and _goes_on(check, account, services)]
        found = {
            check.project: _again(session, account, check, services)
            for check in (*reversed(going_on), last)
            if check
        }
    return found or {
        OVERALL: run(load(Input, {"certificate_id": certificate_id}), caller, services)
    }


def _again(session: Session, account: Account, check: StoredCheck, services: Services) -> Flat:
    rule_set = named(dict(services.rule_sets), check.rule_set)
    rows = _rows_again(session, account, check)
    about = replace(context_from_json(check.context), legal_names=tuple(account.legal_names))
    if not check.context.get(OF_VENDOR):
        return _answer(session, account, rows, rule_set, about, services)
    first = certificates.get(session, account.id, check.certificate_id)
    return _answer(
        session, account, rows, rule_set, about, services, kept_under=first, of_vendor=True
    )


def _goes_on(check: StoredCheck, account: Account, services: Services) -> bool:
    """Whether its project is not known to be over, and its rules are still there to be asked."""
    ends = context_from_json(check.context).project_end
    is_over = ends is not None and ends < services.today(account)
    return not is_over and check.rule_set in services.rule_sets


def _rows_again(session: Session, account: Account, check: StoredCheck) -> list[StoredCertificate]:
    asked = check.context.get("certificates") or [check.certificate_id]
    first = certificates.get(session, account.id, check.certificate_id)
    if first.vendor_id is None:
        return [certificates.get(session, account.id, each) for each in asked]
    if check.context.get(OF_VENDOR):
        if not standing.counts_whole(session, account.id, first.id):
            return [first]  # a newer certificate must not make good what is pushed of this one
    elif len(asked) == 1:
        return [first]
    return list(of_vendor(session, account.id, first.vendor_id))


def _rule_set_name(given: Given, account: Account) -> str:
    return str(given.get("rule_set") or account.settings.get("rule_set") or DEFAULT_RULE_SET)


def _rows(session: Session, account: Account, given: Given) -> list[StoredCertificate]:
    """The certificate asked for, or the vendor's certificates, newest first."""
    if given.get("certificate_id"):
        return [certificates.get(session, account.id, given["certificate_id"])]
    name = given.get("vendor_name")
    vendor = vendors.find(
        session, account.id, given.get("vendor_id"), normalise(name) if name else None
    )
    if vendor is None:
        raise InvalidInput(
            "Certificate: map the certificate's number from an earlier step, or name a vendor "
            "that has certificates on file.",
            field="certificate_id",
        )
    found = list(of_vendor(session, account.id, vendor.id))
    if not found:
        raise InvalidInput(
            f"There is no certificate of {vendor.name} on file. Send one first.", field="vendor_id"
        )
    return found


def _context(
    session: Session, account: Account, given: Given, row: StoredCertificate, services: Services
) -> Context:
    """The caller's words, and the vendor's own where the caller said nothing."""
    vendor = vendor_on_file(session, account, given, row, services.clock())
    said = {**given, "vendor_email": email_of_vendor(given, row.certificate)}
    if vendor is not None and vendor.id != row.vendor_id:
        certificates.assign(session, row, vendor, services.clock())
        tell_of_changes(session, row, services)
    if vendor is not None:
        known = {
            "vendor_id": vendor.external_id,
            "vendor_name": name_on_record(vendor),
            "vendor_email": vendor.email,
            "trade": vendor.trade,
            "state": vendor.state,
        }
        said |= {name: value for name, value in known.items() if not said.get(name)}
    return context(said, tuple(account.legal_names))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is about. `question` is all of it that is kept to know the question again."""

    rule_set: RuleSet
    about: Context
    packet: Packet
    today: date
    question: dict[str, Any]
    kept_under: StoredCertificate


def _same_check(
    session: Session, account: Account, rows: list[StoredCertificate], asked: Asked
) -> StoredCheck | None:
    """The newest check, if it answered this very question and nothing has changed since."""
    of_projects = checks.newest_of_each_project(session, account.id, asked.kept_under.id)
    newest = of_projects.get(asked.about.project_name or OVERALL)
    if newest is None or any(row.updated_at > newest.created_at for row in rows):
        return None
    same = (asked.rule_set.digest, asked.today, asked.question)
    return newest if (newest.digest, newest.on, newest.context) == same else None


def _question(
    account: Account, about: Context, rows: list[StoredCertificate], packet: Packet
) -> dict[str, Any]:
    own_words = digest_of(account)
    return context_to_json(about) | {
        "certificates": [row.id for row in rows],
        "beside": digest_beside(packet),
        **({"notice": own_words} if own_words else {}),
    }


def _check(
    session: Session,
    account: Account,
    asked: Asked,
    services: Services,
) -> Flat:
    packet, rule_set, about = asked.packet, asked.rule_set, asked.about
    kept_under = asked.kept_under
    verdict = evaluate(packet, rule_set, about, asked.today)
    now, check_id = services.clock(), new_id("check")
    flat = flatten_verdict(
        verdict,
        about,
        packet,
        check_id=check_id,
        certificate_id=kept_under.id,
        checked_at=now,
        notice=_notice(packet, verdict, about, templates_of(account)),
        review_url=services.page_url(f"/review/{kept_under.id}"),
    )
    rule_set_texts.keep(
        session,
        rule_set.name,
        rule_set.version,
        digest=rule_set.digest,
        text=rule_set.text,
        now=now,
    )
    check = checks.save(
        session,
        account.id,
        kept_under.id,
        vendor_id=kept_under.vendor_id,
        rule_set=rule_set.name,
        version=rule_set.version,
        digest=rule_set.digest,
        status=verdict.status.value,
        on=asked.today,
        context=asked.question,
        verdict=verdict_to_json(verdict),
        flat=flat,
        now=now,
        check_id=check_id,
        turns_on=turns_on(packet, rule_set, about, verdict),
    )
    event = EventType(f"certificate.{verdict.status.value}")
    services.announce(session, account.id, event, check_id, flat)
    if verdict.status is not Status.NEEDS_REVIEW:
        release_held(session, check, services)
    return flat


def _notice(packet: Packet, verdict: Verdict, about: Context, templates: NoticeTemplates) -> Any:
    if verdict.status is not Status.NON_COMPLIANT:
        return None
    return write_notice(packet, verdict, about, templates)


ACTION = Action(
    name="check_certificate",
    title="Check Certificate",
    description=(
        "Checks a certificate on file against a rule set and answers compliant, non_compliant or "
        "needs_review, with the deficiency notice ready to send. Use it after Parse Certificate, "
        "or with a vendor alone to check all its current certificates together."
    ),
    input=Input,
    fields=CHECK_FIELDS,
    run=run,
    refuse=refuse,
)
