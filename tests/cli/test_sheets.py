"""`connector sheets` as a person uses it: connect, share, test, change a switch, end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.cli.sheets import sheets
from connector.errors import ConnectorError
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from tests.simulators.google_sheets.server import ROBOT, SPREADSHEET, SheetsSimulator
from tests.simulators.google_sheets.world import Tab

LINK = f"https://docs.google.com/spreadsheets/d/{SPREADSHEET}/edit#gid=0"
ANN = "ann@summit.example"


@pytest.fixture
def google() -> Iterator[SheetsSimulator]:
    with SheetsSimulator() as simulator:
        yield simulator


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Run `connector sheets …`; what it printed, or the sentence it failed with."""
    monkeypatch.setenv("CONNECTOR_DATA_DIR", str(tmp_path / "data"))
    assert sheets.name in commands.commands

    def call(*words: str) -> str:
        found: Result = CliRunner().invoke(commands, ["sheets", *words])
        if isinstance(found.exception, ConnectorError):
            return found.exception.message
        assert found.exception is None, found.output
        return found.output

    return call


def to_simulator(google: SheetsSimulator) -> None:
    """The connection talks to the simulator; no command can say that."""
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, FIRST_ACCOUNT)
        stored = connections.of_destination(session, owner.id, "google_sheets")
        assert stored is not None
        stored.settings = {**stored.settings, "api_url": google.url}


def key_file(tmp_path: Path, content: object) -> str:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(content))
    return str(path)


def test_the_first_command_of_all_says_what_is_missing(run: Callable[..., str]) -> None:
    assert "connector sheets connect" in run("test")


def test_connect_share_test(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    file = key_file(tmp_path, google.key_file())
    assert f"Share the spreadsheet with {ROBOT} as Editor" in run(
        "connect", "--spreadsheet", LINK, "--key-file", file
    )
    to_simulator(google)
    google.spreadsheet.shared_with.clear()
    assert f"Share it with {ROBOT} as Editor" in run("test")
    google.spreadsheet.shared_with.add(ROBOT)
    assert "The log can be written" in run("test")
    stored = (tmp_path / "data" / "connector.db").read_bytes()
    assert b"PRIVATE KEY" not in stored


def connected(run: Callable[..., str], google: SheetsSimulator, tmp_path: Path, *more: str) -> None:
    file = key_file(tmp_path, google.key_file())
    run("connect", "--spreadsheet", LINK, "--key-file", file, *more)
    to_simulator(google)


def test_a_tab_that_is_a_chart_is_told(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    connected(run, google, tmp_path)
    google.spreadsheet.tabs.append(Tab(9, "Certificates", is_chart=True))
    assert "“Certificates” is a chart, not a table" in run("test")


@pytest.mark.parametrize(
    ("area", "where"),
    [
        ({}, "“Certificates” is protected"),
        ({"startColumnIndex": 1, "endColumnIndex": 3}, ", columns B to C, is protected"),
        ({"endRowIndex": 1}, "is protected"),
    ],
)
def test_a_protected_tab_is_told_with_what_to_click(
    run: Callable[..., str],
    google: SheetsSimulator,
    tmp_path: Path,
    area: dict[str, int],
    where: str,
) -> None:
    connected(run, google, tmp_path)
    tab = Tab(9, "Certificates", protected=[{"range": {"sheetId": 9, **area}}])
    tab.put(0, 3, "certificate_id")
    google.spreadsheet.tabs.append(tab)
    said = run("test")
    assert where in said
    assert f"let {ROBOT} edit it" in said
    google.spreadsheet.tab("Certificates").protected[0]["requestingUserCanEdit"] = True
    assert "The log can be written" in run("test")


def test_what_the_office_protects_to_the_right_of_the_log_is_no_hindrance(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    connected(run, google, tmp_path, "--column", "insured_name")
    own = {"range": {"sheetId": 9, "startColumnIndex": 2, "endColumnIndex": 3}}
    tab = Tab(9, "Certificates", protected=[own, {"range": {"sheetId": 9, "endRowIndex": 1}}])
    for column, title in enumerate(["certificate_id", "insured_name", "Ours"]):
        tab.put(0, column, title)
    google.spreadsheet.tabs.append(tab)
    assert "The log can be written" in run("test")


def test_the_tab_expiring_is_tried_too(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    connected(run, google, tmp_path, "--expiring")
    google.spreadsheet.tabs.append(Tab(9, "Expiring", protected=[{"range": {"sheetId": 9}}]))
    assert "“Expiring” is protected" in run("test")


def test_the_file_of_a_user_who_allowed_it_works_too(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    google.spreadsheet.shared_with.add(ANN)
    file = key_file(tmp_path, google.user_file(ANN))
    run("connect", "--spreadsheet", LINK, "--key-file", file)
    to_simulator(google)
    assert "The log can be written" in run("test")
    google.world.refresh_tokens.clear()
    google.world.accounts.clear()
    assert "no longer accepts" in run("test")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"installed": {"client_id": "1"}}, "file of an OAuth client"),
        ({"type": "service_account"}, "not complete"),
        ([], "no key file"),
    ],
)
def test_the_wrong_file_is_told_from_the_right_one(
    run: Callable[..., str], tmp_path: Path, content: object, sentence: str
) -> None:
    said = run("connect", "--spreadsheet", LINK, "--key-file", key_file(tmp_path, content))
    assert sentence in said


def test_every_switch_can_be_changed_and_is_shown(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    file = key_file(tmp_path, google.key_file())
    run("connect", "--spreadsheet", LINK, "--key-file", file)
    assert "Give another tab with it" in run("set", "--row-per-line")
    assert "One row per:  certificate" in run("set", "--row-per-certificate")
    said = run("set", "--row-per-line", "--real-dates", "--expiring", "--worksheet", "Lines")
    for line in ("Tab:          Lines", "coverage line", "real dates", "Expiring: kept"):
        assert line in said
    assert "insured_name" in run("set", "--column", "insured_name", "--text-dates")
    said = run("show")
    assert ("Dates:        text" in said, "Tab:          Lines" in said) == (True, True)
    assert "Columns:      all" in run("set", "--all-columns", "--no-expiring")
    assert "Did you mean insured_name" in run("set", "--column", "insured_nme")


def test_ended_there_is_nothing_to_test(
    run: Callable[..., str], google: SheetsSimulator, tmp_path: Path
) -> None:
    assert "has no spreadsheet" in run("show")
    run("connect", "--spreadsheet", LINK, "--key-file", key_file(tmp_path, google.key_file()))
    assert "forgotten" in run("disconnect")
    assert "has no spreadsheet" in run("test")
