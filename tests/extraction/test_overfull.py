"""A form that holds far more text than any certificate prints: a sentence or a doubt, in moments."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from connector.certificate import values
from connector.documents.admit import Limits
from connector.errors import UnreadableFile
from connector.extraction.parties import LONG_LINE
from connector.extraction.whole import open_document
from demo.draw import draw_demo

PATIENCE = 15.0
"""Seconds on a busy machine; each of these took more than a minute once."""


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled certificate that has live form fields."""
    return draw_demo(tmp_path_factory.mktemp("form"), datetime.now(UTC).date())[1]


def with_text(form: Path, part: str, text: str) -> bytes:
    """The form with this text in every field whose name has the part."""
    out = io.BytesIO()
    with pikepdf.open(form) as pdf:
        for page in pdf.pages:
            for field in page.get("/Annots", []):
                if field.get("/FT") == "/Tx" and part in str(field.get("/T", "")).lower():
                    field["/V"] = pikepdf.String(text)
                    if "/AP" in field:
                        del field["/AP"]
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("part", "text"), [("insured_fullname", "A" * 20_000), ("", "A" * 5_000)])
def test_a_form_with_more_text_than_its_pages_hold_is_refused(
    form: Path, part: str, text: str
) -> None:
    with pytest.raises(UnreadableFile, match="more text than any certificate"):
        open_document(with_text(form, part, text), "coi.pdf", Limits())


@pytest.mark.parametrize("text", ["A " * 4_500, "A street " * 1_000, "1 a " * 2_000, "a\n" * 4_900])
def test_a_name_without_end_is_in_doubt_and_costs_no_time(form: Path, text: str) -> None:
    began = time.process_time()
    found = open_document(with_text(form, "insured_fullname", text), "coi.pdf", Limits()).found
    assert time.process_time() - began < PATIENCE
    assert found is not None
    name = found.certificates[0].insured.name
    assert not name.is_read
    assert LONG_LINE in str(name)


@pytest.mark.parametrize("text", ["1" * 9_000, "A1B2C3 " * 1_300, "12345-6 / " * 900])
def test_a_policy_number_without_end_is_in_doubt_and_costs_no_time(text: str) -> None:
    began = time.process_time()
    assert values.policy_number(text).doubt == "More is written than a policy number has."
    assert time.process_time() - began < 1.0


def test_an_amount_without_end_is_in_doubt() -> None:
    for text in (
        "1" * 6_000,
        "$1,000,000 " * 500,
        "1" * 700,
        "9" * 700 + " k",
        "9" * 20 + "mm",
    ):
        found = values.money(text)
        assert found.value is None
        assert found.doubt
