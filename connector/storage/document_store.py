"""The documents' bytes, each content once, named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from connector.errors import NotFound, StorageFull

LEAST_ROOM = 100 * 2**20
"""Bytes; with less on its disk the service is not ready for new documents."""

_PART = ".part-"
"""What the name of a document begins with that is not whole yet."""


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

    def tidy(self, begun_before: datetime) -> int:
        """Remove what was begun to be put before this moment and never became whole. How many."""
        ...

    def problem(self) -> str | None:
        """Why nothing can be kept just now, in a sentence; None while all is well."""
        ...


def path_of(sha256: str) -> str:
    """Where a document lies in any store: two levels deep, so that no listing grows long.

    NotFound when this is no digest, so that nobody can name a path of their own.
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise NotFound("There is no such document.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


class FolderStore:
    """Documents in a folder.

    A document appears under its name only when it is whole: written at the top of the folder,
    flushed to the disk, then renamed.
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
            _write_whole(path, data, self.folder)
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

    def tidy(self, begun_before: datetime) -> int:
        """A process that was killed while it wrote left a part of a document behind."""
        count = 0
        for part in self.folder.glob(f"{_PART}*"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < begun_before.timestamp():
                    part.unlink()
                    count += 1
        return count

    def problem(self) -> str | None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            left = shutil.disk_usage(self.folder).free
        except OSError as error:
            return f"The documents' folder cannot be used ({error.strerror})."
        if not os.access(self.folder, os.W_OK):
            return "The documents' folder cannot be written to. Look at its owner and rights."
        if left < LEAST_ROOM:
            return f"The disk with the documents is nearly full: {left // 2**20} MB are left."
        return None

    def _path(self, sha256: str) -> Path:
        return self.folder / path_of(sha256)


def _write_whole(path: Path, data: bytes, folder: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_PART, delete=False) as part:
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
