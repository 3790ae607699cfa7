from __future__ import annotations

import io
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from connector.errors import InvalidInput, Misconfigured
from connector.storage import accounts
from connector.storage.backup import backup, restore
from connector.storage.database import connect, sessions_of
from connector.storage.document_store import FolderStore
from connector.storage.locks import Locks
from connector.worker import slots
from tests.storage.databases import NOW, Database


def test_what_was_backed_up_is_there_again_after_a_restore(
    sqlite_database: Database, tmp_path: Path
) -> None:
    target, sha256 = _backed_up(sqlite_database, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    url = f"sqlite:///{elsewhere}/connector.db"
    assert restore(target, url, elsewhere, elsewhere / "documents") == 1
    assert FolderStore(elsewhere / "documents").get(sha256) == b"certificate"
    assert (elsewhere / "secret.key").read_text() == "key"
    engine = connect(url)
    with sessions_of(engine)() as session:
        assert accounts.get(session, sqlite_database.account.id).name == "Summit Builders"
    engine.dispose()


def test_a_backup_opens_everything_so_only_its_owner_may_read_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    target, _ = _backed_up(sqlite_database, tmp_path)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in target.parent.iterdir()) == ["backup.tar.gz"]


def test_a_backup_taken_while_others_write_is_whole(
    sqlite_database: Database, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with sqlite_database.sessions() as session, session.begin():
                for _ in range(2):  # always in pairs
                    accounts.create(session, "Pair", NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        target, _ = _backed_up(sqlite_database, tmp_path)
    finally:
        stop.set()
        writer.join()
    elsewhere = tmp_path / "elsewhere"
    restore(target, f"sqlite:///{elsewhere}/connector.db", elsewhere, elsewhere / "documents")
    with closing(sqlite3.connect(elsewhere / "connector.db")) as database:
        (pairs,) = database.execute("SELECT count(*) FROM accounts WHERE name = 'Pair'").fetchone()
    assert pairs % 2 == 0


def test_the_local_log_comes_back_with_the_columns_that_people_added(
    sqlite_database: Database, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "acct_1" / "certificates.csv"
    log.parent.mkdir(parents=True)
    log.write_text("certificate_id,Our own note\ncert_1,call Bob\n")
    log.with_suffix(".lock").touch()
    target, _ = _backed_up(sqlite_database, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    restore(target, f"sqlite:///{elsewhere}/connector.db", elsewhere, elsewhere / "documents")
    (found,) = (elsewhere / "logs").rglob("*.*")
    assert found == elsewhere / "logs" / "acct_1" / "certificates.csv"
    assert found.read_text() == log.read_text()


@pytest.mark.parametrize("left", ["connector.db-wal", "connector.db-shm", "logs"])
def test_what_belongs_to_another_database_is_not_left_beside_the_restored_one(
    sqlite_database: Database, tmp_path: Path, left: str
) -> None:
    # Found by hand: the write-ahead log of the database that was moved away was read into this one.
    target, _ = _backed_up(sqlite_database, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / left).touch()
    with pytest.raises(InvalidInput, match=f"{left} exists"):
        restore(target, f"sqlite:///{elsewhere}/connector.db", elsewhere, elsewhere / "documents")
    assert [path.name for path in elsewhere.iterdir() if path.name != "locks"] == [left]


def test_nothing_is_restored_while_the_service_runs(
    sqlite_database: Database, tmp_path: Path
) -> None:
    target, _ = _backed_up(sqlite_database, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    url = f"sqlite:///{elsewhere}/connector.db"
    slot = slots.take(Locks(url, elsewhere), url)
    with pytest.raises(InvalidInput, match="still running"):
        restore(target, url, elsewhere, elsewhere / "documents")
    slot.lock.release()
    assert restore(target, url, elsewhere, elsewhere / "documents") == 1


def test_nothing_is_ever_overwritten(sqlite_database: Database, tmp_path: Path) -> None:
    target, _ = _backed_up(sqlite_database, tmp_path)
    with pytest.raises(InvalidInput, match="exists already"):
        backup(sqlite_database.url, tmp_path, tmp_path / "documents", target)
    with pytest.raises(InvalidInput, match="never overwrites"):
        restore(target, sqlite_database.url, tmp_path, tmp_path / "documents")


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/cron.d/x",
        "documents/aa/bb/../../x",
        "other",
        "logs/../x.csv",
        "logs/acct_1/.bashrc",
        "logs/acct_1/x.sh",
    ],
)
def test_an_archive_with_names_of_its_own_is_refused_and_writes_nothing(
    tmp_path: Path, name: str
) -> None:
    source = tmp_path / "hostile.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(InvalidInput, match="no backup"):
        restore(source, f"sqlite:///{elsewhere}/connector.db", elsewhere, elsewhere / "documents")
    assert not (tmp_path / "outside").exists()
    assert [path.name for path in elsewhere.iterdir()] == ["locks"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "hostile.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        member = tarfile.TarInfo("connector.db")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(InvalidInput, match="no backup"):
        restore(source, f"sqlite:///{tmp_path}/new.db", tmp_path / "new", tmp_path / "new")


@pytest.mark.parametrize("keep", [100, 3000])
def test_a_cut_off_backup_is_refused_and_changes_nothing(
    sqlite_database: Database, tmp_path: Path, keep: int
) -> None:
    target, _ = _backed_up(sqlite_database, tmp_path)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(target.read_bytes()[:keep])
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(InvalidInput, match="complete"):
        restore(cut, f"sqlite:///{elsewhere}/connector.db", elsewhere, elsewhere / "documents")
    assert [path.name for path in elsewhere.iterdir()] == ["locks"]


def test_with_postgresql_it_says_what_to_use_instead(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="pg_dump"):
        backup("postgresql://host/db", tmp_path, tmp_path / "documents", tmp_path / "b.tar.gz")


def _backed_up(database: Database, tmp_path: Path) -> tuple[Path, str]:
    store = FolderStore(tmp_path / "documents")
    sha256 = store.put(b"certificate")
    (tmp_path / "secret.key").write_text("key")
    target = tmp_path / "backups" / "backup.tar.gz"
    target.parent.mkdir()
    assert backup(database.url, tmp_path, tmp_path / "documents", target) == 1
    return target, sha256
