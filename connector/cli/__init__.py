"""`connector`: serve, parse, check, rules, catalog, keys, users, audit, worker, db."""

from __future__ import annotations

import getpass
import os
import sys
from importlib import import_module

import click

from connector.cli import loading
from connector.errors import ConnectorError
from connector.storage import actor
from connector.storage.actor import Actor, Through

ONLY_THE_OWNER = 0o077
"""Whatever a command or the service writes, also into a folder that others may look into."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coi-connector", prog_name="connector")
def commands() -> None:
    """Reads certificates of insurance, checks them and passes the result on."""


_MODULES = (
    "account",
    "audit",
    "buildertrend",
    "catalog",
    "check",
    "database",
    "evidence",
    "gcpay",
    "jobs",
    "keys",
    "links",
    "mail",
    "parse",
    "procore",
    "rules",
    "serve",
    "sheets",
    "users",
    "vendors",
)


def main() -> None:
    """Run a command; an expected failure is one sentence and exit code 2, never a traceback.

    Exit code 1 is an answer: not compliant, not current, a rule's example does not hold.
    """
    with loading.for_good():
        for module in _MODULES:
            import_module(f"connector.cli.{module}")  # each hangs its own commands up
    os.umask(ONLY_THE_OWNER)
    actor.begin(Actor(Through.COMMAND_LINE, name=_user()))
    try:
        commands(standalone_mode=False)
    except ConnectorError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        click.echo(f"{error.filename}: {error.strerror}.", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


def _user() -> str | None:
    """Whoever is logged in on this machine; in a container that may be nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
