"""A ZIP that is written one file at a time, with the SHA-256 of each in a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from connector.certificate.field import Scalar
from connector.spreadsheets import csv_text

MANIFEST = "MANIFEST.sha256"
_PACKED_ALREADY = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


class Archive:
    """Only what is being added is in memory. Paths are ours: nothing that was sent to us names one."""

    def __init__(self, out: IO[bytes], now: datetime) -> None:
        self._zip = ZipFile(out, "w")
        self._moment = now.timetuple()[:6]
        self._digests: dict[str, str] = {}

    def add(self, path: str, data: bytes) -> None:
        """A file; each path once."""
        info = ZipInfo(path, self._moment)
        info.compress_type = ZIP_STORED if path.endswith(_PACKED_ALREADY) else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)
        self._digests[path] = hashlib.sha256(data).hexdigest()

    def add_json(self, path: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
        self.add(path, json.dumps(value, ensure_ascii=False, indent=1).encode())

    def add_csv(
        self, path: str, columns: Sequence[str], rows: Iterable[Mapping[str, Scalar]]
    ) -> None:
        """A table that Excel opens as it is and that runs nothing there."""
        self.add(path, b"\xef\xbb\xbf" + csv_text(columns, rows).encode())

    def close(self) -> None:
        """Write the manifest, as `sha256sum --check` reads it, and end the file."""
        lines = "".join(f"{digest}  {path}\n" for path, digest in self._digests.items())
        self.add(MANIFEST, lines.encode())
        self._zip.close()
