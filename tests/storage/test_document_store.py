from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from connector.errors import NotFound, StorageFull
from connector.storage import accounts, documents
from connector.storage.document_store import FolderStore
from tests.storage.databases import NOW, Database


def test_bytes_come_back_by_their_digest(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "documents")
    sha256 = store.put(b"%PDF-1.7 certificate")
    assert sha256 == hashlib.sha256(b"%PDF-1.7 certificate").hexdigest()
    assert store.get(sha256) == b"%PDF-1.7 certificate"


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.put(b"same") == store.put(b"same")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_part_that_a_killed_process_left_goes_once_it_is_old(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha256 = store.put(b"whole")
    program = (
        "import os, sys; from pathlib import Path; import connector.storage.document_store as s"
    )
    kill = "s.os.fsync = lambda *_: os._exit(9); s.FolderStore(Path(sys.argv[1])).put(b'killed')"
    done = subprocess.run([sys.executable, "-c", f"{program}; {kill}", str(tmp_path)], check=False)
    assert done.returncode == 9
    now = datetime.now(UTC)
    assert store.tidy(now - timedelta(hours=1)) == 0, "somebody may be writing it"
    assert store.tidy(now + timedelta(hours=1)) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]


def test_removed_bytes_are_gone_and_removing_twice_is_fine(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha256 = store.put(b"old")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert store.remove(sha256, later)
    assert store.remove(sha256, later)
    assert not store.has(sha256)
    with pytest.raises(NotFound, match="no longer kept"):
        store.get(sha256)


def test_bytes_that_were_put_again_meanwhile_are_left_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha256 = store.put(b"old")
    os.utime(tmp_path / sha256[:2] / sha256[2:4] / sha256, (0, 0))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    store.put(b"old")
    assert not store.remove(sha256, an_hour_ago)
    assert store.get(sha256) == b"old"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_digest_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        FolderStore(tmp_path).get(name)


def test_a_full_disk_is_said_in_words_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", no_room)  # the wall: what the operating system answers
    with pytest.raises(StorageFull, match="Make room"):
        store.put(b"certificate")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_second_upload_is_the_same_document(session: Session, database: Database) -> None:
    first = _save(session, database, "first.pdf")
    assert _save(session, database, "renamed.pdf").id == first.id
    assert first.name == "first.pdf"


def test_another_account_has_its_own_row_and_cannot_see_ours(
    session: Session, database: Database
) -> None:
    ours = _save(session, database, "coi.pdf")
    other = accounts.create(session, "Other", NOW)
    assert documents.by_sha256(session, other.id, ours.sha256) is None
    with pytest.raises(NotFound):
        documents.get(session, other.id, ours.id)


def _save(session: Session, database: Database, name: str) -> documents.StoredDocument:
    return documents.save(
        session,
        database.account.id,
        sha256="ab" * 32,
        name=name,
        kind="application/pdf",
        size=1234,
        page_count=1,
        now=NOW,
    )


def test_a_folder_that_can_be_written_to_has_no_problem(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "documents").problem() is None


def test_a_folder_that_cannot_be_made_is_a_problem_in_words(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file where the folder should be")
    assert "cannot be used" in str(FolderStore(tmp_path / "documents").problem())
