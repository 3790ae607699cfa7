"""`connector account erase` asks for the account's name, and says what others hold."""

from __future__ import annotations

from click.testing import CliRunner

from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.storage import accounts, api_keys
from tests.cli.conftest import Run
from tests.storage.databases import NOW


def test_the_name_is_asked_for_and_then_everything_goes(connector: Run) -> None:
    sessions = sessions_here(settings_of())
    with sessions() as session, session.begin():
        account_id = account_named(session, "Old Office").id
        api_keys.create(session, account_id, "Zapier", NOW)
    planned = connector("account", "erase", "--account", "Old Office", "--dry-run")
    assert "1  api keys" in planned
    assert "Backups" in planned
    wrong = CliRunner().invoke(
        commands, ["account", "erase", "--account", "Old Office"], input="Office\n"
    )
    assert wrong.exit_code != 0
    with sessions() as session:
        assert len(api_keys.of_account(session, account_id)) == 1
    done = CliRunner().invoke(
        commands, ["account", "erase", "--account", "Old Office"], input="Old Office\n"
    )
    assert "The account is erased" in done.output
    with sessions() as session:
        assert api_keys.of_account(session, account_id) == []
        assert accounts.by_name(session, "Old Office") is None
    assert "no account" in connector("account", "erase", "--account", "Old Office", "--yes")
