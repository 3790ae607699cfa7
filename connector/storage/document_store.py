"""The documents' bytes, each content once, named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Protocol

from connector.errors import NotFound, StorageFull


class DocumentStore(Protocol):
    """Bytes by their SHA-256 hex digest: a folder here, any S3-compatible store elsewhere."""

    def put(self, data: bytes) -> str:
        """Keep these bytes and answer their digest. When this returns they survive a power cut."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes. NotFound when they were removed."""
        ...

    def has(self, sha256: str) -> bool: ...

    def remove(self, sha256: str, put_before: datetime) -> bool:
        """Forget these bytes unless they were put again since; whether they are gone."""
        ...


class FolderStore:
    """Documents in a folder, two levels deep so that no listing grows long.

    A document appears under its name only when it is whole: written beside it, flushed to the
    disk, then renamed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if path.exists():
            os.utime(path)  # put anew: see remove
            return sha256
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
            for folder in (path.parent, path.parent.parent, self.folder):
                _flush(folder)
        except OSError as error:
            raise StorageFull(
                f"The document could not be stored ({error.strerror}). Make room on the "
                "connector's disk, then send it again."
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound(
                "The document's file is no longer kept. Send the certificate again."
            ) from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def remove(self, sha256: str, put_before: datetime) -> bool:
        """Whoever puts a document does so before its row is there: a fresh one is left alone."""
        path = self._path(sha256)
        try:
            if path.stat().st_mtime >= put_before.timestamp():
                return False
            path.unlink()
        except FileNotFoundError:
            pass
        return True

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise NotFound("There is no such document.")
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def _write_whole(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _flush(folder: Path) -> None:
    """A new name reaches the disk only with its folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
