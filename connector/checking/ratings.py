"""The user's own table of insurer ratings, as CSV: NAIC code, name, rating, size class.

AM Best's data is licensed, so none is shipped; whoever has a licence exports it.
"""

from __future__ import annotations

import csv
import io
from typing import NoReturn

from connector.certificate import values
from connector.checking.packet import Rating
from connector.checking.rule_tests.insurers import LETTERS, SIZES
from connector.errors import InvalidInput

COLUMNS = ("naic", "name", "rating", "size")


def read_ratings(text: str) -> dict[str, Rating]:
    """Ratings by NAIC code from CSV text with the columns naic, name, rating, size.

    Rating and size may be empty (not rated). InvalidInput names the line that is wrong; a code
    that stands there twice is refused, because one of the two is not true.
    """
    try:
        return _read(
            csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
        )
    except csv.Error as error:
        raise InvalidInput(f"The rating table is no CSV file: {error}.", field="ratings") from error


def _read(rows: csv.DictReader[str]) -> dict[str, Rating]:
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    if missing := [column for column in COLUMNS if column not in names]:
        raise InvalidInput(f"The rating table has no column “{missing[0]}”.", field="ratings")
    rows.fieldnames = names
    found: dict[str, Rating] = {}
    for row in rows:
        rating = _rating(row, rows.line_num)
        if rating.naic in found:
            _refuse(rows.line_num, f"The NAIC code {rating.naic} stands here twice.")
        found[rating.naic] = rating
    return found


def _rating(row: dict[str, str | None], line: int) -> Rating:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    naic = values.naic(cells["naic"])
    if naic.value is None or naic.doubt:
        _refuse(line, naic.doubt or "The NAIC code is missing.")
    if not cells["name"]:
        _refuse(line, "The insurer's name is missing.")
    letter, size = cells["rating"].upper(), cells["size"].upper()
    if letter and letter not in LETTERS:
        _refuse(line, f"“{cells['rating']}” is no rating such as A-.")
    if size and size not in SIZES:
        _refuse(line, f"“{cells['size']}” is no size class from I to XV.")
    return Rating(naic.value, cells["name"], letter or None, size or None)


def _refuse(line: int, sentence: str) -> NoReturn:
    raise InvalidInput(f"The rating table, line {line}: {sentence}", field="ratings")
