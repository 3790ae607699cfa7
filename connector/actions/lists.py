"""LISTS: every list that can be asked for."""

from __future__ import annotations

from datetime import date, timedelta

from connector.actions.action import Flat, Given
from connector.actions.audit_list import AUDIT
from connector.actions.certificate_answer import flat_certificates
from connector.actions.check_lists import CHECK_LISTS
from connector.actions.coverage import COVERAGE, LONGEST_NOTICE
from connector.actions.coverage_changes import CHANGE_FIELDS
from connector.actions.inputs import choice, day, text
from connector.actions.insurer_ratings import INSURER_RATINGS
from connector.actions.listing import (
    Filters,
    Listing,
    Page,
    before,
    numbered,
    page_size,
    whole_number,
)
from connector.actions.prepared_list import PREPARED_PUSHES
from connector.actions.procore_lists import PROCORE_LISTS
from connector.actions.pushing import flat_push
from connector.actions.sending_again import SENT_BY
from connector.actions.sent_links import LINKS
from connector.actions.services import Caller, Services
from connector.actions.work_lists import WORK_LISTS
from connector.actions.worksheets import WORKSHEETS
from connector.certificate.field import Field, Kind, scalar
from connector.certificate.fields import FIELDS
from connector.checking.outcome import CHECK_FIELDS
from connector.checking.verdict import Status
from connector.delivery import PUSH_FIELDS, MailStatus, PushStatus
from connector.errors import InvalidInput
from connector.storage import accounts, certificates, checks, events, mails, pushes, vendors
from connector.storage.certificates import Search
from connector.storage.events import EventType
from connector.storage.mails import StoredMail
from connector.storage.vendors import StoredVendor


class CertificateFilters(Filters):
    name = text("Insured", help="Part of the insured's name.")
    needs_review = text("Needs review", help="`true` or `false`.")
    expires_before = day("Expires before", help="Only certificates that expire before this day.")
    expires_within = text(
        "Days before expiration",
        help="Only certificates in force that expire within so many days, for example 30.",
    )
    lapsed = text("Lapsed", help="`true`: only certificates whose first policy has run out.")


class AboutFilters(Filters):
    certificate_id = text("Certificate", help="Only rows about this certificate.")


class CheckFilters(AboutFilters):
    status = choice("Status", help="Only checks of this status.", choices=tuple(Status))


class PushFilters(AboutFilters):
    status = choice("Status", help="Only rows of this status.", choices=tuple(PushStatus))
    destination = choice("Destination", help="Only rows of this system.", choices=tuple(SENT_BY))


class NoticeFilters(AboutFilters):
    status = choice("Status", help="Only mails of this status.", choices=tuple(MailStatus))


class NameFilters(Filters):
    name = text("Name", help="Part of the name.")


def _certificates(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        today = services.today(accounts.get(session, caller.account_id))
        first, last = _expirations(given, today)
        wanted = Search(
            name=given["name"],
            needs_review=_yes_or_no(given, "needs_review", "Needs review"),
            expires_after=first,
            expires_before=last,
            before=before(given),
        )
        found = certificates.search(session, caller.account_id, wanted, limit + 1)
        flat = flat_certificates(session, found, services)
    return numbered([(row.number, one) for row, one in zip(found, flat, strict=True)], limit)


def _expirations(given: Given, today: date) -> tuple[date | None, date | None]:
    """The days between which a certificate expires, both excluded; None leaves a side open.

    A policy ends at the beginning of its last day: on that day it has lapsed.
    """
    first: date | None = None
    ends = [given["expires_before"]]
    if given["expires_within"] is not None:
        days = whole_number(given, "expires_within", "Days before expiration") or 0
        first = today
        ends.append(today + timedelta(days=min(days, LONGEST_NOTICE) + 1))
    if _yes_or_no(given, "lapsed", "Lapsed"):
        ends.append(today + timedelta(days=1))
    return first, min((day for day in ends if day is not None), default=None)


def _checks(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = checks.search(
            session,
            caller.account_id,
            status=given["status"],
            certificate_id=given["certificate_id"],
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, dict(row.flat)) for row in found], limit)


def _pushes(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = pushes.search(
            session,
            caller.account_id,
            destination=given["destination"],
            status=given["status"],
            certificate_id=given["certificate_id"],
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, flat_push(row)) for row in found], limit)


def _notices(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = mails.search(
            session,
            caller.account_id,
            status=given["status"],
            certificate_id=given["certificate_id"],
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, _notice_row(row)) for row in found], limit)


def _notice_row(row: StoredMail) -> Flat:
    return {
        "notice_id": row.id,
        "kind": row.kind,
        "certificate_id": row.certificate_id,
        "check_id": row.check_id,
        "recipient": row.recipient,
        "recipient_role": row.role,
        "status": row.status,
        "reason": row.why,
        "subject": row.subject,
        "certificate_attached": row.has_attachment,
        "message_id": row.message_id,
        "created_at": scalar(row.created_at),
        "sent_at": scalar(row.sent_at),
    }


def _vendors(given: Given, caller: Caller, services: Services) -> Page:
    limit, account_id = page_size(given), caller.account_id
    with services.sessions() as session:
        cursor = given["cursor"]
        last = vendors.get(session, account_id, cursor) if cursor else None
        found = vendors.search(session, account_id, given["name"] or "", limit + 1, last)
        shown = found[:limit]
        return Page(
            [_vendor_row(row) for row in shown], shown[-1].id if len(found) > limit else None
        )


