"""Keys on the command line: rights, an end, a replacement; and new keys for what is encrypted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from connector.cli.keys import keys
from connector.storage import accounts, api_keys, connections, hooks
from connector.storage.database import connect, sessions_of
from connector.storage.events import EventType
from connector.storage.migrate import migrate

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CONNECTOR_SECRET_KEY", OLD)
    return tmp_path


def done(*words: str) -> str:
    result = CliRunner().invoke(keys, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.strip().splitlines()[-1]


def found(folder: Path, secret: str, later: timedelta = timedelta()) -> api_keys.ApiKey | None:
    with sessions_of(connect(f"sqlite:///{folder}/connector.db"))() as session:
        return api_keys.find(session, secret, datetime.now(UTC) + later)


def test_a_key_may_read_and_act_unless_more_or_less_is_asked(here: Path) -> None:
    usual = found(here, done("create", "Zapier"))
    assert usual is not None
    assert (usual.name, usual.scopes, usual.expires_at) == ("Zapier", ["act", "read"], None)
    audit = found(here, done("create", "Audit", "--scope", "read"))
    assert audit is not None
    assert audit.scopes == ["read"]


def test_a_key_for_some_days_ends_by_itself_and_the_list_says_when(here: Path) -> None:
    secret = done("create", "Audit", "--days", "7")
    assert found(here, secret, timedelta(days=6)) is not None
    assert found(here, secret, timedelta(days=8)) is None
    assert "valid until" in done("list")


def test_a_replaced_key_works_for_the_hours_named(here: Path) -> None:
    old = done("create", "Zapier")
    key = found(here, old)
    assert key is not None
    new = done("replace", key.id, "--hours", "5")
    assert found(here, old, timedelta(hours=4)) is not None
    assert found(here, old, timedelta(hours=6)) is None
    assert found(here, new, timedelta(days=1000)) is not None


def test_rotating_leaves_nothing_under_the_old_secret_key(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, now = f"sqlite:///{here}/connector.db", datetime.now(UTC)
    migrate(url)
    sessions = sessions_of(connect(url))
    with sessions() as session, session.begin():
        account = accounts.create(session, "Summit", now)
        hook, signing = hooks.create(
            session,
            account.id,
            EventType.PUSH_FAILED,
            "https://hooks.example/1",
            keys=[OLD],
            now=now,
        )
        stored = connections.create(
            session,
            account.id,
            "procore",
            name="Procore",
            settings={},
            secrets={"token": "t-1"},
            keys=[OLD],
            now=now,
        )
        ids = hook.id, stored.id
    monkeypatch.setenv("CONNECTOR_SECRET_KEY", f"{NEW},{OLD}")
    assert "1 logins and 1 signing secrets" in done("rotate")
    with sessions() as session:
        again = hooks.get(session, account.id, ids[0])
        assert hooks.secret_of(again, [NEW]) == signing
        kept = connections.get(session, account.id, ids[1])
        assert connections.secrets_of(kept, [NEW]) == {"token": "t-1"}
