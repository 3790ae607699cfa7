"""Two readings of one box."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.certificate.entry import BLANK, Evidence, Source, State, read, unclear
from connector.extraction.agreement import MOVED, agree, compared, overlaid
from connector.extraction.interference import NOTED, STRUCK
from connector.extraction.layout import HIDDEN
from connector.extraction.reading import CellReading, Line

FORM = Evidence(1, (0, 0, 10, 10), "1,000,000", Source.FORM_FIELD)
TEXT = Evidence(1, (0, 0, 10, 10), "1 000 000", Source.TEXT_LAYER)


def test_equal_readings_are_read_with_both_evidences() -> None:
    entry = agree(read(1_000_000, FORM), read(1_000_000, TEXT))
    assert entry.is_read
    assert entry.evidence == FORM
    assert entry.others == (TEXT,)


def test_different_readings_are_unclear_and_keep_both() -> None:
    entry = agree(read(1_000_000, FORM), read(2_000_000, TEXT))
    assert entry.is_unclear
    assert entry.value == 1_000_000
    assert entry.others == (TEXT,)
    assert "1000000" in str(entry.doubt)
    assert "2000000" in str(entry.doubt)


def test_a_blank_and_a_value_are_unclear_with_the_value() -> None:
    entry = agree(BLANK, read(5_000, TEXT))
    assert entry.is_unclear
    assert entry.value == 5_000
    assert entry.evidence == TEXT


def test_two_blanks_are_blank() -> None:
    assert agree(BLANK, BLANK).is_blank


def test_an_unclear_reading_stays_unclear_though_both_agree() -> None:
    entry = agree(unclear("A", FORM, "The letter is smudged."), read("A", TEXT))
    assert entry.state is State.UNCLEAR
    assert entry.doubt == "The letter is smudged."


def cell(text: str, source: Source = Source.TEXT_LAYER, doubt: str | None = None) -> CellReading:
    lines = tuple(
        Line(line, (0, 10 * n, 50, 10 * n + 6)) for n, line in enumerate(text.split("\n")) if line
    )
    return CellReading(1, source, lines, (0, 0, 50, 20), doubt=doubt)


def test_a_field_is_believed_where_the_page_draws_the_same() -> None:
    found = overlaid({"a": cell("GL-1", Source.FORM_FIELD)}, {"a": cell("GL-1")})
    assert found["a"].source is Source.FORM_FIELD
    assert found["a"].doubt is None


def test_a_field_is_doubted_where_the_page_draws_something_else() -> None:
    found = overlaid({"a": cell("GL-1", Source.FORM_FIELD)}, {"a": cell("GL-2")})
    assert found["a"].doubt


def test_an_empty_field_lets_the_printed_text_through() -> None:
    found = overlaid({"a": cell("", Source.FORM_FIELD)}, {"a": cell("GL-2")})
    assert found["a"].text == "GL-2"
    assert found["a"].source is Source.TEXT_LAYER


def test_a_field_without_a_drawn_value_is_believed() -> None:
    found = overlaid({"a": cell("GL-1", Source.FORM_FIELD)}, {"a": cell("")})
    assert found["a"].text == "GL-1"


@pytest.mark.parametrize("why", [HIDDEN, STRUCK, NOTED])
@pytest.mark.parametrize("shown", ["GL-1", ""])
def test_what_lies_over_a_box_puts_the_field_in_it_in_doubt(why: str, shown: str) -> None:
    found = overlaid({"a": cell("GL-1", Source.FORM_FIELD)}, {"a": cell(shown, doubt=why)})
    assert found["a"].doubt == why


def test_a_field_that_stands_in_another_box_is_in_doubt() -> None:
    field = replace(cell("GL-1", Source.FORM_FIELD), box=(0, 36, 50, 48))
    assert overlaid({"a": field}, {"a": cell("")})["a"].doubt == MOVED
    assert overlaid({"a": replace(field, lines=())}, {"a": cell("")})["a"].doubt is None


def test_text_that_lost_letters_gives_way_to_the_picture() -> None:
    found = compared({"a": cell("Nat\ufffdonal")}, {"a": cell("National", Source.OCR)})
    assert found["a"].text == "National"


def test_text_that_its_picture_contradicts_is_doubted() -> None:
    found = compared({"a": cell("1,000,000")}, {"a": cell("4,000,000", Source.OCR)})
    assert found["a"].text == "1,000,000"
    assert found["a"].doubt
