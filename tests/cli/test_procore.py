"""`connector procore` as a person uses it: connect, look, change a setting, end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli import commands
from connector.cli import procore as procore_commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.errors import ConnectorError
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from tests.simulators.procore.documents import add_file
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import CLIENT_ID, CLIENT_SECRET, COMPANY, PROJECT, TOKEN, USER

Run = Callable[..., str]


@pytest.fixture
def procore() -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        yield simulator
    assert simulator.world.breaches == []


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, procore: ProcoreSimulator) -> Run:
    """Run `connector procore …`; what it printed, or the sentence it failed with."""
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))
    assert procore_commands.procore.name in commands.commands
    monkeypatch.setenv("PROCORE_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("PROCORE_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("PROCORE_API_URL", procore.url)
    monkeypatch.setenv("PROCORE_LOGIN_URL", procore.url)

    def call(*words: str) -> str:
        found: Result = CliRunner().invoke(commands, ["procore", *words])
        if isinstance(found.exception, ConnectorError):
            return found.exception.message
        assert found.exception is None, found.output
        return found.output

    return call


@pytest.fixture
def connected(run: Run) -> Run:
    run("connect", "--company", str(COMPANY), "--project", str(PROJECT))
    return run


def kept() -> dict[str, object]:
    """The settings of the connection as they are stored."""
    with sessions_here(settings_of())() as session:
        owner = account_named(session, FIRST_ACCOUNT)
        stored = connections.of_destination(session, owner.id, "procore")
        assert stored is not None
        return stored.settings


def test_settings_are_shown_and_changed_one_by_one(connected: Run) -> None:
    assert "gate_commitments: off" in connected("show")

    assert "gate_commitments: on" in connected("set", "gate_commitments", "on")
    assert "documents_folder_id: 5000000077" in connected(
        "set", "documents_folder_id", "5000000077"
    )
    assert "insurance_types.auto_liability: Auto" in connected("set", "insurance_types.auto_liability", "Auto")  # fmt: skip

    assert (kept()["gate_commitments"], kept()["documents_folder_id"]) == (True, 5_000_000_077)
    assert kept()["insurance_types"] == {"auto_liability": "Auto"}
    assert kept()["company_id"] == COMPANY
    shown = connected("set", "insurance_types.auto_liability", "")
    assert "insurance_types.auto_liability: Auto Liability" in shown


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("gate_comitments", "on", "has no setting"),
        ("company_id", "9", "has no setting"),
        ("api_url", "https://evil.example", "has no setting"),
        ("gate_commitments", "perhaps", "must be on or off"),
        ("project_id", "Lakeside", "must be a number"),
        ("insurance_types.boats", "Boats", "is not one of"),
        ("insurance_types", "GL", "prints them all"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_and_nothing_changes(
    connected: Run, name: str, value: str, said: str
) -> None:
    before = kept()
    assert said in connected("set", name, value)
    assert kept() == before


def test_a_switch_that_needs_a_project_holds_on_to_it(connected: Run) -> None:
    connected("set", "hold_payments", "on")
    assert "needs a project" in connected("set", "project_id", "")
    assert kept()["project_id"] == PROJECT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--company", "9"), "not installed in this Procore company"),
        (
            ("--company", str(COMPANY), "--project", "9"),
            "does not see project 9. It sees: Lakeside Medical Center (4417)",
        ),
    ],
)
def test_a_number_that_the_app_does_not_see_is_found_out_at_once(
    run: Run, wrong: tuple[str, ...], said: str
) -> None:
    assert said in run("connect", *wrong)
    assert "is not connected" in run("show")


def test_what_procore_says_of_itself_is_kept_with_the_connection(connected: Run) -> None:
    about = ("Summit Builders Inc", "Lakeside Medical Center", USER)
    assert (kept()["company_name"], kept()["project_name"], kept()["user_id"]) == about


def test_without_a_connection_it_says_how_to_make_one(
    connected: Run, procore: ProcoreSimulator
) -> None:
    assert procore.world.grants.keys() > {TOKEN}
    connected("disconnect")
    assert procore.world.grants.keys() == {TOKEN}, "the login has ended there, too"
    for words in (("show",), ("set", "use_sync", "off"), ("disconnect",)):
        assert "connector procore connect" in connected(*words)


def test_connecting_the_same_company_again_keeps_what_was_set(connected: Run) -> None:
    connected("set", "insurance_types.auto_liability", "Auto")

    connected("connect", "--company", str(COMPANY), "--project", str(PROJECT))

    assert kept()["insurance_types"] == {"auto_liability": "Auto"}


def test_watching_leaves_what_is_there_alone_and_is_undone_by_unwatch(
    connected: Run, procore: ProcoreSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(procore.world, "old.pdf", PROJECT, f"{procore.url}/storage/old", PROJECT)
    without = connected("watch", "--commitments")
    assert "Folders of Documents that are looked into each time: 1." in without
    assert "Files that are there already and are left alone: 1." in without
    assert "every 15 minutes" in without
    assert procore.world.hooks == {}

    monkeypatch.setenv("PUBLIC_URL", "https://coi.example")
    assert "tells at once" in connected("watch", "--existing", "--folder", str(PROJECT))
    (hook,) = procore.world.hooks.values()
    assert hook["destination_url"].startswith("https://coi.example/v1/procore/events/conn_")
    assert hook["authorization"].startswith("Bearer ")
    assert (kept()["watch"], kept()["watched_folder_id"]) == (True, PROJECT)

    assert "1 hooks were removed" in connected("unwatch")
    assert procore.world.hooks == {}
    assert kept()["watch"] is False
