"""The editions as data: whole, inside their page, and tied to the model."""

from __future__ import annotations

import pytest

from connector.certificate.fields import ENTRY_PATHS
from connector.extraction import editions
from connector.extraction.editions import CellKind, Edition
from connector.extraction.labels import plain

EVERY = editions.all()
BLOCKS = {"producer", "insured", "certificate_holder", "other.description", "other.limits"}


def test_all_known_editions_are_there_the_newest_first() -> None:
    assert [edition.key for edition in EVERY] == [
        "2025/12", "2016/03", "2014/01", "2010/05", "2010/05 heading", "2009/09", "2009/01",
    ]  # fmt: skip


@pytest.mark.parametrize("edition", EVERY, ids=lambda edition: edition.key)
def test_every_cell_label_and_rule_stands_on_the_page(edition: Edition) -> None:
    width, height = edition.page
    boxes = [
        *(cell.box for cell in edition.cells.values()),
        *(label.box for label in edition.labels),
        *edition.rules,
    ]
    for x0, top, x1, bottom in boxes:
        assert 0 <= x0 <= x1 <= width
        assert 0 <= top <= bottom <= height


@pytest.mark.parametrize("edition", EVERY, ids=lambda edition: edition.key)
def test_every_cell_is_a_model_path_or_a_known_part_of_one(edition: Edition) -> None:
    for name in edition.cells:
        path = name.partition("=")[0].replace("other.", "other_1.")
        known = path in ENTRY_PATHS or name in BLOCKS or ".free_" in name
        supports = name in (
            "general_liability.ticked",
            "umbrella_liability.deductible_or_retention",
        )
        assert known or supports, name


@pytest.mark.parametrize("edition", EVERY, ids=lambda edition: edition.key)
def test_every_label_that_a_cell_names_is_printed_on_the_edition(edition: Edition) -> None:
    printed = {plain(label.text) for label in edition.labels}
    named = {plain(cell.label) for cell in edition.cells.values() if cell.label}
    assert named <= printed


@pytest.mark.parametrize("edition", EVERY, ids=lambda edition: edition.key)
def test_ticks_of_one_edition_do_not_overlap(edition: Edition) -> None:
    ticks = [cell for cell in edition.cells.values() if cell.kind is CellKind.TICK]
    for number, first in enumerate(ticks):
        for second in ticks[number + 1 :]:
            a, b = first.box, second.box
            apart = (
                a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
            )
            assert apart, (first.name, second.name)


def test_an_older_edition_says_only_what_differs() -> None:
    newer, older = editions.load("2016/03"), editions.load("2014/01")
    assert (
        older.cells["general_liability.occurrence"] == newer.cells["general_liability.occurrence"]
    )
    assert older.cells["auto_liability.owned_autos"].label == "ALL OWNED"
    assert "OWNED" not in {label.text for label in older.labels}


def test_an_edition_without_a_waiver_column_has_no_cell_for_it() -> None:
    assert "general_liability.subrogation_waived" not in editions.load("2009/01").cells


def test_an_unknown_edition_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        editions.load("1999/01")
