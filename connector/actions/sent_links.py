"""Links for people outside, made, opened, listed and taken back: for uploads and for reviews."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from connector import links
from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, before, numbered, page_size
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.errors import InvalidInput, LinkExpired
from connector.storage import sent_links, vendors
from connector.storage.certificates import StoredCertificate
from connector.storage.sent_links import LinkKind, LinkState, SentLink

LASTS = {LinkKind.UPLOAD: timedelta(days=30), LinkKind.REVIEW: timedelta(days=3)}
PATHS = {LinkKind.UPLOAD: "/u", LinkKind.REVIEW: "/review/link"}
GONE = (
    "This link has ended: it was taken back, or whoever made it is no longer with the office. Ask "
    "the office for a new one."
)
LONGEST_PROJECT = 200
LONGEST_NAME = 80

FIELDS = (
    Field("link_id", "Link", Kind.TEXT, "link_9C4W1R7T2K8M"),
    Field("link_kind", "Kind", Kind.CHOICE, "upload", choices=tuple(LinkKind)),
    Field("link_state", "State", Kind.CHOICE, "open", choices=tuple(LinkState)),
    Field(
        "vendor_id",
        "Vendor",
        Kind.TEXT,
        "vend_2H6P9Q4R",
        "Our own id of the vendor, for a link to upload.",
    ),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T", "Of a link to review."),
    Field("project_name", "Project", Kind.TEXT, "Harbor Yard", "Empty: all projects."),
    Field("person", "For", Kind.TEXT, "Kim Ito", "Who is asked, for a link to review."),
    Field("made_by", "Made by", Kind.TEXT, "Dana Reyes"),
    Field("created_at", "Made at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
    Field("expires_at", "Until", Kind.DATETIME, "2026-04-01T15:04:06Z"),
    Field("ended_at", "Ended at", Kind.DATETIME, None),
    Field("ended_by", "Ended by", Kind.TEXT, None),
    Field("ended_why", "Why", Kind.TEXT, None, "Where it ended by itself."),
)


class LinkFilters(Filters):
    vendor_id = text("Vendor number", help="Only links that concern this vendor.")
    certificate_id = text("Certificate", help="Only links to review this certificate.")


def make_upload(
    session: Session,
    account_id: str,
    vendor_id: str,
    project: str | None,
    services: Services,
    *,
    no_later_than: datetime | None = None,
) -> SentLink:
    """A link by which this vendor sends its certificate. NotFound for a vendor of nobody's."""
    return sent_links.make(
        session,
        account_id,
        LinkKind.UPLOAD,
        services.clock(),
        LASTS[LinkKind.UPLOAD],
        vendor_id=vendors.get(session, account_id, vendor_id).id,
        project=(project or "").strip()[:LONGEST_PROJECT],
        no_later_than=no_later_than,
    )


def make_review(
    session: Session, row: StoredCertificate, person: str, services: Services
) -> SentLink:
    """A link that opens this certificate's review to `person`. InvalidInput without a name."""
    if not person:
        raise InvalidInput("Write who is asked: the changes are signed with this name.")
    return sent_links.make(
        session,
        row.account_id,
        LinkKind.REVIEW,
        services.clock(),
        LASTS[LinkKind.REVIEW],
        certificate_id=row.id,
        person=person[:LONGEST_NAME],
    )


def address(link: SentLink, services: Services) -> str:
    """What is sent to the person outside: shown when it is made, and never again."""
    kind = LinkKind(link.kind)
    token = links.sign(kind, link.id, link.expires_at, services.settings.secret_keys)
    return services.page_url(f"{PATHS[kind]}/{token}")


def opened(kind: LinkKind, token: str, services: Services) -> SentLink:
    """The link of this token. LinkRefused for none of ours, LinkExpired once it is over."""
    link_id = links.verify(kind, token, services.settings.secret_keys, services.clock())
    with services.readers() as session:
        link = sent_links.by_token(session, kind, link_id)
    if link is None:
        raise LinkExpired(GONE)
    return link


def end(session: Session, account_id: str, link_id: str, services: Services) -> SentLink:
    """Take a link back. NotFound when this account has none of this id; twice is no error."""
    link = sent_links.get(session, account_id, link_id)
    sent_links.end(link, services.clock())
    return link


def find(given: Given, caller: Caller, services: Services) -> Page:
    """A page of links, newest first; the vendor may be named by its number or our id."""
    limit = page_size(given)
    with services.readers() as session:
        vendor_id = vendors.id_meant(session, caller.account_id, given["vendor_id"])
        found = sent_links.search(
            session,
            caller.account_id,
            vendor_id=vendor_id,
            certificate_id=given["certificate_id"],
            before=before(given),
            limit=limit + 1,
        )
        names = vendors.names_of(session, caller.account_id, {str(row.vendor_id) for row in found})
    now = services.clock()
    return numbered([(row.number, flat_link(row, names, now)) for row in found], limit)


def flat_link(row: SentLink, names: dict[str, str], now: datetime) -> Flat:
    """A link, FIELDS in order; never its address."""
    return {
        "link_id": row.id,
        "link_kind": row.kind,
        "link_state": row.state(now).value,
        "vendor_id": row.vendor_id,
        "vendor_name": names.get(row.vendor_id or ""),
        "certificate_id": row.certificate_id,
        "project_name": row.project or None,
        "person": row.person,
        "made_by": row.made_by,
        "created_at": scalar(row.created_at),
        "expires_at": scalar(row.expires_at),
        "ended_at": scalar(row.ended_at),
        "ended_by": row.ended_by,
        "ended_why": row.ended_why,
    }


def flat_of(session: Session, link: SentLink, services: Services) -> Flat:
    """One link by itself."""
    names = vendors.names_of(session, link.account_id, {str(link.vendor_id)})
    return flat_link(link, names, services.clock())


LINKS = Listing(
    "links",
    "Links",
    "The upload and review links that were made, newest first; never their addresses.",
    FIELDS,
    find,
    LinkFilters,
    for_admins=True,
)
