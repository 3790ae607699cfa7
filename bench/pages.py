"""Pages: the service's own time for each with ten thousand certificates on file."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from bench.large_office import CERTIFICATES, fill
from connector.actions.services import Services
from connector.settings import ensure_secret, load
from connector.storage import logins, users
from connector.storage.board_rows import StoredBoardRow
from connector.storage.migrate import migrate
from connector.storage.users import Role
from connector.web.app import create_app
from connector.wiring import services as make_services
from demo.draw import draw_demo

ROUNDS = 9
PATHS = {
    "board": "/",
    "board, one need": "/?need=deficient",
    "board, part of a name": "/?name=tractor+0012",
    "board, one project, by expiration": "/?project=Harbor+Tower&sort=ends",
    "a vendor": "/vendors/VENDOR",
    "what waits for a review": "/review",
    "work": "/work",
    "report on screen": "/report",
    "a rule set": "/rules/standard-subcontractor",
    "setup": "/setup",
}
FILES = {
    "board as CSV": "/board.csv",
    "report as PDF": "/report.pdf",
    "report as CSV": "/report.csv",
}


def rows() -> Iterator[tuple[str, str]]:
    """Median and slowest of the rounds per page, and the mean of the processor's time, which no
    other work on the machine makes longer; the files of everything once."""
    with _office() as (client, services, account_id):
        yield "certificates on file", f"{CERTIFICATES:,}"
        ids = _ids(services, account_id)
        for name, path in PATHS.items():
            began = time.process_time()
            times = [_time(client, _named(path, ids)) for _ in range(ROUNDS)]
            own = (time.process_time() - began) * 1000 / ROUNDS
            said = f"{statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"
            yield name, f"{said}; {own:.0f} ms of the processor"
        for name, path in FILES.items():
            yield f"{name}, all vendors", f"{_time(client, path) / 1000:.1f} s"


def _time(client: FlaskClient, path: str) -> float:
    """Milliseconds from the request to the whole answer."""
    started = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return taken


def _named(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(name, value)
    return path


def _ids(services: Services, account_id: str) -> dict[str, str]:
    row = StoredBoardRow
    with services.readers() as session:
        first = session.scalars(select(row).where(row.account_id == account_id).limit(1)).one()
        return {"VENDOR": first.vendor_id}


@contextmanager
def _office() -> Iterator[tuple[FlaskClient, Services, str]]:
    """A browser of an admin at the service over a large office."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        migrate(f"sqlite:///{data_dir / 'connector.db'}")
        services = make_services(ensure_secret(load({"CONNECTOR_DATA_DIR": folder})))
        pair = draw_demo(data_dir, datetime.now(UTC).date())
        account_id = fill(services, tuple(path.read_bytes() for path in pair))
        client = create_app(services).test_client()
        client.set_cookie("coi", _login(services, account_id))
        yield client, services, account_id
        services.close()


def _login(services: Services, account_id: str) -> str:
    with services.sessions() as session, session.begin():
        now = services.clock()
        user = users.add(
            session, account_id, "bench@office.example", name="bench", role=Role.ADMIN, now=now
        )
        return logins.begin(session, user, now)
