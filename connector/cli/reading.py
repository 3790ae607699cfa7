"""Reading files from the command line: no database, no account, the same reader as the service.

Files are opened in a child process here, too: a folder of certificates is a stranger's work.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from connector.certificate.field import Scalar, nothing
from connector.certificate.fields import FIELDS
from connector.certificate.flat import flatten
from connector.certificate.model import Certificate
from connector.documents.document import Document
from connector.errors import ConnectorError, InvalidInput
from connector.extraction.reader import Found
from connector.settings import load as load_settings
from connector.wiring.reader import ChildReader

NOTHING = Found(())
PAGES_ALONE = "Endorsement pages without a certificate (policy: {policies}); they count beside it."
READABLE = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".heic"}


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file: its document and what is in it, or the sentence why nothing is."""

    path: Path
    document: Document | None = None
    found: Found = NOTHING
    refusal: str | None = None

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        return self.found.certificates


@contextmanager
def opened_reader() -> Iterator[ChildReader]:
    """A warm reader with the settings' limits, ended with the block."""
    reader = ChildReader(load_settings(os.environ))
    try:
        yield reader
    finally:
        reader.close()


def files_in(places: tuple[Path, ...]) -> list[Path]:
    """The files named, and those of the folders named, in order. InvalidInput for a missing one."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = (p for p in place.rglob("*") if p.suffix.lower() in READABLE)
            found += sorted(p for p in inside if p.is_file())
        elif place.is_file():
            found.append(place)
        else:
            raise InvalidInput(f"There is no file or folder “{place}”.")
    return found


def read_certificates(path: Path, reader: ChildReader) -> Read:
    """The certificates of one file, or its endorsement pages; one that holds notices alone is
    refused."""
    done = read_file(path, reader)
    if done.refusal or done.certificates or done.found.endorsements:
        return done
    return Read(path, refusal="The file holds a notice and no certificate of insurance.")


def read_file(path: Path, reader: ChildReader) -> Read:
    """What is in one file; a refusal is an answer here, so that a folder goes on."""
    try:
        opened = reader.open(path.read_bytes(), path.name)
        found = opened.found or reader.read(opened.document)
        return Read(path, opened.document, found)
    except ConnectorError as error:
        return Read(path, refusal=error.message)
    except OSError as error:
        return Read(path, refusal=f"The file could not be opened: {error.strerror}.")


def today() -> date:
    """The day on this machine's clock and in its time zone."""
    return datetime.now(UTC).astimezone().date()


def rows(done: Read, on: date) -> list[dict[str, Scalar]]:
    """The flat certificates of a file; for a refused one a row that says why."""
    if done.refusal:
        refused: dict[str, Scalar] = {"document_name": done.path.name, "needs_review": True}
        return [{**nothing(FIELDS), **refused, "review_reasons": done.refusal}]
    if not done.certificates:
        return [_of_pages(done)]
    return [flatten(certificate, on) for certificate in done.certificates]


def _of_pages(done: Read) -> dict[str, Scalar]:
    """Endorsement pages alone: which forms, for which policies, and nothing that looks like limits."""
    pages = done.found.endorsements
    numbers = dict.fromkeys(page.policy_number or "none printed" for page in pages)
    found: dict[str, Scalar] = {
        "document_name": done.path.name,
        "document_sha256": done.document.sha256 if done.document else None,
        "page_count": done.document.page_count if done.document else None,
        "endorsement_forms": ", ".join(dict.fromkeys(str(p.printed) for p in pages if p.printed)),
        "endorsement_pages": ", ".join(f"{p.printed}: {p.page}" for p in pages if p.printed),
        "needs_review": True,
        "review_reasons": PAGES_ALONE.format(policies=", ".join(numbers)),
    }
    return {**nothing(FIELDS), **{key: value or None for key, value in found.items()}}
