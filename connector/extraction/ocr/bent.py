"""Paper that does not lie flat: curled, folded, bent in a scanner or drawn out in a feeder.

Its own rules tell how it lies (`straightening`), the form's how far they should stand apart
(`fitting`). What comes of it is judged as a flat page is: by its rules against the form's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connector.extraction import editions
from connector.extraction.editions import Edition
from connector.extraction.ocr import registration, rules
from connector.extraction.ocr.fitting import drawn_to_rules, spaced
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.registration import Placement
from connector.extraction.ocr.splines import Points, Way, mesh, resampled
from connector.extraction.ocr.straightening import straightening

HOPELESS = 0.2
"""Fit of the best form on straightened rules, below which the page is none of them. Measured: bent
pages of a known form 0.4 and more, other pages at most 0.15."""

_UPRIGHT = 0.45
"""Fit above which a page surely does not stand on its head."""

_NEARER = (2.0, 1.2, 0.8)
_WHITE = 255
_LEAST_AREA, _MOST_AREA = 0.3, 3.0


@dataclass(frozen=True, slots=True)
class Flattened:
    """A bent page laid flat. `way` sends the pixels on which `placements` lie to the bent picture's."""

    placements: tuple[Placement, ...]
    way: Way

    @property
    def fit(self) -> float:
        return self.placements[0].fit if self.placements else 0.0

    def is_drawn_to(self, edition: Edition) -> bool:
        return bool(self.placements) and self.placements[0].edition.rules == edition.rules


class BentPage:
    """A page (even paper, standing upright or on its head) that may be bent; `scale` is in pixels a point.

    The editions' rules stand in the same order, so that paper bent enough may be any of them: each is
    tried, and the print at the foot of the page has the last word (`laid_flat`).
    """

    def __init__(self, low: Gray, scale: float) -> None:
        self._low, self._scale = low, scale
        way = straightening(low)
        self._begun = _begun(low, way, scale) if way else None

    def best(self) -> Flattened | None:
        """The page laid flat by the form that fits best; None where no known form comes of it."""
        if self._begun is None:
            return None
        likely = [
            placement.edition
            for placement in self._begun.placements
            if placement.fit >= _LIKELY * self._begun.fit
        ]
        if self._begun.fit >= _SURE:
            likely = likely[:1]
        tried = [found for edition in likely[:_TRIED] if (found := self.laid_flat(edition))]
        others = {each.placements[0].edition: each for each in tried}
        for edition in [edition for edition in others if edition not in likely]:
            tried += [found for found in [self.laid_flat(edition, others[edition])] if found]
        return max(tried, key=lambda each: each.fit, default=None)

    def laid_flat(self, edition: Edition, begun: Flattened | None = None) -> Flattened | None:
        """The page laid flat by the rules of one edition; None where it does not lie like paper then."""
        begun = begun or self._begun
        if begun is None or edition.rules not in [p.edition.rules for p in begun.placements]:
            return None
        found = _drawn(self._low, begun, edition, self._scale)
        return found if found.placements and is_paper(found.way, edition, self._scale) else None


_LIKELY, _SURE, _TRIED = 0.6, 0.7, 2
"""Share of the best form's fit from which another is tried too, unless the best fits as well as this."""


def _begun(low: Gray, way: Way, scale: float) -> Flattened | None:
    """The straightened page with the forms as far as they fit, set upright."""
    size = np.array(low.shape[::-1], dtype=np.float64)

    def overhead(points: Points) -> Points:
        return way(size - points)

    best = _placed(low, way, scale)
    if best.placements and best.fit >= _UPRIGHT:
        return best
    other = _placed(low, overhead, scale)
    found = max(
        (each for each in (best, other) if each.placements), key=lambda each: each.fit, default=None
    )
    return found if found and found.fit >= HOPELESS else None


def _placed(low: Gray, way: Way, scale: float) -> Flattened:
    flat = resampled(low, way, (low.shape[1], low.shape[0]), beyond=_WHITE, sharp=True)
    return Flattened(tuple(registration.place(rules.find(flat, scale), editions.all(), scale)), way)


def _drawn(low: Gray, begun: Flattened, edition: Edition, scale: float) -> Flattened:
    """The page in the form's own measure: its rules drawn to the form's, and once more from nearer."""
    placement = next(each for each in begun.placements if each.edition.rules == edition.rules)
    straight = resampled(low, begun.way, (low.shape[1], low.shape[0]), beyond=_WHITE, sharp=True)
    seen = rules.find(straight, scale)
    onto_straight = drawn_to_rules(edition, spaced(placement, seen, scale), seen, scale)
    size = round(edition.page[0] * scale), round(edition.page[1] * scale)

    def first(points: Points) -> Points:
        return begun.way(onto_straight(points / scale))

    near = rules.find(resampled(low, first, size, beyond=_WHITE, sharp=True), scale)
    nearer = drawn_to_rules(edition, lambda points: points * scale, near, scale, _NEARER)

    def second(points: Points) -> Points:
        return first(nearer(points / scale))

    last = rules.find(resampled(low, second, size, beyond=_WHITE, sharp=True), scale)
    return Flattened(tuple(registration.place(last, editions.all(), scale)), second)


def is_paper(way: Way, edition: Edition, scale: float) -> bool:
    """Whether the page has nowhere been drawn out or squeezed as no paper before a camera can be."""
    nodes = mesh((edition.page[0] * scale, edition.page[1] * scale), 36 * scale)
    sent = way(nodes.reshape(-1, 2)).reshape(nodes.shape)
    across, down = np.diff(sent, axis=1)[:-1], np.diff(sent, axis=0)[:, :-1]
    areas = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    usual = float(np.median(areas))
    return bool((areas > _LEAST_AREA * usual).all() and (areas < _MOST_AREA * usual).all())
