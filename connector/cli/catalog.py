"""`connector catalog`: what is generated from the registry, written or compared."""

from __future__ import annotations

import json
from importlib.metadata import version

import click

from connector.catalog.openapi import openapi
from connector.cli import commands


@commands.group()
def catalog() -> None:
    """Files that are generated from the actions and fields."""


@catalog.command(name="openapi")
def print_openapi() -> None:
    """Print the OpenAPI description."""
    click.echo(json.dumps(openapi(version("coi-connector"), "http://127.0.0.1:8000"), indent=2))
