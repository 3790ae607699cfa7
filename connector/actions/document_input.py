"""The document of an input: uploaded, behind a link, or as base64; admitted, then kept once."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from sqlalchemy.orm import Session

from connector.actions.action import Given
from connector.actions.services import Caller, Services
from connector.documents.admit import MEGABYTE
from connector.documents.document import Document
from connector.documents.fetch import fetch
from connector.errors import InvalidInput
from connector.extraction.whole import Opened
from connector.storage import documents
from connector.storage.documents import StoredDocument


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with the request."""

    data: bytes
    name: str


def take(given: Given, upload: Upload | None, services: Services) -> Opened:
    """The document of an input, admitted and read as far as it goes quickly.

    InvalidInput when there is none; DocumentRefused or FetchFailed with a sentence when it cannot
    be used.
    """
    found = _bytes(given, upload, services)
    return services.reader.open(found.data, given.get("file_name") or found.name)


def _bytes(given: Given, upload: Upload | None, services: Services) -> Upload:
    said = [name for name in ("file_url", "file_base64") if given.get(name)]
    if len(said) + (upload is not None) > 1:
        raise InvalidInput(
            "The certificate came in more than one way, and they may differ. Send it only once: as "
            "“file”, “file_url” or “file_base64”.",
            field=said[-1],
        )
    if upload is not None:
        return upload
    if given.get("file_url"):
        most_bytes = services.settings.max_upload_mb * MEGABYTE
        data, name = fetch(given["file_url"], services.outbound, most_bytes=most_bytes)
        return Upload(data, name)
    if given.get("file_base64"):
        return Upload(_decoded(given["file_base64"]), "certificate.pdf")
    raise InvalidInput(
        "A certificate is missing. Send it as “file”, or give “file_url” or “file_base64”.",
        field="file",
    )


def _decoded(text: str) -> bytes:
    """Base64 text, with or without a `data:` prefix, line breaks or missing padding."""
    plain = "".join(text.partition(";base64,")[2].split() or text.split())
    plain = plain.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            "“File as base64” is not base64 text. Map the file's base64 content, not its name.",
            field="file_base64",
        ) from None


def keep(
    session: Session, caller: Caller, document: Document, services: Services
) -> StoredDocument:
    """The document's row; its bytes are put into the store before, so that the row never lies."""
    return documents.save(
        session,
        caller.account_id,
        sha256=document.sha256,
        name=document.name,
        kind=document.kind.value,
        size=len(document.sent),
        page_count=document.page_count,
        now=services.clock(),
    )
