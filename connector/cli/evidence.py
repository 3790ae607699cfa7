"""`connector evidence`: everything on file about a vendor in one ZIP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from connector.actions import evidence_pack
from connector.actions.coverage import vendor_named
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.errors import InvalidInput, NotFound
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.vendors import StoredVendor


@commands.command()
@click.argument("vendor")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new ZIP file.")  # fmt: skip
@click.option("--project", help="Only what was checked for this project.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def evidence(vendor: str, out: Path, project: str | None, account: str) -> None:
    """Write all that is on file about VENDOR (its number or name) into OUT.

    For a premium audit or a dispute: documents, pictures with boxes, readings, verdicts with the
    text of their rules, notices, pushes, waivers and the audit log.
    """
    found, caller = vendor_here(vendor, account)
    with wired() as services:
        write_new(out, lambda file: evidence_pack.write(found, project, caller, services, file))
    click.echo(f"Written: {out}")


def vendor_here(vendor: str, account: str) -> tuple[StoredVendor, Caller]:
    """The account's vendor of this number, name or id. NotFound when there is none."""
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, account).id)
        found = vendor_named(session, caller.account_id, vendor, vendor)
    if found is None:
        raise NotFound(f"{account} has no vendor “{vendor[:60]}”, or several of this name: give its number.")  # fmt: skip
    return found, caller


def write_new(out: Path, write: Callable[[IO[bytes]], None]) -> None:
    """A new file of what `write` writes, there only when it is whole."""
    if out.exists():
        raise InvalidInput(f"{out} exists already. Name a new file.", field="out")
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("wb") as file:
            write(file)
        draft.rename(out)
    finally:
        draft.unlink(missing_ok=True)
