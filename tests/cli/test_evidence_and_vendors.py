"""`connector audit`, `connector evidence` and `connector vendors` as an operator types them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.certificate.names import normalise
from connector.cli import (  # noqa: F401 - they hang up their commands
    account,
    audit,
    commands,
    database,
    evidence,
    keys,
    vendors,
)
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.errors import InvalidInput, NotFound
from connector.storage import vendors as stored
from connector.storage.accounts import FIRST_ACCOUNT
from tests.storage.databases import NOW


@pytest.fixture(autouse=True)
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor of the first account."""
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, FIRST_ACCOUNT)
        stored.resolve(
            session, owner.id, name="Copper Ridge Inc", normalised_name=normalise("Copper Ridge Inc") or "",
            external_id="V-9", now=NOW,
        )  # fmt: skip


def asked(*words: str, typed: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(commands, words, input=typed)


def said(*words: str, typed: str = "") -> str:
    done = asked(*words, typed=typed)
    assert done.exit_code == 0, done.exception
    return done.output


def test_the_log_is_shown_and_exported_but_never_over_another_file(tmp_path: Path) -> None:
    said("keys", "create", "Zapier")
    said("account", "keep", "--documents", "365")
    assert "kept for 365 days" in said("account", "show")
    assert "key.made" in said("audit", "list")
    assert "key.made" not in said("audit", "list", "--act", "account")
    out = tmp_path / "log.jsonl"
    said("audit", "export", "--out", str(out))
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["act"] for row in rows] == ["account.changed", "key.made"]
    assert isinstance(asked("audit", "export", "--out", str(out)).exception, InvalidInput)


def test_the_pack_and_the_export_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    said("evidence", "V-9", "--out", str(out))
    assert "index.html" in zipfile.ZipFile(out).namelist()
    said("vendors", "export", "Copper Ridge Inc", "--out", str(tmp_path / "all.zip"))
    assert "everything.json" in zipfile.ZipFile(tmp_path / "all.zip").namelist()
    nothing = asked("evidence", "V-9", "--project", "Nowhere", "--out", str(tmp_path / "no.zip"))
    assert isinstance(nothing.exception, NotFound)
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["all.zip", "pack.zip"]
    assert list(tmp_path.glob(".*")) == []


def test_a_vendor_is_erased_only_after_a_yes() -> None:
    assert "Backups" in said("vendors", "erase", "V-9", "--dry-run")
    assert asked("vendors", "erase", "V-9", typed="n\n").exit_code != 0
    assert "is erased" in said("vendors", "erase", "V-9", typed="y\n")
    assert isinstance(asked("vendors", "erase", "V-9", "--yes").exception, NotFound)
    assert "vendor.erased" in said("audit", "list")
    assert said("db", "compact") == "Done.\n"


def test_only_a_sensible_number_of_days_is_taken() -> None:
    for days in ("3", "soon", "-1"):
        done = asked("account", "keep", "--documents", days)
        assert isinstance(done.exception, InvalidInput)
    said("account", "keep", "--documents", "90")
    said("account", "keep", "--documents", "")
    assert "kept for ever" in said("account", "show")
