"""The drawn certificates say what their truth says: the benchmark stands on this."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import lru_cache

import pikepdf
import pypdfium2
import pytest

from connector.certificate.field import Kind
from connector.certificate.fields import BY_KEY, MODEL_FIELDS
from connector.certificate.values import day, money
from demo.form import field_values
from demo.layout import Area
from tests.drawing.contradictions import CONTRADICTIONS
from tests.drawing.editions import EDITIONS, expected_on, layout, unclear_on
from tests.drawing.filling import FACE_KEYS, Filling
from tests.drawing.makes import VECTOR_MAKES, draw, layout_for
from tests.drawing.styles import field_habits, official_style, own_style
from tests.drawing.truth import Truth
from tests.drawing.values import DIFFICULTIES, filled, made_up

SEEDS = range(16)


def text_in(pdf: bytes, area: Area) -> str:
    """The text layer's words inside an area of the first page."""
    page = opened(pdf)
    height = page.get_height()
    text: str = page.get_textpage().get_text_bounded(
        area.x0, height - area.bottom, area.x1, height - area.top
    )
    text = text.replace("\x02", "-\n")  # pdfium's mark for a hyphen at the end of a line
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=1)
def opened(pdf: bytes) -> pypdfium2.PdfPage:
    return pypdfium2.PdfDocument(pdf)[0]


@pytest.mark.parametrize("make", VECTOR_MAKES)
def test_the_same_seed_draws_the_same_bytes(make: str) -> None:
    assert draw(made_up(3), make=make) == draw(made_up(3), make=make)


def test_other_seeds_draw_other_certificates() -> None:
    assert len({draw(made_up(seed)) for seed in range(10)}) == 10


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_the_truth_answers_exactly_the_keys_of_a_certificate_s_face(difficulty: str) -> None:
    for seed in SEEDS:
        truth = made_up(seed, difficulty)
        assert tuple(truth.expected) == FACE_KEYS
        assert set(truth.unclear) | set(truth.arguable) <= set(FACE_KEYS)


def test_the_truth_covers_every_critical_key() -> None:
    critical = {field.key for field in MODEL_FIELDS if field.critical}
    assert critical - set(expected_on(made_up(1), "2016/03")) == set()


def test_expected_values_have_the_type_of_their_key() -> None:
    types = {Kind.USD: int, Kind.TICK: bool, Kind.MARK: bool, Kind.INT: int}
    for seed in SEEDS:
        for key, value in made_up(seed, "hard").expected.items():
            expected_type = types.get(BY_KEY[key].kind, str)
            assert value is None or type(value) is expected_type, key


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_printed_amounts_and_days_mean_what_the_truth_expects(difficulty: str) -> None:
    for seed in SEEDS:
        truth = made_up(seed, difficulty)
        for key, printed in truth.sheet.cells.items():
            kind = BY_KEY[key].kind if key in BY_KEY else None
            if key in truth.unclear or key == "umbrella_liability_retention":
                continue
            if kind is Kind.USD:
                assert money(printed).value == truth.expected[key]
            elif kind is Kind.DATE:
                found = day(printed).value
                assert (found.isoformat() if found else None) == truth.expected[key]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("difficulty", ["clean", "usual"])
def test_the_words_stand_in_their_cells(edition: str, difficulty: str) -> None:
    for seed in range(3):
        assert_words_in_cells(made_up(seed, difficulty), edition)


def assert_words_in_cells(truth: Truth, edition: str) -> None:
    style = official_style(truth.seed, truth.difficulty)
    drawn = layout_for(edition, style)
    if style.rows_at is not None:
        drawn = drawn.with_rows_at(style.rows_at)
    pdf = draw(truth, edition, style=style)
    for name, printed in truth.sheet.printed.items():
        cell = drawn.cells.get(name)
        if cell is None or cell.kind in ("tick", "signature"):
            continue
        found = text_in(pdf, cell.area.moved(1.0, *style.shift))
        assert printed.replace("\n", " ") in found, f"{name} of {truth.seed} on {edition}"


def test_the_oldest_edition_states_no_waiver_column_and_no_sixth_insurer() -> None:
    for seed in SEEDS:
        expected = expected_on(made_up(seed), "2009/01")
        assert expected["general_liability_subrogation_waived"] is None
        assert expected["umbrella_liability_type"] is None
        assert expected["insurer_f_name"] is None
        assert expected["form_edition"] == "2009/01"


