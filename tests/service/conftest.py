"""The service as it is run: its processes over a fresh database, with a simulated Procore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from demo.draw import draw_demo
from tests.drawing.crowd import crowd as drawn
from tests.service.installing import installed
from tests.service.running import Service
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import World, seeded
from tests.storage.databases import (  # noqa: F401 - fixtures
    Database,
    postgresql_database,
    postgresql_server,
    postgresql_template,
)
from tests.storage.s3 import S3, s3, s3_server  # noqa: F401 - fixtures
from tests.worker.receiver import Receiver, receiver

VENDORS = ("Northfield Roofing LLC", "Copper Ridge Electric Inc")


@pytest.fixture
def world() -> World:
    return seeded(Switches(), {name: {} for name in VENDORS})


@pytest.fixture
def procore(world: World) -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator(world, 0) as simulator:
        yield simulator
    assert world.breaches == []


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """Whoever a hook or a callback tells."""
    with receiver() as there:
        yield there


@pytest.fixture
def service(tmp_path: Path, procore: ProcoreSimulator) -> Iterator[Service]:
    """`connector serve` on the embedded default, running."""
    with installed(tmp_path, procore.url, {}) as made:
        made.start()
        yield made


@pytest.fixture
def on_postgresql(
    tmp_path: Path,
    procore: ProcoreSimulator,
    postgresql_database: Database,  # noqa: F811 - the fixture
) -> Iterator[Service]:
    """The service over PostgreSQL, not yet started."""
    there = {
        "DATABASE_URL": postgresql_database.url,
        "CONNECTOR_SECRET_KEY": Fernet.generate_key().decode(),
    }
    with installed(tmp_path, procore.url, there) as made:
        yield made


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two bundled certificates, drawn for today: compliant, not compliant."""
    return draw_demo(tmp_path_factory.mktemp("certificates"), datetime.now(UTC).date())


@pytest.fixture
def crowd(tmp_path: Path, world: World) -> list[Path]:
    """Certificates of eight firms that Procore knows as vendors."""
    found = []
    for number, (name, data) in enumerate(drawn(datetime.now(UTC).date(), 8)):
        world.add_vendor(name)
        found.append(tmp_path / f"certificate-{number}.pdf")
        found[-1].write_bytes(data)
    return found
