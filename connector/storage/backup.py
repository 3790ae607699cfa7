"""Everything of the embedded default in one file, and back again.

The file holds the database, the documents, the local tracking logs with the columns that people
added to them, and the key that opens the stored logins: whoever has it has everything, so it is
readable by its owner alone.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

from sqlalchemy import make_url

from connector.errors import InvalidInput, Misconfigured
from connector.storage.database import is_sqlite
from connector.storage.locks import FIRST_WORKER, Locks
from connector.storage.migrate import migrate

_DATABASE = "connector.db"
_KEY = "secret.key"
_DOCUMENTS = "documents"
_LOGS = "logs"
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file. Left over from another database, it would be read into this one."""


def backup(database_url: str, data_dir: Path, documents: Path, target: Path) -> int:
    """Write a backup to `target`, which must not exist yet; the number of documents in it.

    The service may go on meanwhile: the database is copied as it stands at one moment, and only
    then the documents, so that every document its rows name is there.
    """
    path = _path_of(database_url)
    if target.exists():
        raise InvalidInput(f"{target} exists already. Name a new file, so that no backup is lost.")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder) / "backup.tar.gz"
        copy = Path(folder) / _DATABASE
        _copy_database(path, copy)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as archive:
                archive.add(copy, _DATABASE)
                if (data_dir / _KEY).exists():
                    archive.add(data_dir / _KEY, _KEY)
                _add(archive, _LOGS, data_dir / _LOGS, _log_files(data_dir / _LOGS))
                count = _add(archive, _DOCUMENTS, documents, _document_files(documents))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    return count


def restore(source: Path, database_url: str, data_dir: Path, documents: Path) -> int:
    """Put a backup's content in place and bring it up to date; the number of documents.

    InvalidInput when there is a database already, or the file is no whole backup: then nothing
    was changed. The service must not be running.
    """
    path = _path_of(database_url)
    _require_stopped(database_url, data_dir)
    _require_free(path, data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir) as folder:
        _unpack(source, Path(folder))
        _check_database(Path(folder) / _DATABASE, source)
        _move(Path(folder) / _LOGS, data_dir / _LOGS, _log_files(Path(folder) / _LOGS))
        found = Path(folder) / _DOCUMENTS
        count = _move(found, documents, _document_files(found))
        if (Path(folder) / _KEY).exists():
            (Path(folder) / _KEY).rename(data_dir / _KEY)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / _DATABASE, path)
    migrate(database_url)
    return count


def _require_stopped(database_url: str, data_dir: Path) -> None:
    """A worker that runs would go on with the file that was moved away."""
    lock = Locks(database_url, data_dir).attempt(FIRST_WORKER)
    if lock is None:
        raise InvalidInput("The service is still running. Stop it first, then restore.")
    lock.release()


def _require_free(path: Path, data_dir: Path) -> None:
    beside = [path.with_name(path.name + ending) for ending in _BESIDE]
    for taken in (path, *beside, data_dir / _KEY, data_dir / _LOGS):
        if taken.exists():
            raise InvalidInput(
                f"{taken} exists. Stop the service and move {path.name}*, {_KEY} and {_LOGS} "
                "away first; a restore never overwrites anything."
            )


def _path_of(database_url: str) -> Path:
    if not is_sqlite(database_url):
        raise Misconfigured(
            "The data is in PostgreSQL. Back it up with pg_dump or your host's backups, "
            "and copy the documents' store."
        )
    return Path(make_url(database_url).database or "")


def _copy_database(path: Path, copy: Path) -> None:
    """SQLite's own online copy: one moment, whoever writes meanwhile."""
    if not path.exists():
        raise InvalidInput(f"There is no database at {path}. Start the connector once first.")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _add(archive: tarfile.TarFile, name: str, folder: Path, files: Iterable[Path]) -> int:
    """How many; a file that is removed just now is left out."""
    count = 0
    for path in files:
        with suppress(FileNotFoundError):
            archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}")
            count += 1
    return count


def _log_files(logs: Path) -> Iterator[Path]:
    """Each account's own, and nothing of what is just being written beside them."""
    yield from sorted(path for path in logs.glob("*/*") if path.is_file() and _is_log(path.name))


def _document_files(documents: Path) -> Iterator[Path]:
    yield from sorted(
        path for path in documents.glob("*/*/*") if path.is_file() and len(path.name) == 64
    )


def _unpack(source: Path, folder: Path) -> None:
    """Only the names that a backup has, each a plain file: an archive may come from anywhere."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None or not _is_ours(member.name):
                    raise InvalidInput(f"{source} is no backup of this service.")
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise InvalidInput(f"{source} cannot be read as a backup. Is it complete?") from error


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if parts in ((_DATABASE,), (_KEY,)):
        return True
    if len(parts) == 3 and parts[0] == _LOGS:
        return parts[1].replace("_", "").isalnum() and _is_log(parts[2])
    hexadecimal = set("0123456789abcdef")
    return (
        len(parts) == 4
        and parts[0] == _DOCUMENTS
        and all(set(part) <= hexadecimal for part in parts[1:])
    )


def _is_log(name: str) -> bool:
    return not name.startswith(".") and name.endswith((".csv", ".xlsx"))


def _check_database(path: Path, source: Path) -> None:
    if not path.exists():
        raise InvalidInput(f"{source} holds no database; it is no backup of this service.")
    with closing(sqlite3.connect(path)) as database:
        try:
            answer = database.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError:
            answer = ("damaged",)
    if answer != ("ok",):
        raise InvalidInput(f"The database in {source} is damaged. Use another backup.")


def _move(found: Path, target: Path, files: Iterable[Path]) -> int:
    count = 0
    for path in files:
        place = target / path.relative_to(found)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
        count += 1
    return count