def test_a_letter_whose_insurer_cannot_be_listed_may_be_unclear() -> None:
    pointing_to_f = [
        truth
        for truth in map(made_up, range(200))
        if truth.expected["general_liability_insurer_letter"] == "F"
    ]
    assert pointing_to_f
    for truth in pointing_to_f:
        assert "general_liability_insurer_letter" in unclear_on(truth, "2009/01")
        assert "general_liability_insurer_letter" not in unclear_on(truth, "2016/03")
        assert expected_on(truth, "2009/01")["general_liability_insurer_name"] is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_of_an_edition_lies_on_the_page_and_clear_of_its_labels(edition: str) -> None:
    drawn = layout(edition)
    for name, cell in drawn.cells.items():
        assert 0 < cell.area.x0 < cell.area.x1 < 612, name
        assert 0 < cell.area.top < cell.area.bottom < 792, name
        if cell.kind in ("amount", "center", "tick"):
            inside = [label.text for label in drawn.labels if overlap(label.area, cell.area) > 8]
            assert not inside, name


def overlap(one: Area, other: Area) -> float:
    """Square points that two areas share."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, width) * max(0.0, height)


def test_a_maker_s_own_print_moves_values_with_the_form() -> None:
    truth = made_up(4)
    style = own_style(4)
    area = layout_for("2016/03", style).cells["certificate_holder"].area.moved(1.0, *style.shift)
    found = text_in(draw(truth, style=style), area)
    assert truth.sheet.parties["certificate_holder"].name in found


def test_form_values_come_back_from_the_fields() -> None:
    for seed in SEEDS:
        truth = made_up(seed)
        values = field_values(truth.sheet, "2016/03")
        found = live_values(draw(truth, make="form"), field_habits(seed).line_break)
        assert found == {name: text for name, text in values.items() if text}


def live_values(pdf: bytes, line_break: str) -> dict[str, str]:
    """Field name -> text, "X" for a tick that is on; empty fields are left out."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for widget in document.pages[0].obj.Annots:
            name = str(widget.T).removesuffix("[0]")
            value = widget.get("/V")
            if value is None or pikepdf.Name.Off == value:
                continue
            is_tick = pikepdf.Name.Btn == widget.FT
            found[name] = "X" if is_tick else str(value).replace(line_break, "\n")
    return found


def test_seeds_cover_wrapped_and_plain_names_and_several_on_states() -> None:
    habits = [field_habits(seed) for seed in SEEDS]
    assert {habit.wrapped for habit in habits} == {True, False}
    assert len({habit.on_state for habit in habits}) >= 3


def test_a_ticked_field_shows_its_on_state() -> None:
    with pikepdf.open(io.BytesIO(draw(made_up(2), make="form"))) as document:
        ticks = [w for w in document.pages[0].obj.Annots if pikepdf.Name.Btn == w.FT]
        assert any(pikepdf.Name.Off != widget.V for widget in ticks)
        for widget in ticks:
            assert widget.AS == widget.V
            assert str(widget.AS) in widget.AP.N


def test_an_empty_box_on_a_present_line_is_no_and_on_an_absent_line_nothing() -> None:
    seen = set()
    for seed in SEEDS:
        expected = made_up(seed, "clean").expected
        for line, tick in (("auto_liability", "any_auto"), ("umbrella_liability", "claims_made")):
            value = expected[f"{line}_{tick}"]
            assert (value is None) == (expected[f"{line}_policy_number"] is None)
            seen.add(value)
    assert seen == {True, False, None}


def test_wrapped_names_stand_under_their_form_and_page() -> None:
    seed = next(seed for seed in SEEDS if field_habits(seed).wrapped)
    with pikepdf.open(io.BytesIO(draw(made_up(seed), make="form"))) as document:
        (root,) = document.Root.AcroForm.Fields
        (page,) = root.Kids
        assert (str(root.T), str(page.T)) == ("F[0]", "P1[0]")
        assert all(str(field.T).endswith("[0]") for field in page.Kids)


def test_only_hard_certificates_contradict_themselves() -> None:
    for difficulty in ("clean", "usual"):
        assert not any(made_up(seed, difficulty).unclear for seed in SEEDS)
    assert sum(bool(made_up(seed, "hard").unclear) for seed in SEEDS) > len(SEEDS) / 2


@pytest.mark.parametrize("spoil", CONTRADICTIONS)
def test_each_contradiction_names_printed_keys_as_unclear(spoil: Callable[[Filling], None]) -> None:
    named = set()
    for seed in range(12):
        filling = filled(seed, "usual")
        spoil(filling)
        named |= filling.unclear
        assert filling.unclear <= set(FACE_KEYS)
    assert named


def test_an_unknown_difficulty_or_make_is_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        made_up(1, "odd")
    with pytest.raises(ValueError, match="papyrus"):
        draw(made_up(1), make="papyrus")
