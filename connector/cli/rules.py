"""`connector rules`: rule files read and judged."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connector.checking.rule_set import load_rule_set
from connector.cli import commands
from connector.errors import BrokenRuleSet


@commands.group()
def rules() -> None:
    """Rule sets."""


@rules.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def check(places: tuple[Path, ...]) -> None:
    """Say of each rule file (or those of a folder) whether it is sound, else file and line."""
    files = [file for place in places for file in _rule_files(place)]
    broken = 0
    for file in files:
        try:
            found = load_rule_set(file)
            click.echo(f"{file}: {found.label}, {len(found.rules)} rules")
        except BrokenRuleSet as error:
            broken += 1
            click.echo(error.message, err=True)
    sys.exit(1 if broken else 0)


def _rule_files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(p for p in place.glob("*.yaml") if not p.name.endswith(".examples.yaml"))
