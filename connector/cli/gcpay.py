"""`connector gcpay`: how certificates are prepared for GCPay, and its cover sheets."""

from __future__ import annotations

from pathlib import Path

import click

from connector.actions import cover_sheets
from connector.actions.cover_sheets import Place
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.keys import account_named
from connector.cli.prepared import forget, remember, wired
from connector.destinations.email.addresses import address
from connector.destinations.gcpay.ways import DESTINATION, WAYS
from connector.storage import cover_sheets as stored
from connector.storage.accounts import FIRST_ACCOUNT


@commands.group()
def gcpay() -> None:
    """GCPay: files for a person to carry over, or to be mailed."""


@gcpay.command(name="set")
@click.option("--mode", type=click.Choice(list(WAYS)), help="The usual way.")
@click.option("--mail-to", help="The address on your cover sheets; needs the mail settings too.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def set_up(mode: str | None, mail_to: str | None, account: str) -> None:
    """Prepare certificates for GCPay from now on; what is left out stays as it is."""
    said: dict[str, object] = {"mode": mode} if mode else {}
    if mail_to:
        said["mail_to"] = address(mail_to.strip(), "Mail address", "mail_to")
    with wired() as services, services.sessions() as session, session.begin():
        owner = account_named(session, account)
        chosen = remember(session, owner.id, DESTINATION, "GCPay", said, services)
    click.echo(f"{account} prepares certificates for GCPay: {chosen.get('mode', 'verify_list')}.")


@gcpay.command(name="cover-sheet")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vendor", required=True, help="The subcontractor's name, as its certificates say.")
@click.option("--project", help="The project's name, as it is said when a certificate is checked.")
@click.option("--item", default=cover_sheets.ANY_ITEM, show_default=True, help="GCPay's name.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def cover_sheet(file: Path, vendor: str, project: str | None, item: str, account: str) -> None:
    """Keep FILE, an item's cover sheet saved from GCPay as PDF."""
    with wired() as services:
        with services.sessions() as session, session.begin():
            owner = account_named(session, account)
        place = Place(vendor, item, project)
        cover_sheets.keep(Caller(owner.id), place, file.read_bytes(), services)
        with services.sessions() as session:
            for sheet in stored.of_account(session, owner.id):
                where = f" in {sheet.project}" if sheet.project else ""
                click.echo(f"{sheet.vendor_name}{where}: {sheet.item}")


@gcpay.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def end(account: str) -> None:
    """No longer prepare files with `process_certificate`; what was prepared stays on file."""
    forget(account, DESTINATION)
    click.echo(f"{account} no longer prepares certificates for GCPay by itself.")
