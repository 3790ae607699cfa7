"""`connector jobs` and `connector hooks`: accepted work and messages, seen and moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from connector.actions.work_lists import STATUSES, delivery_rows, find_deliveries, find_jobs
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.jobs import state
from connector.storage import hooks as stored_hooks
from connector.storage.accounts import FIRST_ACCOUNT

of_account = click.option("--account", default=FIRST_ACCOUNT, show_default=True)
with_status = click.option("--status", type=click.Choice(STATUSES), help="Only of this status.")
how_many = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))


@contextmanager
def _opened(account: str) -> Iterator[tuple[Session, str]]:
    """A session that is committed at the end, and the account's id."""
    with sessions_here(settings_of())() as session, session.begin():
        yield session, account_named(session, account).id


@commands.group()
def jobs() -> None:
    """Work that was accepted: how it stands, try again, call off."""


@jobs.command(name="list")
@of_account
@with_status
@click.option("--action", help="Only of this action, for example push_to_procore.")
@how_many
def list_jobs(account: str, status: str | None, action: str | None, limit: int) -> None:
    """Show jobs, the newest first, with the sentence that says why one failed."""
    with _opened(account) as (session, account_id):
        for job in find_jobs(session, account_id, {"status": status, "action": action}, limit):
            why = f"  {job.error['message']}" if job.error else ""
            click.echo(
                f"{job.id}  {job.created_at:%Y-%m-%d %H:%M}  {job.status:8}{job.action}{why}"
            )


@jobs.command()
@click.argument("job_id")
@of_account
def retry(job_id: str, account: str) -> None:
    """Start the failed job JOB_ID anew, or a waiting one at once."""
    with _opened(account) as (session, account_id):
        state.retry(session, account_id, job_id, datetime.now(UTC))
    click.echo(f"{job_id} is started again.")


@jobs.command()
@click.argument("job_id")
@of_account
def cancel(job_id: str, account: str) -> None:
    """Call off the job JOB_ID, which has not begun."""
    with _opened(account) as (session, account_id):
        state.cancel(session, account_id, job_id, datetime.now(UTC))
    click.echo(f"{job_id} is called off.")


@commands.group()
def hooks() -> None:
    """Hooks: who is told of events, and what was sent to them."""


@hooks.command(name="list")
@of_account
def list_hooks(account: str) -> None:
    """Show who is told of what."""
    with _opened(account) as (session, account_id):
        for hook in stored_hooks.active(session, account_id):
            click.echo(f"{hook.id}  {hook.event:27}{hook.target_url}")


@hooks.command()
@click.argument("hook_id")
@of_account
def end(hook_id: str, account: str) -> None:
    """Tell nobody at the hook HOOK_ID any more (see `connector hooks list`)."""
    with _opened(account) as (session, account_id):
        stored_hooks.get(session, account_id, hook_id)
        stored_hooks.remove(session, account_id, hook_id, datetime.now(UTC))
    click.echo(f"{hook_id} is told of nothing any more.")


@hooks.command()
@of_account
@with_status
@click.option("--hook", "hook_id", help="Only to this hook.")
@how_many
def deliveries(account: str, status: str | None, hook_id: str | None, limit: int) -> None:
    """Show what was sent to hooks, the newest first."""
    with _opened(account) as (session, account_id):
        given = {"status": status, "hook_id": hook_id}
        found = find_deliveries(session, account_id, given, limit)
        for row in delivery_rows(session, account_id, found):
            outcome = row["answered"] or row["error_message"] or ""
            click.echo(
                f"{row['delivery_id']}  {row['created_at']}  {row['delivery_status']:8}"
                f"{row['event']}  {row['target_url']}  {outcome}"
            )


@hooks.command()
@click.argument("delivery_id")
@of_account
def resend(delivery_id: str, account: str) -> None:
    """Send the delivery DELIVERY_ID to its hook once more."""
    with _opened(account) as (session, account_id):
        state.resend(session, account_id, delivery_id, datetime.now(UTC))
    click.echo(f"{delivery_id} is sent again.")
