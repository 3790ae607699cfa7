"""`connector buildertrend`: how certificates are prepared for Buildertrend."""

from __future__ import annotations

from pathlib import Path

import click

from connector.cli import commands
from connector.cli.keys import account_named
from connector.cli.prepared import forget, remember, wired
from connector.destinations.buildertrend.template import check_columns
from connector.destinations.buildertrend.ways import DESTINATION, WAYS
from connector.errors import InvalidInput
from connector.storage.accounts import FIRST_ACCOUNT


@commands.group()
def buildertrend() -> None:
    """Buildertrend: files for a person to carry over."""


@buildertrend.command(name="set")
@click.option("--mode", type=click.Choice(list(WAYS)), help="The usual way.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own import template, as downloaded from Buildertrend (.xlsx).",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    help="Which of our values goes under which title, “Company Name=vendor_name”; repeatable.",
)
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def set_up(mode: str | None, template: Path | None, columns: tuple[str, ...], account: str) -> None:
    """Prepare certificates for Buildertrend from now on; what is left out stays as it is."""
    said: dict[str, object] = {"mode": mode} if mode else {}
    with wired() as services:
        if template is not None:
            named = _columns(columns)
            data = template.read_bytes()
            check_columns(data, named)
            said |= {"template_sha256": services.documents.put(data), "columns": named}
        elif columns:
            raise InvalidInput("Give --template together with --column.", field="template")
        with services.sessions() as session, session.begin():
            owner = account_named(session, account)
            chosen = remember(session, owner.id, DESTINATION, "Buildertrend", said, services)
    click.echo(f"{account} prepares certificates for Buildertrend: {chosen.get('mode', 'packet')}.")


@buildertrend.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def end(account: str) -> None:
    """No longer prepare files with `process_certificate`; what was prepared stays on file."""
    forget(account, DESTINATION)
    click.echo(f"{account} no longer prepares certificates for Buildertrend by itself.")


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    named = {}
    for each in given:
        title, separator, key = each.rpartition("=")
        if not separator or not title.strip() or not key.strip():
            raise InvalidInput(
                f"Column: “{each}” must be TITLE=KEY, for example “Company Name=vendor_name”.",
                field="columns",
            )
        named[title.strip()] = key.strip()
    return named
