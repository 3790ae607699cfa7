"""`connector serve`, `web` and `worker`: the processes of the service."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import click

from connector.cli import commands
from connector.cli.supervisor import supervise
from connector.errors import Misconfigured
from connector.settings import Settings, ensure_secret
from connector.settings import load as load_settings
from connector.storage.database import is_sqlite
from connector.storage.migrate import migrate
from connector.wiring.prepare import prepare


def settings_of(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process, with its secret key. Misconfigured is a sentence."""
    return ensure_secret(load_settings(environ))


@commands.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port; PORT or 8000 when left out.")
def serve(port: int | None) -> None:
    """Run the whole service: web and worker together, over one database."""
    environ = dict(os.environ) | ({"PORT": str(port)} if port else {})
    settings = settings_of(environ)
    migrate(settings.database_url)
    prepare(settings)
    click.echo(f"COI connector at {settings.public_url}", err=True)
    children = {name: [sys.executable, "-m", "connector.cli", name] for name in ("web", "worker")}
    sys.exit(supervise(children, environ))


@commands.command()
def web() -> None:
    """Answer requests (a Procfile's web process). The database must be migrated."""
    from connector.web.server import run

    settings = settings_of()
    _require_shared_disk(settings)
    prepare(settings)
    run(settings)


@commands.command()
def worker() -> None:
    """Perform jobs (a Procfile's worker process). The database must be migrated."""
    from connector.wiring import services
    from connector.worker.start import start

    settings = settings_of()
    _require_shared_disk(settings)
    prepare(settings)
    if not start(services(settings)):
        os._exit(1)  # what still runs is begun again by the next worker


def _require_shared_disk(settings: Settings) -> None:
    """On SQLite the two processes must see one disk: said by `serve`, or by the operator."""
    if is_sqlite(settings.database_url) and os.environ.get("CONNECTOR_SHARED_DISK") != "1":
        raise Misconfigured(
            "The web and worker processes share one SQLite file only on one disk. Use "
            "`connector serve`, set DATABASE_URL to PostgreSQL, or say CONNECTOR_SHARED_DISK=1."
        )
