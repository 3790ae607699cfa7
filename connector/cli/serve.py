"""`connector serve`, `web` and `worker`: the processes of the service."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from connector.actions import first_person
from connector.cli import commands, loading
from connector.cli.supervisor import supervise
from connector.errors import Misconfigured
from connector.logs import set_up
from connector.settings import Settings, ensure_secret
from connector.settings import load as load_settings
from connector.storage import users
from connector.storage.database import connect, is_sqlite, sessions_of
from connector.storage.migrate import migrate
from connector.wiring.prepare import prepare


def settings_of(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process, with its secret key. Misconfigured is a sentence."""
    return ensure_secret(load_settings(environ))


@commands.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port; PORT or 8000 when left out.")
def serve(port: int | None) -> None:
    """Run the whole service: web and worker together, over one database."""
    os.environ.update({"CONNECTOR_SHARED_DISK": "1"} | ({"PORT": str(port)} if port else {}))
    settings = settings_of()
    _require_free(settings)
    _require_alone(settings)
    migrate(settings.database_url)
    prepare(settings)
    click.echo(f"COI connector at {settings.public_url}", err=True)
    _greet(settings)
    sys.exit(supervise({"web": _answer, "worker": _perform}))


def _greet(settings: Settings) -> None:
    """While nobody can log in: the link for the first person, who may be no developer."""
    engine = connect(settings.database_url)
    with sessions_of(engine)() as session:
        is_empty = not users.is_there_anyone(session)
    engine.dispose()
    if is_empty:
        hours = round(first_person.LASTS.total_seconds() / 3600)
        click.echo(f"Nobody can log in yet. Be the first, within {hours} hours:", err=True)
        click.echo(first_person.link(settings, datetime.now(UTC)), err=True)


def _require_free(settings: Settings) -> None:
    """Misconfigured when somebody else listens there already: said before anything is started."""
    host = settings.listen_on.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, settings.port))
        except OSError as why:
            raise Misconfigured(
                f"Port {settings.port} of {host} cannot be used: {why.strerror}. Stop what runs "
                "there, or name another: `connector serve --port 8124`."
            ) from why


def _require_alone(settings: Settings) -> None:
    """Misconfigured when a worker has this SQLite data already: said once, and nothing is started."""
    from connector.storage.locks import Locks
    from connector.worker import slots

    if is_sqlite(settings.database_url):
        locks = Locks(settings.database_url, settings.data_dir)
        slots.take(locks, settings.database_url).lock.release()


@commands.command()
def web() -> None:
    """Answer requests (a Procfile's web process). The database must be migrated."""
    prepare(_settings_of_one())
    _answer()


@commands.command()
def worker() -> None:
    """Perform jobs (a Procfile's worker process). The database must be migrated."""
    prepare(_settings_of_one())
    _perform()


def _answer() -> None:
    settings = settings_of()
    set_up("web", as_json=settings.log_json)
    owner, folder = os.getpid(), tempfile.mkdtemp(prefix="coi-figures-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # read when the next line imports it
    with loading.for_good():
        from connector.web.server import run

    try:
        run(settings)
    finally:
        if os.getpid() == owner:  # the processes it forked leave by the same door
            shutil.rmtree(folder, ignore_errors=True)


def _perform() -> None:
    with loading.for_good():
        from connector.wiring import services
        from connector.worker.start import start

    settings = settings_of()
    set_up("worker", as_json=settings.log_json)
    if not start(services(settings)):
        os._exit(1)  # what still runs is begun again by the next worker


def _settings_of_one() -> Settings:
    """On SQLite the two processes must see one disk: said by `serve`, or by the operator."""
    settings = settings_of()
    if is_sqlite(settings.database_url) and os.environ.get("CONNECTOR_SHARED_DISK") != "1":
        raise Misconfigured(
            "The web and worker processes share one SQLite file only on one disk. Use "
            "`connector serve`, set DATABASE_URL to PostgreSQL, or say CONNECTOR_SHARED_DISK=1."
        )
    return settings
