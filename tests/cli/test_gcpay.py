"""`connector gcpay` as a person uses it: the usual way, cover sheets, the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.pdfgen import canvas

from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from tests.cli.conftest import Run

NORTHFIELD = "Northfield Roofing LLC"


def kept() -> dict[str, Any]:
    """The settings as they are stored."""
    with sessions_here(settings_of())() as session:
        owner = account_named(session, FIRST_ACCOUNT)
        stored = connections.of_destination(session, owner.id, "gcpay")
        return dict(stored.settings) if stored else {}


def sheet(tmp_path: Path) -> str:
    path = tmp_path / "cover.pdf"
    page = canvas.Canvas(str(path))
    page.drawString(72, 700, "cover sheet")
    page.save()
    return str(path)


def test_the_usual_way_and_the_address_are_set_and_ended(connector: Run) -> None:
    assert "prepares certificates for GCPay: verify_list" in connector("gcpay", "set")
    said = connector("gcpay", "set", "--mode", "cover_sheet", "--mail-to", " docs@gcpay.example ")
    assert "GCPay: cover_sheet" in said
    assert kept() == {"mode": "cover_sheet", "mail_to": "docs@gcpay.example"}
    connector("gcpay", "set", "--mode", "erp_csv")
    assert kept() == {"mode": "erp_csv", "mail_to": "docs@gcpay.example"}
    assert "no longer prepares" in connector("gcpay", "end")
    assert "no settings for gcpay" in connector("gcpay", "end")


def test_an_address_that_is_none_is_told_and_not_kept(connector: Run) -> None:
    assert "is no e-mail address" in connector("gcpay", "set", "--mail-to", "docs@gcpay")
    assert kept() == {}


def test_cover_sheets_are_kept_by_subcontractor_project_and_item(
    connector: Run, tmp_path: Path
) -> None:
    given = ("gcpay", "cover-sheet", sheet(tmp_path), "--vendor", NORTHFIELD)
    assert connector(*given).splitlines() == [f"{NORTHFIELD}: Insurance"]
    said = connector(*given, "--project", "Lakeside", "--item", "GL policy")
    assert said.splitlines() == [f"{NORTHFIELD}: Insurance", f"{NORTHFIELD} in lakeside: GL policy"]
    assert connector(*given, "--project", "LAKESIDE", "--item", "GL policy").count("GL policy") == 1


def test_a_cover_sheet_that_is_no_pdf_is_told(connector: Run, tmp_path: Path) -> None:
    path = tmp_path / "cover.html"
    path.write_text("<html>Please log in</html>")
    said = connector("gcpay", "cover-sheet", str(path), "--vendor", NORTHFIELD)
    assert "cover sheet is no PDF" in said
