"""Documents opened and read in child processes that are kept warm (documents/quarantine)."""

from __future__ import annotations

from connector.certificate.model import Certificate
from connector.documents.admit import MEGABYTE, Limits, admit
from connector.documents.document import Document
from connector.documents.quarantine import Quarantine
from connector.extraction import read
from connector.settings import Settings

CHILDREN = 2
"""Documents that one process reads at once; more wait their turn."""


class ChildReader:
    """The Reader that actions work with."""

    def __init__(self, settings: Settings) -> None:
        self._limits = Limits(settings.max_upload_mb * MEGABYTE, settings.max_pages)
        self._quarantine = Quarantine(children=CHILDREN, preload=("connector.extraction",))

    def admit(self, data: bytes, name: str) -> Document:
        return self._quarantine.run(admit, data, name, self._limits)

    def has_pictures(self, document: Document) -> bool:
        return False

    def read(self, document: Document) -> list[Certificate]:
        return self._quarantine.run(read, document)

    def close(self) -> None:
        self._quarantine.close()

    def notes(self) -> list[str]:
        return []
