"""`connector audit`: who did what, seen and exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click
from rich.console import Console

from connector.actions.action import Flat
from connector.actions.audit_list import AUDIT_FIELDS, everything
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.cli.tables import show_rows
from connector.errors import InvalidInput
from connector.spreadsheets import csv_text
from connector.storage.accounts import FIRST_ACCOUNT

_SHOWN = ("at", "act", "who", "through", "subject", "details")

of_account = click.option("--account", default=FIRST_ACCOUNT, show_default=True)
of_act = click.option("--act", help="Only this act, waiver.given, or this kind, waiver.")
of_vendor = click.option("--vendor", help="Only what concerns this vendor: its number or our id.")
of_certificate = click.option("--certificate", help="Only what concerns this certificate.")


@commands.group()
def audit() -> None:
    """The audit log: who did what to which certificate, rule, waiver, key or connection."""


@audit.command(name="list")
@of_account
@of_act
@of_vendor
@of_certificate
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_entries(
    account: str, act: str | None, vendor: str | None, certificate: str | None, limit: int
) -> None:
    """Show what was done, the newest first."""
    with _entries(account, act, vendor, certificate) as found:
        rows = [[str(row[key] or "") for key in _SHOWN] for row in islice(found, limit)]
    show_rows(Console(), "Audit log", [f.label for f in AUDIT_FIELDS if f.key in _SHOWN], rows)


@audit.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new file: NAME.csv, or NAME.jsonl for one JSON object a line.")  # fmt: skip
@of_account
@of_act
@of_vendor
@of_certificate
def export(
    out: Path, account: str, act: str | None, vendor: str | None, certificate: str | None
) -> None:
    """Write the whole log into the file OUT, the newest first."""
    if out.suffix not in (".csv", ".jsonl"):
        raise InvalidInput("Out: name a file that ends in .csv or .jsonl.", field="out")
    if out.exists():
        raise InvalidInput(f"{out} exists already. Name a new file.", field="out")
    with _entries(account, act, vendor, certificate) as found:
        out.write_text(_text(found, out.suffix), "utf-8")
    click.echo(f"Written: {out}")


def _text(found: Iterator[Flat], suffix: str) -> str:
    if suffix == ".jsonl":
        return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found)
    return "\ufeff" + csv_text([field.key for field in AUDIT_FIELDS], found)


@contextmanager
def _entries(
    account: str, act: str | None, vendor: str | None, certificate: str | None
) -> Iterator[Iterator[Flat]]:
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, account).id)
    given = {"act": act, "vendor_id": vendor, "certificate_id": certificate}
    with wired() as services:
        yield everything(given, caller, services)
