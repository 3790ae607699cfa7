"""Documents opened and read in child processes that are kept warm (documents/quarantine)."""

from __future__ import annotations

from collections.abc import Sequence

from connector.certificate.entry import Box
from connector.certificate.model import Certificate
from connector.documents.admit import MEGABYTE, Limits
from connector.documents.document import Document
from connector.documents.joining import join
from connector.documents.quarantine import Quarantine
from connector.extraction.reader import Found
from connector.extraction.whole import (
    Opened,
    View,
    open_document,
    picture_readers,
    read_with_pictures,
    show,
    show_values,
)
from connector.settings import Settings

CHILDREN = 2
"""Documents that one process reads at once; more wait their turn."""


class ChildReader:
    """The Reader that actions work with."""

    def __init__(self, settings: Settings) -> None:
        self._limits = Limits(settings.max_upload_mb * MEGABYTE, settings.max_pages)
        self._quarantine = Quarantine(
            children=CHILDREN, preload=("connector.extraction.whole", "connector.documents.joining")
        )
        self._notes: list[str] | None = None

    def open(self, data: bytes, name: str) -> Opened:
        return self._quarantine.run(open_document, data, name, self._limits)

    def read(self, document: Document) -> Found:
        return self._quarantine.run(read_with_pictures, document)

    def join(self, parts: Sequence[bytes]) -> bytes:
        return self._quarantine.run(join, tuple(parts), self._limits)

    def show(
        self, data: bytes, name: str, page: int, box: Box | None, view: View = View.PAGE
    ) -> bytes:
        return self._quarantine.run(show, data, name, self._limits, page, box, view)

    def show_values(self, document: Document, certificate: Certificate) -> bytes:
        return self._quarantine.run(show_values, document, certificate)

    def close(self) -> None:
        self._quarantine.close()

    def notes(self) -> list[str]:
        """Which readers there are, and which walls around documents this machine cannot build."""
        if self._notes is None:
            missing = [wall for wall, stands in self._quarantine.standing().items() if not stands]
            walls = f"Documents are read without a limit on: {', '.join(missing)}."
            readers = self._quarantine.run(picture_readers)
            self._notes = [readers, *([walls] if missing else [])]
        return self._notes
