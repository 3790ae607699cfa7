"""Which rows of the coverages table are filled in."""

from __future__ import annotations

import pytest

from connector.certificate.entry import Source
from connector.extraction import editions
from connector.extraction.ocr.registered import with_doubtful_rows
from connector.extraction.reading import CellReading, Line

(EDITION,) = (edition for edition in editions.all() if edition.name == "2016/03")
ROW = [cell for cell in EDITION.cells.values() if cell.row == "other"]
BOX = (0.0, 0.0, 10.0, 10.0)


def doubted(*dates: str | None) -> str | None:
    """The doubt of a free row's letter where its dates stand in lines with these doubts."""
    lines = tuple(Line("01/02/2026", BOX, doubt=why) for why in dates)
    readings = {cell.name: CellReading(1, Source.OCR) for cell in ROW}
    readings["other.effective_date"] = CellReading(1, Source.OCR, lines)
    return with_doubtful_rows(readings, ROW)["other.insurer_letter"].reason


@pytest.mark.parametrize("dates", [(None,), (None, "differs"), ()])
def test_a_row_is_filled_in_where_one_line_of_it_is_sure(dates: tuple[str | None, ...]) -> None:
    assert doubted(*dates) is None


def test_a_row_of_which_nothing_is_sure_may_be_empty() -> None:
    assert doubted("differs", "differs")
