"""`connector procore`: connect an account to Procore with the app's own service account."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from connector.actions import procore_login
from connector.actions.services import Caller, Services
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.destinations.procore import oauth
from connector.destinations.procore.lists import Choice
from connector.destinations.procore.preferences import Preferences, changed, preferences
from connector.errors import InvalidInput, Misconfigured, NotConnected
from connector.jobs.procore_watch import POLL_MINUTES
from connector.outbound import Outbound
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.connections import StoredConnection
from connector.wiring import services
from connector.wiring.procore import app, environment
from connector.wiring.procore_ending import disconnect as end
from connector.wiring.procore_ending import leave_other_company
from connector.worker import procore_watching
from connector.worker.procore_watching import Begun, Wanted


@commands.group()
def procore() -> None:
    """Procore."""


@procore.command()
@click.option("--company", type=int, required=True, help="The company's number in Procore.")
@click.option("--project", type=int, help="Keep records at this project's level instead.")
@click.option(
    "--environment",
    "chosen",
    type=click.Choice(list(oauth.ENVIRONMENTS)),
    default="production",
    show_default=True,
)
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def connect(company: int, project: int | None, chosen: str, account: str) -> None:
    """Log in with PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET and keep the connection."""
    settings = settings_of()
    if not settings.procore_client_id or not settings.procore_client_secret:
        raise Misconfigured(
            "PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET are not set. They are on your app's page "
            "in Procore's developer portal; docs/procore.md says where."
        )
    about = {**procore_login.about_environment(chosen), "company_id": company}
    installation = environment(about, settings)
    door = Outbound().trusting(installation.login_url)
    secrets = oauth.log_in_as_service(installation, app(settings), door, time.time())
    with sessions_here(settings)() as session, session.begin():
        caller = Caller(account_named(session, account).id)
        procore_login.keep(
            session, caller.account_id, about, secrets, settings.secret_keys, datetime.now(UTC)
        )
    made = services(settings)
    try:
        _choose(caller, company, project, made)
    finally:
        made.close()
    where = f"project {project} of company {company}" if project else f"company {company}"
    click.echo(
        f"{account} is connected to Procore: {where}, {oauth.ENVIRONMENTS[chosen].label.lower()}."
    )


def _choose(caller: Caller, company: int, project: int | None, made: Services) -> None:
    """Connected, if the login sees them: a wrong number is found out now and not by the first push."""
    seen = procore_login.choosable_companies(caller, made)
    found = _seen("company", company, seen)
    place = None
    if project is not None:
        projects = procore_login.choosable_projects(company, caller, made)
        place = _seen("project", project, projects)
    for trouble in leave_other_company(caller.account_id, company, made):
        click.echo(trouble)
    procore_login.finish(found, place, caller, made)


def _seen(noun: str, number: int, seen: Sequence[Choice]) -> Choice:
    for each in seen:
        if each.id == str(number):
            return each
    names = "; ".join(f"{each.name} ({each.id})" for each in seen[:5]) or "none"
    raise InvalidInput(f"The app does not see {noun} {number}. It sees: {names}.", field=noun)


@procore.command(name="set")
@click.argument("name")
@click.argument("value")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def set_one(name: str, value: str, account: str) -> None:
    """Change one setting: `set gate_commitments on`, `set insurance_types.auto_liability Auto`.

    An empty value ("") goes back to the default. `connector procore show` prints all of them.
    """
    with sessions_here(settings_of())() as session, session.begin():
        stored = _connection(session, account)
        stored.settings = changed(stored.settings, name, value)
        stored.updated_at = datetime.now(UTC)
        after = stored.settings
    _print(after)


@procore.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def show(account: str) -> None:
    """Print where records are kept and every setting; docs/procore.md explains them."""
    with sessions_here(settings_of())() as session:
        _print(_connection(session, account).settings)


def _print(settings: Mapping[str, Any]) -> None:
    chosen = preferences(settings)
    click.echo(f"environment: {settings.get('environment') or 'production'}")
    for each in fields(Preferences):
        value = getattr(chosen, each.name)
        if each.name == "insurance_types":
            for line, words in value.items():
                click.echo(f"insurance_types.{line}: {words}")
        elif each.name != "api_url":
            click.echo(f"{each.name}: {_in_words(value)}")


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def _connection(session: Session, account: str) -> StoredConnection:
    """The account's Procore. NotConnected when there is none."""
    owner = account_named(session, account)
    stored = connections.of_destination(session, owner.id, "procore")
    if stored is None:
        raise NotConnected(
            f"{account} is not connected to Procore. Run `connector procore connect`."
        )
    return stored


@procore.command()
@click.option("--folder", type=int, help="The folder of Documents to watch; else the topmost.")
@click.option("--commitments", is_flag=True, help="Also look behind the Compliance tabs.")
@click.option("--existing", is_flag=True, help="Also take what is there already.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def watch(folder: int | None, commitments: bool, existing: bool, account: str) -> None:
    """Pick up certificates that people put into Procore. Safe to repeat."""
    made = services(settings_of())
    try:
        with made.readers() as session:
            stored = _connection(session, account)
        wanted = Wanted(folder, commitments, existing)
        _say(procore_watching.begin(stored.account_id, stored.id, wanted, made))
    finally:
        made.close()


def _say(begun: Begun) -> None:
    if begun.unread:
        click.echo(f"Documents cannot be read, so nothing is found there. {begun.unread}")
    else:
        click.echo(f"Folders of Documents that are looked into each time: {begun.folders}.")
    if begun.folders_left_out:
        click.echo(
            f"There are at least {begun.folders_left_out} more. Choose the folder that certificates "
            "are put into with --folder, or only what Procore tells of is found there."
        )
    if begun.left_alone is not None:
        click.echo(f"Files that are there already and are left alone: {begun.left_alone}.")
    if begun.is_told:
        click.echo(f"Procore tells at once, and is looked at every {POLL_MINUTES} minutes.")
    else:
        click.echo(f"Procore is looked at every {POLL_MINUTES} minutes.")
        click.echo("It would tell at once if PUBLIC_URL were an https address that it can reach.")
    for resource in begun.unknown:
        click.echo(f"This Procore cannot tell of {resource}; the regular look finds those.")


@procore.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def unwatch(account: str) -> None:
    """Pick nothing up any longer; our hooks in Procore are removed."""
    made = services(settings_of())
    try:
        with made.readers() as session:
            stored = _connection(session, account)
        removed = procore_watching.end(stored.account_id, stored.id, made)
    finally:
        made.close()
    click.echo(f"Procore is no longer watched; {removed} hooks were removed there.")


@procore.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def disconnect(account: str) -> None:
    """End the account's login in Procore and forget it; what was pushed stays on file."""
    made = services(settings_of())
    try:
        with made.readers() as session:
            found = _connection(session, account)
        for trouble in end(found.account_id, made):
            click.echo(trouble)
    finally:
        made.close()
    click.echo(f"{account} is no longer connected to Procore.")
