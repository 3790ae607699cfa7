"""`connector buildertrend` as a person uses it: the usual way, an own template, the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from tests.cli.conftest import Run

TITLES = ["Company Name", "Phone", "GL Expiration"]
COLUMNS = ("--column", "Company Name=vendor_name")


def kept() -> dict[str, Any]:
    """The settings as they are stored."""
    with sessions_here(settings_of())() as session:
        owner = account_named(session, FIRST_ACCOUNT)
        stored = connections.of_destination(session, owner.id, "buildertrend")
        return dict(stored.settings) if stored else {}


@pytest.fixture
def template(tmp_path: Path) -> str:
    book = openpyxl.Workbook()
    book.active.append(TITLES)
    book.save(tmp_path / "subs.xlsx")
    return str(tmp_path / "subs.xlsx")


def test_the_usual_way_is_set_and_ended(connector: Run) -> None:
    assert "prepares certificates for Buildertrend: packet" in connector("buildertrend", "set")
    said = connector("buildertrend", "set", "--mode", "self_upload")
    assert "Buildertrend: self_upload" in said
    assert kept() == {"mode": "self_upload"}
    assert "no longer prepares" in connector("buildertrend", "end")
    assert kept() == {}
    assert "no settings for buildertrend" in connector("buildertrend", "end")


def test_a_way_that_there_is_not_is_told_with_those_that_there_are(connector: Run) -> None:
    said = connector("buildertrend", "set", "--mode", "parcel")
    assert all(way in said for way in ("packet", "self_upload", "import"))


def test_an_own_template_is_kept_with_its_titles(connector: Run, template: str) -> None:
    more = ("--column", "GL Expiration=general_liability_expiration_date")
    said = connector("buildertrend", "set", "--mode", "import", "--template", template, *COLUMNS, *more)  # fmt: skip
    assert "Buildertrend: import" in said
    assert kept()["columns"] == {
        "Company Name": "vendor_name",
        "GL Expiration": "general_liability_expiration_date",
    }
    connector("buildertrend", "set", "--mode", "packet")
    assert set(kept()) == {"mode", "columns", "template_sha256"}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (("--column", "Firm=vendor_name"), "no row with these titles: Firm"),
        (("--column", "Company Name=vendor_nam"), "is nothing that can be filled in"),
        (("--column", "Phone=vendor_email"), "holds the company's name"),
        (("--column", "Company Name"), "must be TITLE=KEY"),
    ],
)
def test_a_title_that_does_not_fit_is_told_and_nothing_is_kept(
    connector: Run, template: str, columns: tuple[str, ...], sentence: str
) -> None:
    assert sentence in connector("buildertrend", "set", "--template", template, *columns)
    assert kept() == {}


def test_titles_without_a_template_and_a_template_that_is_none_are_told(
    connector: Run, tmp_path: Path
) -> None:
    assert "--template together with --column" in connector("buildertrend", "set", *COLUMNS)
    path = tmp_path / "subs.csv"
    path.write_text("Company Name\n")
    said = connector("buildertrend", "set", "--template", str(path), *COLUMNS)
    assert "no Excel workbook" in said
