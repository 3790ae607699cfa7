"""`connector db backup` and `restore`: everything in one file, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli import commands, database  # noqa: F401 - it hangs up its commands
from connector.cli.keys import sessions_here
from connector.cli.serve import settings_of
from connector.errors import InvalidInput, Misconfigured
from connector.storage import accounts
from connector.wiring.services import document_store
from tests.storage.databases import NOW


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


def said(*words: str) -> str:
    done = CliRunner().invoke(commands, words)
    if done.exception:
        raise done.exception
    return done.output


def test_what_was_backed_up_is_there_again(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of()
    sha256 = document_store(settings).put(b"certificate")
    with sessions_here(settings)() as session, session.begin():
        accounts.create(session, "Office", NOW)
    target = tmp_path / "backup.tar.gz"
    assert "1 documents" in said("db", "backup", str(target))

    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "other"))
    assert "1 documents" in said("db", "restore", str(target))
    restored = settings_of()
    assert restored.secret_keys == settings.secret_keys
    assert document_store(restored).get(sha256) == b"certificate"
    with sessions_here(restored)() as session:
        assert accounts.by_name(session, "Office") is not None


def test_a_restore_never_overwrites(tmp_path: Path) -> None:
    settings = settings_of()
    sessions_here(settings)
    target = tmp_path / "backup.tar.gz"
    said("db", "backup", str(target))
    with pytest.raises(InvalidInput, match="away first"):
        said("db", "restore", str(target))


def test_documents_in_a_bucket_are_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCUMENTS_URL", "s3://certificates")
    sessions_here(settings_of())
    assert "Back that up too" in said("db", "backup", str(tmp_path / "backup.tar.gz"))


def test_with_postgresql_it_says_what_to_use_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://coi@127.0.0.1/coi")
    monkeypatch.setenv("CONNECTOR_SECRET_KEY", "hTQPSZa9kvPLvH2FEh6kF-8bGQFSJ-u5QAb4gb26lvI=")
    with pytest.raises(Misconfigured, match="pg_dump"):
        said("db", "backup", str(tmp_path / "backup.tar.gz"))
