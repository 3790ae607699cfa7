"""Running `connector …` in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli import account, buildertrend, commands, gcpay, links, mail
from connector.errors import ConnectorError
from connector.storage import actor
from connector.storage.actor import Actor, Through

Run = Callable[..., str]


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `connector …`; what it printed, or the sentence it failed with."""
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))

    for group in (account.account, buildertrend.buildertrend, gcpay.gcpay, mail.mail, links.links):
        assert group.name in commands.commands

    def call(*words: str) -> str:
        actor.begin(Actor(Through.COMMAND_LINE))  # as main does; a request may have gone before
        found: Result = CliRunner().invoke(commands, words)
        if isinstance(found.exception, ConnectorError):
            return found.exception.message
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found.output

    return call
