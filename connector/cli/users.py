"""`connector users`: who may open the pages, and their links for a first or a forgotten password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from sqlalchemy.orm import Session

from connector.actions import person_erasure
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.errors import NotFound
from connector.settings import Settings
from connector.storage import api_keys, login_links, logins
from connector.storage import users as people
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.users import Role, User

LINK_LASTS = timedelta(days=3)


@commands.group()
def users() -> None:
    """People who may open the pages."""


@users.command()
@click.argument("email")
@click.option("--name", help="How changes are signed; the address's first part when left out.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.REVIEWER.value,
    show_default=True,
    help="viewer looks, reviewer corrects and sends, admin also connects other systems.",
)
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def add(email: str, name: str | None, role: str, account: str) -> None:
    """Let the person of EMAIL in; print a link, alone on the last line, for choosing a password."""
    settings, now = settings_of(), datetime.now(UTC)
    with sessions_here(settings)() as session, session.begin():
        owner = account_named(session, account)
        called = name or email.partition("@")[0]
        user = people.add(session, owner.id, email, name=called, role=Role(role), now=now)
        _print_link(session, user, settings, now)


@users.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a new link for EMAIL, whose password is forgotten; older links end."""
    settings, now = settings_of(), datetime.now(UTC)
    with sessions_here(settings)() as session, session.begin():
        _print_link(session, _person(session, email), settings, now)


@users.command(name="list")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def list_users(account: str) -> None:
    """Show the account's people: address, role, name."""
    with sessions_here(settings_of())() as session, session.begin():
        for user in people.of_account(session, account_named(session, account).id):
            state = "ended" if user.ended_at else user.role
            waits = "" if user.password or user.ended_at else "  (no password chosen yet)"
            click.echo(f"{user.email}  {state}  {user.name}{waits}")


@users.command()
@click.argument("email")
def end(email: str) -> None:
    """Let EMAIL in no more; every browser they are logged in with is logged out."""
    now = datetime.now(UTC)
    with sessions_here(settings_of())() as session, session.begin():
        user = _person(session, email)
        logins.let_out(session, user, now)
        known = [key.name for key in api_keys.made_by(session, user, now)]
    click.echo(f"{user.email} can no longer log in, and the links that they sent have ended.")
    if known:
        click.echo(
            f"They made these keys and may know them: {', '.join(known)}. Replace them: `connector keys replace`."
        )


@users.command()
@click.argument("who")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def erase(who: str, account: str, yes: bool, dry_run: bool) -> None:
    """Erase WHO, the address of a login or a name as it was signed. There is no way back.

    The login goes, and the name wherever it says who did something; what was done stays.
    """
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, account).id)
    with wired() as services:
        planned = person_erasure.plan(who, caller, services)
        for table, count in planned.counts.items():
            click.echo(f"{count:7}  {table.replace('_', ' ')}")
        for sentence in person_erasure.told(planned):
            click.echo(f"  - {sentence}")
        if dry_run:
            return
        if not yes:
            click.confirm(f"Erase {who}? There is no way back.", abort=True)
        for sentence in person_erasure.told(person_erasure.erase(who, caller, services)):
            click.echo(sentence)
    click.echo("The person is erased. The audit log keeps the fact, without a name.")


def _person(session: Session, email: str) -> User:
    user = people.by_email(session, email)
    if user is None:
        raise NotFound(f"Nobody logs in as {email[:60]}. `connector users list` shows who does.")
    return user


def _print_link(session: Session, user: User, settings: Settings, now: datetime) -> None:
    secret = login_links.create(session, user, LINK_LASTS, now)
    click.echo(
        f"Give {user.name} this link; it works once, until {now + LINK_LASTS:%Y-%m-%d %H:%M} UTC.",
        err=True,
    )
    click.echo(f"{settings.public_url}/login/link/{secret}")
