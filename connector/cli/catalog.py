"""`connector catalog`: what is generated from the registry, written or compared."""

from __future__ import annotations

import json
import sys

import click

from connector.catalog import generated
from connector.cli import commands
from connector.settings import PROJECT_DIR
from connector.web.description import describe


@commands.group()
def catalog() -> None:
    """Files that are generated from the actions and fields."""


@catalog.command(name="openapi")
def print_openapi() -> None:
    """Print the OpenAPI description."""
    click.echo(json.dumps(describe("http://127.0.0.1:8000"), indent=2))


@catalog.command()
def write() -> None:
    """Write every generated file anew; run it after a change of an action or a field."""
    for path in generated.write(PROJECT_DIR):
        click.echo(f"Written: {path.relative_to(PROJECT_DIR)}")


@catalog.command()
def check() -> None:
    """Compare the generated files with the actions and fields; exit code 1 when one is stale."""
    stale = generated.stale(PROJECT_DIR)
    for path in stale:
        click.echo(f"{path.relative_to(PROJECT_DIR)} is stale: run `connector catalog write`.")
    sys.exit(bool(stale))
