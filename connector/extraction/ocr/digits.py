"""How wide the digits of a page are: what an O, a 0 and an I of its policy numbers are measured by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr.acceptance import amounts
from connector.extraction.ocr.looking import NUMBERS
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import solid


@dataclass(frozen=True, slots=True)
class Digits:
    """Rows of their print's height and what was measured of each."""

    zeros: NDArray[np.float64]
    exact_zeros: NDArray[np.float64]
    exact_ones: NDArray[np.float64]

    @classmethod
    def of(cls, sightings: Iterable[tuple[Cell, Sighting]]) -> Digits:
        """The digits of a page's amounts and dates."""
        pairs = [(cell, sighting) for cell, sighting in sightings if cell.kind in NUMBERS]
        every = [sighting for _, sighting in pairs]
        return cls(
            _zeros(each for cell, each in pairs if cell.kind is CellKind.AMOUNT),
            _measured(every, "0"),
            _measured(every, "1"),
        )

    def beside(self, sighting: Sighting) -> Sighting:
        """A number's sighting with what is known of the digits that the page has in print of its height."""
        zeros, exact, ones = (
            each[np.abs(each[:, 0] / sighting.line.height - 1) <= _SAME_PRINT, 1:]
            for each in (self.zeros, self.exact_zeros, self.exact_ones)
        )
        zero = exact_zero(exact[:, 0])
        return replace(
            sighting,
            zero=usual_zero(zeros[:, 0]),
            exact_zero=zero,
            usual_flag=usual_flag(ones[:, 1]) if zero else None,
        )


_SAME_PRINT, _ENOUGH_ZEROS = 0.1, 6


def _zeros(sightings: Iterable[Sighting]) -> NDArray[np.float64]:
    """Height of the print and width of each 0 in the page's amounts, where nothing is in doubt."""
    found = []
    for sighting in sightings:
        text = solid(sighting.first.text)
        columns = sighting.glyphs(len(text))
        if columns is None or amounts.believe(sighting).doubt:
            continue
        widths = (columns[:, 1] - columns[:, 0]).tolist()
        pairs = zip(text, widths, strict=True)
        found += [(sighting.line.height, width) for mark, width in pairs if mark == "0"]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _measured(sightings: Iterable[Sighting], mark: str) -> NDArray[np.float64]:
    """Height of the print, width and lean of each such digit in the amounts and dates that both readers
    see alike, finer than to a pixel."""
    found = []
    for sighting in sightings:
        text = solid(sighting.first.text)
        alike = sighting.second is not None and solid(sighting.second.text) == text
        if not alike or sighting.touching or not sighting.measured(len(text)):
            continue
        assert sighting.widths is not None  # noqa: S101 - `measured` says so
        assert sighting.leans is not None  # noqa: S101
        marks = zip(text, sighting.widths.tolist(), sighting.leans.tolist(), strict=True)
        found += [(sighting.line.height, *each) for one, *each in marks if one == mark]
    rows = np.array(found, dtype=np.float64).reshape(-1, 3)
    return rows[~np.isnan(rows).any(axis=1)]


def exact_zero(widths: NDArray[np.float64]) -> float | None:
    """The width of zeros that are all alike; None where they are few or the print is not that clean."""
    if len(widths) < _ENOUGH_ZEROS:
        return None
    low, middle, high = np.percentile(widths, (10, 50, 90))
    return float(middle) if high - low <= _SPREAD * middle else None


_SPREAD = 0.04
"""Share of their width that the zeros of a clean scan differ by: most by 0.01, on faxes by 0.1."""


def usual_flag(leans: NDArray[np.float64]) -> float | None:
    """How far the ones reach out to the left at their top; None where they are few."""
    return float(np.median(leans)) if len(leans) >= _ENOUGH_ONES else None


_ENOUGH_ONES = 3


def usual_zero(widths: NDArray[np.float64]) -> float | None:
    """The usual width of zeros; None where they are few or differ, as those that touch do."""
    if len(widths) < _ENOUGH_ZEROS:
        return None
    middle = float(np.median(widths))
    near = np.abs(widths / middle - 1) <= _ALIKE
    return middle if near.mean() >= _MOST else None


_ALIKE, _MOST = 0.15, 0.7
