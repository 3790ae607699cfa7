"""GCPay's cover sheets: taken in once, used for every certificate of that subcontractor."""

from __future__ import annotations

from dataclasses import dataclass

from connector.actions.services import Caller, Services
from connector.certificate.names import normalise
from connector.documents.admit import MEGABYTE
from connector.documents.fetch import fetch
from connector.errors import InvalidInput
from connector.storage import cover_sheets

ANY_ITEM = "Insurance"
"""What an item is called when nobody said: one document may satisfy several."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where GCPay files what lies behind a sheet: the subcontractor's item in a project."""

    vendor_name: str
    item: str | None = None
    project_name: str | None = None

    @property
    def vendor(self) -> str:
        return normalise(self.vendor_name) or self.vendor_name

    @property
    def project(self) -> str:
        return normalise(self.project_name or "")


def keep(caller: Caller, place: Place, sheet: bytes, services: Services) -> None:
    """Keep a cover sheet. DocumentRefused when it is no PDF that can be opened."""
    if sheet[:1024].lstrip()[:5] != b"%PDF-":
        raise InvalidInput(
            "The cover sheet is no PDF. Open it in GCPay, print it to PDF and give that file.",
            field="cover_sheet_url",
        )
    services.reader.join([sheet])
    sha256 = services.documents.put(sheet)
    with services.sessions() as session, session.begin():
        cover_sheets.keep(
            session,
            caller.account_id,
            vendor=place.vendor,
            vendor_name=place.vendor_name,
            project=place.project,
            item=" ".join((place.item or "").split()) or ANY_ITEM,
            sha256=sha256,
            now=services.clock(),
        )


def keep_linked(caller: Caller, place: Place, url: str, services: Services) -> None:
    """Keep the cover sheet behind a link."""
    most = services.settings.max_upload_mb * MEGABYTE
    sheet, _ = fetch(url, services.outbound, most_bytes=most)
    keep(caller, place, sheet, services)