def _vendor_row(row: StoredVendor) -> Flat:
    return {
        "vendor_id": row.external_id or row.id,
        "vendor_name": row.name,
        "vendor_email": row.email,
        "trade": row.trade,
        "state": row.state,
    }


def _rule_sets(given: Given, caller: Caller, services: Services) -> Page:
    return Page([_rule_set_row(name, services) for name in services.rule_sets])


def _coverage_changes(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = events.search(
            session,
            caller.account_id,
            type=EventType.COVERAGE_CHANGED,
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, dict(row.flat)) for row in found], limit)


def _rule_set_row(name: str, services: Services) -> Flat:
    found = services.rule_sets[name]
    return {"rule_set": name, "title": found.title, "version": found.version}


def _trades(given: Given, caller: Caller, services: Services) -> Page:
    rules = [rule for found in services.rule_sets.values() for rule in found.rules]
    conditions = [when for r in rules for when in (r.when, *(tier.when for tier in r.tiers))]
    known = {trade for when in conditions for trade in when.trade}
    return Page([{"trade": trade} for trade in sorted(known)])


def _yes_or_no(given: Given, name: str, label: str) -> bool | None:
    if given[name] is None:
        return None
    if given[name].lower() not in ("true", "false"):
        raise InvalidInput(f"{label}: write true or false.", field=name)
    return bool(given[name].lower() == "true")


VENDOR_FIELDS = (
    Field("vendor_id", "Vendor number", Kind.TEXT, "V-204"),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("vendor_email", "Vendor e-mail", Kind.TEXT, "office@northfield.example"),
    Field("trade", "Trade", Kind.TEXT, "roofing"),
    Field("state", "State", Kind.TEXT, "IL"),
)
RULE_SET_FIELDS = (
    Field("rule_set", "Rule set", Kind.TEXT, "standard-subcontractor"),
    Field("title", "Title", Kind.TEXT, "Standard subcontractor"),
    Field("version", "Version", Kind.INT, 1),
)
NOTICE_FIELDS = (
    Field("notice_id", "Notice", Kind.TEXT, "mail_4K7R2M9T"),
    Field("kind", "Kind", Kind.CHOICE, "notice", choices=("notice", "gcpay"), help="`gcpay` is a certificate that was mailed to GCPay."),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("check_id", "Check", Kind.TEXT, "check_3J9X6B1D"),
    Field("recipient", "Recipient", Kind.TEXT, "office@northfield.example"),
    Field("recipient_role", "Recipient role", Kind.CHOICE, "subcontractor", choices=("subcontractor", "producer", "gcpay")),
    Field("status", "Status", Kind.CHOICE, "sent", choices=tuple(MailStatus), help="`unknown` means that nobody knows whether it went out; it is not sent again by itself."),
    Field("reason", "Reason", Kind.TEXT, None, help="What the mail server said when it did not take the mail."),
    Field("subject", "Subject", Kind.TEXT, "Insurance certificate of Northfield Roofing LLC: 1 item to correct"),
    Field("certificate_attached", "Certificate attached", Kind.FLAG, True),
    Field("message_id", "Message-ID", Kind.TEXT, "<9f2c@summit.example>"),
    Field("created_at", "Created at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
    Field("sent_at", "Sent at", Kind.DATETIME, "2026-03-02T15:04:07Z"),
)  # fmt: skip
TRADE_FIELDS = (Field("trade", "Trade", Kind.TEXT, "roofing"),)

LISTS: dict[str, Listing] = {
    listing.name: listing
    for listing in (
        Listing("certificates", "Certificates", "The certificates on file, newest first.", FIELDS, _certificates, CertificateFilters, "insured_name", ("certificate_number", "earliest_expiration_date")),
        Listing("checks", "Checks", "The checks made, newest first.", CHECK_FIELDS, _checks, CheckFilters, "insured_name", ("status", "checked_at")),
        Listing("pushes", "Pushes", "What was sent to other systems, newest first.", PUSH_FIELDS, _pushes, PushFilters),
        Listing("coverage_changes", "Coverage changes", "What vendors' certificates say differently from the ones before, newest first.", CHANGE_FIELDS, _coverage_changes),
        Listing("notices", "Notices", "The mails that went out, one row for each recipient, newest first.", NOTICE_FIELDS, _notices, NoticeFilters, "subject"),
        Listing("vendors", "Vendors", "The subcontractors on file, by name.", VENDOR_FIELDS, _vendors, NameFilters, "vendor_name", ("vendor_id",)),
        Listing("rule_sets", "Rule sets", "The rule sets that a check can apply.", RULE_SET_FIELDS, _rule_sets, shown_as="title"),
        Listing("trades", "Trades", "The trades that the rule sets tell apart.", TRADE_FIELDS, _trades, shown_as="trade"),
        COVERAGE,
        PREPARED_PUSHES,
        *CHECK_LISTS,
        INSURER_RATINGS,
        *PROCORE_LISTS,
        WORKSHEETS,
        *WORK_LISTS,
        AUDIT,
        LINKS,
    )
}  # fmt: skip
