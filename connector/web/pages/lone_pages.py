"""Endorsement pages that came without a certificate, as the pages of a certificate and a vendor list them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from connector.certificate.endorsement_page import doubt_of
from connector.storage import documents, endorsement_pages
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.web.pages.words import moment


@dataclass(frozen=True, slots=True)
class LonePage:
    """A kept page in words; `doubt` is about the page itself."""

    id: str
    form: str
    policy: str
    document: str
    page: int
    received: str
    doubt: str | None


def lone_pages(
    session: Session, account_id: str, vendor_id: str | None, zone: ZoneInfo
) -> tuple[LonePage, ...]:
    """Those of a vendor, the first one first."""
    if vendor_id is None:
        return ()
    rows = endorsement_pages.of_vendor(session, account_id, vendor_id)
    return tuple(_shown(session, row, zone) for row in rows)


def _shown(session: Session, row: StoredEndorsementPage, zone: ZoneInfo) -> LonePage:
    said = row.said
    return LonePage(
        id=row.id,
        form=str(said.printed or said.title or "a form that could not be read"),
        policy=f"policy {said.policy_number}" if said.policy_number else "no policy number",
        document=documents.get(session, row.account_id, row.document_id).name,
        page=row.page,
        received=moment(row.created_at, zone),
        doubt=doubt_of(said),
    )
