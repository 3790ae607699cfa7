"""`connector links`: the upload and review links that are out: made, listed, taken back."""

from __future__ import annotations

import click

from connector.actions import sent_links
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.evidence import vendor_here
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.storage.accounts import FIRST_ACCOUNT

of_account = click.option("--account", default=FIRST_ACCOUNT, show_default=True)


@commands.group()
def links() -> None:
    """Links by which people outside send a certificate, or review one, without a login."""


@links.command()
@click.argument("vendor")
@click.option("--project", help="Only for this project.")
@of_account
def make(vendor: str, project: str | None, account: str) -> None:
    """Print a link, alone on the last line, by which VENDOR (its number or name) sends its certificate."""
    found, caller = vendor_here(vendor, account)
    with wired() as services:
        with services.sessions() as session, session.begin():
            link = sent_links.make_upload(session, caller.account_id, found.id, project, services)
        click.echo(
            f"Send it to {found.name}; it works until {link.expires_at:%Y-%m-%d %H:%M} UTC.",
            err=True,
        )
        click.echo(sent_links.address(link, services))


@links.command(name="list")
@of_account
@click.option("--vendor", help="Only what concerns this vendor: its number or our id.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 200))
def list_links(account: str, vendor: str | None, limit: int) -> None:
    """Show the links, the newest first; never their addresses."""
    asked = {"vendor_id": vendor, "certificate_id": None, "limit": str(limit), "cursor": None}
    caller = _caller(account)
    with wired() as services:
        found = sent_links.find(asked, caller, services).items
    for row in found:
        whom = row["person"] or row["vendor_name"] or "somebody"
        by = row["made_by"] or "the command line"
        click.echo(
            f"{row['link_id']}  {row['link_kind']}  {row['link_state']:7}  "
            f"until {row['expires_at']}  for {whom}, made by {by}"
        )


@links.command()
@click.argument("link_id")
@of_account
def end(link_id: str, account: str) -> None:
    """Take the link LINK_ID back (see `connector links list`); whoever is in by it is out."""
    caller = _caller(account)
    with wired() as services, services.sessions() as session, session.begin():
        sent_links.end(session, caller.account_id, link_id, services)
    click.echo("The link opens nothing any more.")


def _caller(account: str) -> Caller:
    with sessions_here(settings_of())() as session, session.begin():
        return Caller(account_named(session, account).id)
