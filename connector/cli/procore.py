"""`connector procore`: connect an account to Procore with the app's own service account."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from connector.cli import commands
from connector.cli.keys import FIRST_ACCOUNT, account_named, sessions_here
from connector.cli.serve import settings_of
from connector.destinations.procore import oauth
from connector.errors import InvalidInput, Misconfigured
from connector.outbound import Outbound
from connector.storage import connections
from connector.wiring.procore import app, environment


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
    named = oauth.ENVIRONMENTS[chosen]
    about: dict[str, object] = {"company_id": company, "environment": chosen}
    if chosen != "production":
        about |= {"login_url": named.login_url, "api_url": named.api_url}
    if project:
        about["project_id"] = project
    installation = environment(about, settings)
    door = Outbound().trusting(installation.login_url)
    secrets = oauth.log_in_as_service(installation, app(settings), door, time.time())
    with sessions_here(settings)() as session, session.begin():
        owner = account_named(session, account)
        connections.create(
            session,
            owner.id,
            "procore",
            name="Procore",
            settings=about,
            secrets=secrets,
            keys=settings.secret_keys,
            now=datetime.now(UTC),
        )
    where = f"project {project} of company {company}" if project else f"company {company}"
    click.echo(f"{account} is connected to Procore: {where}, {named.label.lower()}.")


@procore.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def disconnect(account: str) -> None:
    """Forget the account's connection and its tokens; what was pushed stays on file."""
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, account)
        found = connections.of_destination(session, owner.id, "procore")
        if found is None:
            raise InvalidInput(f"{account} is not connected to Procore.")
        connections.remove(session, owner.id, found.id, datetime.now(UTC))
    click.echo(f"{account} is no longer connected to Procore.")
