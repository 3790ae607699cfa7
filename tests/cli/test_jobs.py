"""`connector jobs` and `connector hooks` as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli import commands, database, jobs  # noqa: F401 - they hang up their commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.errors import DestinationRefused
from connector.jobs.accept import accept
from connector.jobs.announce import announce
from connector.jobs.queues import PROCORE
from connector.storage import hooks
from connector.storage import jobs as stored
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.events import EventType
from tests.storage.databases import NOW


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def said(*words: str) -> str:
    """What the command prints; it must succeed."""
    done = CliRunner().invoke(commands, words)
    assert done.exit_code == 0, done.exception
    return done.output


def failed_job() -> str:
    with sessions_here(settings_of())() as session, session.begin():
        account = account_named(session, FIRST_ACCOUNT)
        job = accept(session, account.id, None, "push_to_procore", {}, queue=PROCORE, now=NOW).job
        stored.park(job, DestinationRefused("Procore says no."), NOW)
        return job.id


def test_a_failed_job_is_shown_started_again_and_called_off() -> None:
    job_id = failed_job()
    assert "Procore says no." in said("jobs", "list", "--status", "failed")
    assert "started again" in said("jobs", "retry", job_id)
    assert said("jobs", "list", "--status", "failed") == ""
    assert "called off" in said("jobs", "cancel", job_id)
    assert "called off before it was done" in said("jobs", "list", "--action", "push_to_procore")


def test_what_was_sent_to_a_hook_is_shown_and_sent_again() -> None:
    settings = settings_of()
    with sessions_here(settings)() as session, session.begin():
        account = account_named(session, FIRST_ACCOUNT)
        hook, _ = hooks.create(
            session, account.id, EventType.PUSH_FAILED, "https://hooks.example/1",
            keys=settings.secret_keys, now=NOW,
        )  # fmt: skip
        announce(session, account.id, EventType.PUSH_FAILED, "push_1", {"push_id": "p"}, now=NOW)
        (job,) = stored.search(session, account.id, parent_id=hook.id)
        stored.finish(job, {"status": 200}, NOW)
    assert "https://hooks.example/1" in said("hooks", "list")
    line = said("hooks", "deliveries", "--hook", hook.id)
    assert "done" in line
    assert "push.failed" in line
    assert "sent again" in said("hooks", "resend", job.id)
    assert "waiting" in said("hooks", "deliveries")
    assert "told of nothing" in said("hooks", "end", hook.id)
    assert "hooks.example" not in said("hooks", "list")
