"""The editions of the form that can be drawn, and what a certificate says on each of them."""

from __future__ import annotations

from pathlib import Path

from connector.certificate.field import Kind, Scalar
from connector.certificate.fields import BY_KEY
from demo.layout import Layout, acord_25_2016, load
from tests.drawing.truth import Truth

_LAYOUTS = Path(__file__).parent / "layouts"
EDITIONS = ("2016/03", "2025/12", "2014/01", "2010/05", "2009/09", "2009/01")
LINES = (
    "general_liability", "auto_liability", "umbrella_liability", "workers_compensation",
    "other_1", "other_2", "other_3",
)  # fmt: skip


def layout(edition: str) -> Layout:
    """The layout of an edition such as "2016/03"."""
    if edition == "2016/03":
        return acord_25_2016()
    return load(_LAYOUTS / f"{edition.replace('/', '-')}.json")


def expected_on(truth: Truth, edition: str) -> dict[str, Scalar]:
    """The expected values where this certificate is printed on that edition.

    What the edition has no box for is not stated: 2009/01 has no SUBR WVD column, no sixth
    insurer, and one title for umbrella and excess.
    """
    cells = layout(edition).cells
    found = dict(truth.expected)
    for name in truth.sheet.cells.keys() - cells.keys():
        found |= _not_stated(name)
    for line in LINES:
        found |= _insurer_of(line, found)
    return {**found, "form": "ACORD 25", "form_edition": edition}


def _not_stated(cell: str) -> dict[str, Scalar]:
    """What a reader answers for a cell that could not be printed."""
    if cell.startswith("umbrella_liability_type_"):
        return {"umbrella_liability_type": None}
    if cell == "general_liability_aggregate_applies_per_other":
        return {"general_liability_aggregate_applies_per": None}
    if cell in BY_KEY:
        return {cell: False if BY_KEY[cell].kind is Kind.TICK else None}
    return {}


def _insurer_of(line: str, found: dict[str, Scalar]) -> dict[str, Scalar]:
    """The insurer that the line's letter points to, as far as it is listed."""
    letter = found[f"{line}_insurer_letter"]
    if not isinstance(letter, str):
        return {}
    return {
        f"{line}_insurer_{part}": found[f"insurer_{letter.lower()}_{part}"]
        for part in ("name", "naic")
    }


def unclear_on(truth: Truth, edition: str) -> frozenset[str]:
    """Where "unclear" is right on that edition: also a letter whose insurer could not be listed,
    what a line repeats of an insurer that is in doubt, and a deductible printed beside RETENTION."""
    found, doubtful = expected_on(truth, edition), set(truth.unclear)
    for line in LINES:
        letter = str(found[f"{line}_insurer_letter"] or "").lower()
        repeated = {f"{line}_insurer_name", f"{line}_insurer_naic"}
        if letter and not found[f"{line}_insurer_name"]:
            doubtful |= {f"{line}_insurer_letter", *repeated}
        if f"insurer_{letter}_naic" in truth.unclear:
            doubtful |= repeated
    if edition.startswith("2009") and "umbrella_liability_has_deductible" in truth.sheet.cells:
        doubtful |= {"umbrella_liability_deductible", "umbrella_liability_retention"}
    return frozenset(doubtful)
