"""Scans of prints that a maker laid out anew: placed by labels and rules, or in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from connector.certificate.entry import Entry
from connector.certificate.fields import BY_KEY
from connector.certificate.flat import flatten
from connector.documents.admit import Limits, admit
from connector.extraction import assembly
from connector.extraction.ocr import read_page, rules
from connector.extraction.ocr.own_print.printed import Labels, cut_at
from connector.extraction.ocr.own_print.table import _named, _without_cut_rows
from connector.extraction.ocr.pages import NO_FORM
from connector.extraction.whole import read_with_pictures
from connector.extraction.words import Word
from demo.layout import Layout
from demo.page import certificate_pdf
from tests.drawing import rearranged, wear
from tests.drawing.corpus import MORE_KINDS, corpus
from tests.drawing.editions import expected_on, layout
from tests.drawing.picture import picture
from tests.drawing.relaid import relaid
from tests.drawing.styles import official_style
from tests.drawing.truth import Truth
from tests.drawing.values import made_up

DPI = 200
Change = Callable[[Layout], Layout]


def page_of(truth: Truth, drawn: Layout, dpi: int = DPI, skew: float = 0.7) -> np.ndarray[Any, Any]:
    pdf = certificate_pdf(drawn, truth.sheet, official_style(truth.seed, "clean"))
    worn = wear.scanned(picture(pdf, dpi), np.random.default_rng(truth.seed), skew=skew)
    return np.asarray(worn.convert("L"), dtype=np.uint8)


def read(truth: Truth, drawn: Layout, dpi: int = DPI, skew: float = 0.7) -> dict[str, Entry[Any]]:
    reading = read_page(page_of(truth, drawn, dpi, skew), dpi, 1)
    assert reading.edition is not None
    return assembly.entries(reading, reading.edition)


def silent(found: Mapping[str, Entry[Any]], truth: Truth) -> dict[str, tuple[object, object]]:
    """Wrong values of boxes that count and that nobody is told of, with what was read."""
    expected = expected_on(truth, "2016/03")
    pairs = {
        key: (expected[key], _plain(entry))
        for path, entry in found.items()
        if (key := path.replace(".", "_")) in expected
        and key in BY_KEY
        and BY_KEY[key].critical
        and key not in truth.arguable
        and not entry.is_unclear
    }
    return {
        key: pair for key, pair in pairs.items() if pair[0] != pair[1] and pair != (None, False)
    }


def _plain(entry: Entry[Any]) -> object:
    return entry.value.isoformat() if isinstance(entry.value, date) else entry.value


def sure(found: Mapping[str, Entry[Any]]) -> int:
    return sum(entry.is_read for entry in found.values())


@cache
def own(seed: int = 372001) -> tuple[Truth, dict[str, Entry[Any]]]:
    truth = made_up(seed, "clean")
    return truth, read(truth, relaid(layout("2016/03"), seed))


def test_a_print_with_other_columns_and_rows_is_read() -> None:
    truth, found = own()
    assert silent(found, truth) == {}
    expected = expected_on(truth, "2016/03")
    for path in (
        "insured.name", "general_liability.policy_number", "general_liability.each_occurrence",
        "general_liability.general_aggregate", "auto_liability.combined_single_limit",
        "workers_compensation.disease_policy_limit", "general_liability.expiration_date",
    ):  # fmt: skip
        assert found[path].is_read
        assert _plain(found[path]) == expected[path.replace(".", "_")]


CHANGES: dict[str, Change] = {
    "rows": lambda drawn: rearranged.rows_swapped(drawn, "general_liability", "auto_liability"),
    "limits": lambda drawn: rearranged.labels_swapped(
        drawn, "EACH OCCURRENCE", "GENERAL AGGREGATE",
        ("general_liability_each_occurrence", "general_liability_general_aggregate"),
    ),
    "days": rearranged.days_swapped,
    "row missing": lambda drawn: rearranged.without_row(drawn, "umbrella_liability"),
    "rule too many": lambda drawn: replace(
        drawn, rules=(*drawn.rules, replace(drawn.rules[1], x0=18, x1=594, top=336, bottom=336))
    ),
    "limits unruled": rearranged.limits_unruled,
    "labels above": rearranged.labels_above,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_values_stay_with_their_labels_or_are_in_doubt(change: str) -> None:
    truth = made_up(372011, "clean")
    found = read(truth, relaid(CHANGES[change](layout("2016/03")), 372011))
    assert silent(found, truth) == {}


@pytest.mark.slow
@pytest.mark.parametrize("change", ["rows", "limits", "days"])
def test_another_order_is_read_as_surely_as_the_usual_one(change: str) -> None:
    truth = made_up(372001, "clean")
    found = read(truth, relaid(CHANGES[change](layout("2016/03")), 372001))
    assert silent(found, truth) == {}
    assert sure(found) >= 0.9 * sure(own()[1])


@pytest.mark.slow
def test_a_digit_taken_for_a_rule_leaves_no_amount_blank() -> None:
    (drawn,) = corpus(MORE_KINDS["own print, scan 300"], 1, 420009)
    document = admit(drawn.data, "own print.pdf", Limits())
    flat = flatten(read_with_pictures(document).certificates[0], date(2026, 1, 1))
    key, unclear = "umbrella_liability_retention", str(flat["unclear_fields"]).split(", ")
    assert flat[key] == 10000 or key in unclear


@pytest.mark.slow
def test_a_label_whose_upper_line_touches_a_rule_puts_no_other_value_in_doubt() -> None:
    (drawn,) = corpus(MORE_KINDS["own print, scan 200"], 1, 460001)
    flat = flatten(
        read_with_pictures(admit(drawn.data, "own print.pdf", Limits())).certificates[0],
        date(2026, 1, 1),
    )
    assert len(str(flat["unclear_fields"]).split(", ")) < 20


@pytest.mark.slow
def test_an_upside_down_print_is_read_too() -> None:
    truth = made_up(372001, "clean")
    page = page_of(truth, relaid(layout("2016/03"), 372001))
    reading = read_page(np.ascontiguousarray(np.rot90(page, 2)), DPI, 1)
    assert reading.edition is not None
    assert silent(assembly.entries(reading, reading.edition), truth) == {}


def test_a_form_of_another_name_with_such_a_table_is_none() -> None:
    drawn = relaid(layout("2016/03"), 372001)
    renamed = {"ACORD 25 (2016/03)": "ACORD 24 (2016/03)"}
    labels = tuple(
        replace(label, text=renamed.get(label.text, label.text)) for label in drawn.labels
    )
    page = page_of(made_up(372001, "clean"), replace(drawn, labels=labels))
    reading = read_page(page, DPI, 1)
    assert reading.edition is None
    assert reading.doubt == NO_FORM


def word(text: str, x0: float, x1: float, top: float = 10.0) -> Word:
    return Word(text, x0, top, x1, top + 6, -1, -1)


def test_labels_are_found_with_slips_but_not_where_two_are_as_near() -> None:
    words = [
        word("EACH", 10, 30),
        word("OCCURRFNCE", 32, 70),
        word("INSURER", 10, 40, 30),
        word("O", 42, 45, 30),
    ]
    texts = ["EACH OCCURRENCE", "INSURER A", "INSURER B"]
    seen = Labels.among(words, texts).seen
    assert [one.label for one in seen] == ["EACHOCCURRENCE"]


def test_a_short_label_is_found_only_as_it_is_printed() -> None:
    assert not Labels.among([word("OED", 10, 30)], ["DED"]).seen


def test_a_label_ends_at_the_rule_that_a_reader_overlooked() -> None:
    assert cut_at((10, 0, 60, 6), [22]) == (22.5, 0, 60, 6)


def test_a_heading_is_read_for_what_it_says() -> None:
    assert _named("POLICYEFFMMDDYYYY", []) == "effective_date"
    assert _named("POLICYEXPMMDDYYYY", []) == "expiration_date"
    assert _named("POLICYE", ["POLICYEXP"]) == "expiration_date"
    assert _named("POLICYEFP", []) is None


def test_a_row_may_be_cut_where_the_next_has_no_title() -> None:
    assert _without_cut_rows(["a", None, "b", None]) == ["", None, "b", None]
    assert _without_cut_rows(["a", "b", None, None]) == ["a", "", None, None]


def test_a_hair_thin_rule_is_found_that_a_scanner_made_grey() -> None:
    paper = np.full((60, 200), 255, np.uint8)
    paper[30, 20:180] = 204
    assert len(rules.find(paper, 150 / 72).across_lines) == 1
