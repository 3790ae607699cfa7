"""`connector vendors`: one vendor's data exported, or erased."""

from __future__ import annotations

from pathlib import Path

import click

from connector.actions import evidence_pack, vendor_erasure
from connector.actions.vendor_erasure import Erased, Plan
from connector.cli import commands
from connector.cli.evidence import vendor_here, write_new
from connector.cli.prepared import wired
from connector.storage.accounts import FIRST_ACCOUNT


@commands.group()
def vendors() -> None:
    """One vendor's data: export it, erase it."""


@vendors.command()
@click.argument("vendor")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new ZIP file.")  # fmt: skip
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def export(vendor: str, out: Path, account: str) -> None:
    """Write everything that is kept about VENDOR (its number or name) into the ZIP file OUT."""
    found, caller = vendor_here(vendor, account)
    with wired() as services:
        write_new(
            out,
            lambda file: evidence_pack.write(found, None, caller, services, file, is_export=True),
        )
    click.echo(f"Written: {out}")


@vendors.command()
@click.argument("vendor")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would go, and what others hold.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def erase(vendor: str, yes: bool, dry_run: bool, account: str) -> None:
    """Erase everything that is kept about VENDOR (its number or name). There is no way back."""
    found, caller = vendor_here(vendor, account)
    with wired() as services:
        planned = vendor_erasure.plan(found, services)
        show_plan(planned)
        if dry_run:
            return
        if not yes:
            click.confirm(f"Erase {found.name}? There is no way back.", abort=True)
        for sentence in told(vendor_erasure.erase(found, caller, services)):
            click.echo(sentence)


def told(done: Erased) -> list[str]:
    """What was done and what is left, in sentences."""
    said = ["The vendor is erased. The audit log keeps the fact, without a name."]
    said += vendor_erasure.left(done)
    return said


def show_plan(planned: Plan) -> None:
    """What an erasure would take, and what others hold still."""
    for table, count in planned.counts.items():
        click.echo(f"{count:7}  {table.replace('_', ' ')}")
    click.echo("Others hold this still; only a person can remove it there:")
    for sentence in planned.elsewhere:
        click.echo(f"  - {sentence}")
