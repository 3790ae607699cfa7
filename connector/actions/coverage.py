"""Coverage on file: which limit, until when, by which certificate; of one vendor or over all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from connector.actions.action import Flat, Given
from connector.actions.inputs import choice, dollars, text
from connector.actions.listing import Filters, Listing, Page, page_size, whole_number
from connector.actions.packets import of_vendor, packet_of
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.certificate.names import normalise
from connector.checking.answer import dollars as dollars_text
from connector.checking.coverage import Coverage, CoverageStatus, coverage
from connector.checking.subject import LINE_LABELS
from connector.errors import NotFound
from connector.storage import accounts, coverage_lines, vendors
from connector.storage.vendors import StoredVendor

ORDER = tuple(LINE_LABELS)
LONGEST_NOTICE = 3650
"""Days; more is no notice of an expiration."""

COVERAGE_FIELDS: tuple[Field, ...] = (
    Field("coverage_id", "Coverage", Kind.TEXT, "vend_4K7R2M9T:general_liability"),
    Field("vendor_id", "Vendor number", Kind.TEXT, "V-204"),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("coverage_line", "Coverage line", Kind.CHOICE, "general_liability", choices=tuple(LINE_LABELS)),
    Field("coverage_status", "Coverage status", Kind.CHOICE, "in_force", "How the line stands today; `unclear` until a person has looked.", choices=tuple(CoverageStatus)),
    Field("status_text", "Status (text)", Kind.TEXT, "to 03/01/2027", "Why it stands so."),
    Field("limit", "Limit", Kind.USD, 1_000_000, "Empty when it is blank or in doubt."),
    Field("limit_name", "Limit name", Kind.TEXT, "each occurrence", "Which limit of the line this is."),
    Field("limit_text", "Limit (text)", Kind.TEXT, None, "What is printed in place of an amount."),
    Field("aggregate", "Aggregate", Kind.USD, 2_000_000),
    Field("effective_date", "Effective date", Kind.DATE, "2026-03-01"),
    Field("expiration_date", "Expiration date", Kind.DATE, "2027-03-01"),
    Field("days_until_expiration", "Days until expiration", Kind.INT, 95, "Negative once it has expired."),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-4481902"),
    Field("insurer_name", "Insurer", Kind.TEXT, "Granite Mutual Insurance Company"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T", "The certificate that says so."),
    Field("document_name", "Document name", Kind.TEXT, "northfield-coi.pdf"),
    Field("certificate_date", "Certificate date", Kind.DATE, "2026-03-02"),
    Field("unclear_text", "Unclear (text)", Kind.TEXT, None, "One line for each value that is in doubt and left out."),
    Field("coverage_text", "Coverage (text)", Kind.TEXT, "General liability: each occurrence $1,000,000, in force until 03/01/2027, by northfield-coi.pdf.", "All of it as a sentence."),
    Field("review_url", "Review link", Kind.URL, None, "The certificate's page."),
)  # fmt: skip


class CoverageFilters(Filters):
    vendor_id = text("Vendor number", help="Only this vendor's coverage.", choices_from="vendors")
    vendor_name = text("Vendor name", help="Only the coverage of the vendor of this name.")
    coverage_line = choice(
        "Coverage line",
        help="Only this line, for example general_liability.",
        choices=tuple(LINE_LABELS),
    )
    coverage_status = choice(
        "Coverage status", help="Only lines that stand so.", choices=tuple(CoverageStatus)
    )
    limit_below = dollars(
        "Limit below",
        help="Only lines whose limit is lower than this amount, or is not known for certain.",
    )
    expiring_within = text(
        "Days before expiration",
        help="Only lines that expire within so many days, for example 30, or whose day is not "
        "known for certain. What has expired already is left out.",
    )


def of_vendor_on_file(
    session: Session, vendor: StoredVendor, given: Given, services: Services
) -> list[Flat]:
    """The vendor's lines on file that the filters ask for, in the form's order."""
    today = services.today(accounts.get(session, vendor.account_id))
    rows = of_vendor(session, vendor.account_id, vendor.id)
    if not rows:
        return []
    found = coverage(packet_of(session, rows), today)
    wanted = [each for each in found if _is_wanted(each, given, today)]
    return [_flat(each, vendor, today, services) for each in wanted]


def vendor_named(
    session: Session, account_id: str, number: str | None, name: str | None
) -> StoredVendor | None:
    """The vendor of this number (or our id), else the only one of this name."""
    found = vendors.find(session, account_id, number, None) if number else None
    return found or vendors.find(session, account_id, None, normalise(name) if name else None)


def _is_wanted(found: Coverage, given: Given, today: date) -> bool:
    line, status, below = (
        given.get(name) for name in ("coverage_line", "coverage_status", "limit_below")
    )
    days = whole_number(given, "expiring_within", "Days before expiration")
    if line not in (None, found.line) or status not in (None, found.status):
        return False
    if below is not None and found.limit is not None and found.limit >= below:
        return False
    if days is None or found.expiration is None:
        return True
    return 0 < (found.expiration - today).days <= days


def _flat(found: Coverage, vendor: StoredVendor, today: date, services: Services) -> Flat:
    certificate = found.at.certificate
    issued = certificate.certificate_date
    return {
        "coverage_id": f"{vendor.id}:{found.line}",
        "vendor_id": vendor.external_id or vendor.id,
        "vendor_name": vendor.name,
        "coverage_line": found.line,
        "coverage_status": found.status.value,
        "status_text": found.why,
        "limit": found.limit,
        "limit_name": found.limit_name,
        "limit_text": found.limit_text,
        "aggregate": found.aggregate,
        "effective_date": scalar(found.effective),
        "expiration_date": scalar(found.expiration),
        "days_until_expiration": (found.expiration - today).days if found.expiration else None,
        "policy_number": found.policy_number,
        "insurer_name": found.insurer,
        "certificate_id": certificate.certificate_id,
        "document_name": certificate.document_name,
        "certificate_date": scalar(issued.value) if issued.is_read else None,
        "unclear_text": "\n".join(found.unclear) or None,
        "coverage_text": _sentence(found),
        "review_url": services.page_url(f"/review/{certificate.certificate_id}"),
    }


def _sentence(found: Coverage) -> str:
    limit = found.limit_text or (dollars_text(found.limit) if found.limit is not None else None)
    status = found.status.value.replace("_", " ")
    by = found.at.certificate.document_name or "its certificate"
    return (
        f"{found.label}: {found.limit_name} {limit or 'not known for certain'}; {status} "
        f"({found.why.rstrip('.')}), by {by}."
    )


def _of_account(
    session: Session, account_id: str, given: Given, services: Services
) -> Iterator[Flat]:
    """The lines of all vendors asked for, vendor by vendor, after the one named by the cursor."""
    vendor_id, _, line = (given.get("cursor") or "").partition(":")
    shown = ORDER.index(line) if line in ORDER else -1
    today = services.today(accounts.get(session, account_id))
    days = whole_number(given, "expiring_within", "Days before expiration")
    ids = coverage_lines.vendors_with(
        session,
        account_id,
        since=vendor_id,
        limit_below=given.get("limit_below"),
        expires_until=_day(today, days),
    )
    for each in ids:
        vendor = vendors.get(session, account_id, each)
        for row in of_vendor_on_file(session, vendor, given, services):
            if each != vendor_id or ORDER.index(str(row["coverage_line"])) > shown:
                yield row


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=min(days, LONGEST_NOTICE))


def _find(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.readers() as session:
        if given["vendor_id"] or given["vendor_name"]:
            vendor = vendor_named(
                session, caller.account_id, given["vendor_id"], given["vendor_name"]
            )
            return Page(of_vendor_on_file(session, vendor, given, services) if vendor else [])
        rows = list(islice(_of_account(session, caller.account_id, given, services), limit + 1))
    shown = rows[:limit]
    return Page(shown, str(shown[-1]["coverage_id"]) if len(rows) > limit else None)


def of_one(vendor: str, given: Given, caller: Caller, services: Services) -> Page:
    """One vendor's coverage, by number, our id, or name. NotFound when there is no such vendor."""
    with services.readers() as session:
        found = vendor_named(session, caller.account_id, vendor, vendor)
        if found is None:
            raise NotFound(
                f"There is no vendor “{vendor[:60]}” on file, or several have this name. "
                "GET /v1/vendors lists them with their numbers."
            )
        return Page(of_vendor_on_file(session, found, given, services))


COVERAGE = Listing(
    "coverage",
    "Coverage lines",
    "The coverage on file that counts today, one row for each vendor and line.",
    COVERAGE_FIELDS,
    _find,
    CoverageFilters,
)
