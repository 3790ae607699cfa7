"""The bundled certificates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from demo.draw import draw_demo
from demo.firms import compliant, compliant_endorsements, not_compliant

DEMO = Path(__file__).parents[2] / "demo"
BUNDLED_ON = date(2026, 3, 2)


def test_the_bundled_files_are_what_the_script_draws(tmp_path: Path) -> None:
    for path in draw_demo(tmp_path, BUNDLED_ON):
        assert path.read_bytes() == (DEMO / path.name).read_bytes()


@pytest.mark.parametrize("on", [date(2026, 1, 31), date(2026, 12, 1), date(2028, 2, 29)])
def test_the_compliant_policies_are_in_force_on_the_day_drawn_for(on: date) -> None:
    cells = compliant(on).cells
    for line in ("general_liability", "auto_liability", "umbrella_liability"):
        assert us_date(cells[f"{line}_effective_date"]) <= on
        assert on < us_date(cells[f"{line}_expiration_date"])


@pytest.mark.parametrize("on", [date(2026, 1, 31), date(2026, 12, 1), date(2028, 2, 29)])
def test_the_other_certificate_s_auto_policy_has_run_out(on: date) -> None:
    cells = not_compliant(on).cells
    assert us_date(cells["auto_liability_expiration_date"]) < on
    assert us_date(cells["general_liability_expiration_date"]) > on


def us_date(text: str) -> date:
    month, number, year = text.split("/")
    return date(int(year), int(month), int(number))


def test_every_endorsement_page_names_its_form_and_a_policy_of_the_certificate() -> None:
    document = pypdfium2.PdfDocument(DEMO / "compliant.pdf")
    numbers = {t for n, t in compliant(BUNDLED_ON).cells.items() if n.endswith("policy_number")}
    pages = compliant_endorsements()
    assert len(document) == 1 + len(pages)
    for number, page in enumerate(pages, 1):
        text = document[number].get_textpage().get_text_bounded()
        assert page.form in text
        assert page.policy_number in text
        assert page.policy_number in numbers


def test_the_other_certificate_has_live_fields() -> None:
    with pikepdf.open(DEMO / "not-compliant.pdf") as document:
        values = {
            str(widget.T): str(widget.get("/V", "")) for widget in document.pages[0].obj.Annots
        }
    assert values["GeneralLiability_EachOccurrence_LimitAmount_A"] == "500,000"
    assert values["NamedInsured_FullName_A"] == "Copper Ridge Electric Inc"
