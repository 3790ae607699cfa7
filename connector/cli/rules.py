"""`connector rules`: rule files read, proven by their examples, and drafted from a certificate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from connector.actions.rule_trial import try_on_all
from connector.actions.services import Caller
from connector.certificate.field import Scalar
from connector.checking.draft import draft_rule_set
from connector.checking.examples import prove
from connector.checking.rule_reading import SHORT_NAME
from connector.checking.rule_set import load_rule_set
from connector.checking.verdict import Status
from connector.checking.what_if import TRIAL_FIELDS, flatten_change
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.reading import opened_reader, read_certificates
from connector.cli.serve import settings_of
from connector.errors import BrokenRuleSet, InvalidInput
from connector.spreadsheets import write_csv
from connector.storage.accounts import FIRST_ACCOUNT


@commands.group()
def rules() -> None:
    """Rule sets."""


@rules.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def check(places: tuple[Path, ...]) -> None:
    """Say of each rule file (or those of a folder) whether it is sound and its examples hold.

    Exit code 1 when a file is broken (with file and line) or an example expects otherwise.
    """
    files = [file for place in places for file in _rule_files(place)]
    sound = [_check_file(file) for file in files]
    sys.exit(0 if all(sound) else 1)


def _check_file(file: Path) -> bool:
    try:
        proof = prove(file)
    except BrokenRuleSet as error:
        click.echo(error.message, err=True)
        return False
    for difference in proof.differences:
        click.echo(difference, err=True)
    held = proof.examples - len({d.split(":")[0] for d in proof.differences})
    found = proof.rule_set
    click.echo(f"{file}: {found.label}, {len(found.rules)} rules, {held} of {proof.examples} examples hold")  # fmt: skip
    return not proof.differences


@rules.command("try")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the table into this file instead, for a spreadsheet.",
)
def try_changed(file: Path, name: str, table: Path | None) -> None:
    """Run the changed rule set in FILE over every certificate on file and show who would change.

    It is compared with the rule set of the same name that is in use. Nothing is kept.
    """
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, name).id)
    with wired() as services:
        changed = load_rule_set(file, (services.settings.rules_dir,))
        with services.readers() as session:
            trial = try_on_all(session, caller, changed, services)
    rows = [flatten_change(change) for change in trial.changes]
    if table is not None:
        write_csv(table, TRIAL_FIELDS, rows)
    elif rows:
        click.echo("\n".join(table_of(changed.label, rows)))
    then = ", ".join(f"{trial.after.get(status, 0):,} {status.value}" for status in Status)
    click.echo(f"{trial.checked:,} checked, {len(rows):,} would change: then {then}.")


def table_of(label: str, rows: list[dict[str, Scalar]]) -> Iterator[str]:
    """One row each, the reasons below it: thousands of rows are written at once, none is folded."""
    *columns, why = TRIAL_FIELDS
    cells = [[str(row[field.key] or "-") for field in columns] for row in rows]
    heads = [field.label for field in columns]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    yield f"Who would change with {label}"
    for line, row in zip([heads, *cells], [None, *rows], strict=True):
        yield "  ".join(f"{cell:<{w}}" for cell, w in zip(line, widths, strict=True)).rstrip()
        said = str(row[why.key] or "") if row else ""
        yield from (f"    {reason}" for reason in said.splitlines())


@rules.command("from-certificate")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", default="from-certificate", show_default=True, help="Its name and file.")
def from_certificate(file: Path, name: str) -> None:
    """Draft a rule set from a certificate that is acceptable, and print it.

    Each rule notes where it was taken from. Save it as NAME.yaml and read every rule before use.
    """
    if not SHORT_NAME.match(name):
        raise InvalidInput("Name: use small letters, digits and hyphens, such as our-painters.")
    with opened_reader() as reader:
        done = read_certificates(file, reader)
    if done.refusal or not done.certificates:
        raise InvalidInput(f"{file.name}: {done.refusal or 'there is no certificate in it.'}")
    click.echo(draft_rule_set(done.certificates[0], name), nl=False)


def _rule_files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(p for p in place.glob("*.yaml") if not p.name.endswith(".examples.yaml"))
