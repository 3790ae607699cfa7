"""Laying an edition over a page: scale and offset by labels, and how well it fits.

x and y are fitted apart, by least squares over the labels that stand where the fit says; shifted
and scaled prints are followed. What single labels do beyond that is for `placement.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.editions import Edition
from connector.extraction.labels import Found, Labels, plain

NEAR = 3.0
"""Points within which a label stands where the fit says."""
LARGEST_STRETCH = 0.15
MOST_HYPOTHESES = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """page = scale * edition + offset, for x and y; `share` of the labels stand near it (0..1)."""

    x_scale: float = 1.0
    x_offset: float = 0.0
    y_scale: float = 1.0
    y_offset: float = 0.0
    share: float = 0.0

    def box(self, box: Box) -> Box:
        """A box of the edition on the page."""
        return (
            self.x_scale * box[0] + self.x_offset,
            self.y_scale * box[1] + self.y_offset,
            self.x_scale * box[2] + self.x_offset,
            self.y_scale * box[3] + self.y_offset,
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """An edition laid over a page. `found` are the labels by their number in `edition.labels`;
    a maker's own print may have them elsewhere than the fit says.
    """

    edition: Edition
    fit: Fit
    found: dict[int, Found]

    @property
    def recall(self) -> float:
        """The share of the edition's labels that the page prints at all (0..1)."""
        return len(self.found) / sum(1 for text in _texts(self.edition) if text)

    def shift(self, number: int) -> tuple[float, float] | None:
        """How far the label `number` stands from where the fit says: right, down; None: not found."""
        if number not in self.found:
            return None
        here, there = self.found[number].box, self.fit.box(self.edition.labels[number].box)
        return here[0] - there[0], _middle(here) - _middle(there)


def register(labels: Labels, edition: Edition) -> Registration:
    """The edition laid over the page with these labels; the share tells whether it fits."""
    pairs = [
        (number, found)
        for number, text in enumerate(_texts(edition))
        for found in labels.candidates.get(text, ())
    ]
    if len(pairs) < 4:
        return Registration(edition, Fit(), {})
    there = np.array([_anchor(edition.labels[number].box) for number, _ in pairs])
    here = np.array([_anchor(found.box) for _, found in pairs])
    weight = np.array([1.0 / len(labels.candidates[_texts(edition)[n]]) for n, _ in pairs])
    fit = _best(there, here, weight)
    for _ in range(3):
        fit = _refined(fit, there, here)
    chosen = _nearest(fit, edition, labels)
    share = _share(fit, edition, chosen)
    return Registration(edition, Fit(*_numbers(fit), share), chosen)


@cache
def _texts(edition: Edition) -> tuple[str, ...]:
    return tuple(plain(label.text) for label in edition.labels)


def _anchor(box: Box) -> tuple[float, float]:
    return box[0], _middle(box)


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


Points = NDArray[np.float64]


def _distance(fit: Fit, there: Points, here: Points) -> Points:
    """The larger of the distances in x and y, per pair."""
    x = np.abs(fit.x_scale * there[:, 0] + fit.x_offset - here[:, 0])
    y = np.abs(fit.y_scale * there[:, 1] + fit.y_offset - here[:, 1])
    return np.maximum(x, y)


def _best(there: Points, here: Points, weight: Points) -> Fit:
    """The fit that most labels agree to: the plain page first, else through pairs of labels."""
    plain_page = Fit()
    most = float(weight[_distance(plain_page, there, here) < NEAR].sum())
    if most > 0.6 * len(there):
        return plain_page
    best = plain_page
    for fit in _hypotheses(there, here, weight):
        votes = float(weight[_distance(fit, there, here) < 2 * NEAR].sum())
        if votes > most:
            best, most = fit, votes
    return best


def _hypotheses(there: Points, here: Points, weight: Points) -> Iterable[Fit]:
    """Fits through two labels far apart, the labels found only once first."""
    sure = np.flatnonzero(weight > 0.99)
    if len(sure) < 2:
        sure = np.arange(len(there))
    spread = sure[np.argsort(there[sure, 1])]
    step = max(1, len(spread) // 12)
    count = 0
    for first, second in combinations(spread[::step], 2):
        if there[second, 1] - there[first, 1] < 150:
            continue
        y_scale = (here[second, 1] - here[first, 1]) / (there[second, 1] - there[first, 1])
        if abs(y_scale - 1) > LARGEST_STRETCH:
            continue
        for x_scale in (1.0, y_scale):
            yield Fit(
                x_scale,
                float(np.median(here[[first, second], 0] - x_scale * there[[first, second], 0])),
                y_scale,
                float(here[first, 1] - y_scale * there[first, 1]),
            )
        count += 1
        if count >= MOST_HYPOTHESES:
            return


def _refined(fit: Fit, there: Points, here: Points) -> Fit:
    """Least squares over the pairs that the fit already brings near."""
    near = _distance(fit, there, here) < 2 * NEAR
    if near.sum() < 4:
        return fit
    x_scale, x_offset = _line(there[near, 0], here[near, 0])
    y_scale, y_offset = _line(there[near, 1], here[near, 1])
    if max(abs(x_scale - 1), abs(y_scale - 1)) > LARGEST_STRETCH:
        return fit
    return Fit(x_scale, x_offset, y_scale, y_offset)


def _line(there: Points, here: Points) -> tuple[float, float]:
    middle_there, middle_here = there.mean(), here.mean()
    spread = ((there - middle_there) ** 2).sum()
    scale = float(((there - middle_there) * (here - middle_here)).sum() / spread) if spread else 1.0
    return scale, float(middle_here - scale * middle_there)


def _numbers(fit: Fit) -> tuple[float, float, float, float]:
    return fit.x_scale, fit.x_offset, fit.y_scale, fit.y_offset


FARTHEST = 40.0
"""Points that a maker's own print may move a label from where the fit says."""


def _nearest(fit: Fit, edition: Edition, labels: Labels) -> dict[int, Found]:
    """For each label the place on the page that is meant, each word used for one label only.

    Long labels choose first; the labels of one text choose by distance, the nearest pair first.
    """
    order = sorted(range(len(edition.labels)), key=lambda n: -len(_texts(edition)[n]))
    choices = [
        (
            -len(_texts(edition)[number]),
            _apart(fit, edition.labels[number].box, found.box),
            number,
            found,
        )
        for number in order
        for found in labels.candidates.get(_texts(edition)[number], ())
    ]
    chosen: dict[int, Found] = {}
    used: set[int] = set()
    for _, apart, number, found in sorted(choices, key=lambda choice: choice[:3]):
        if apart < FARTHEST and number not in chosen and used.isdisjoint(found.words):
            chosen[number] = found
            used.update(found.words)
    return chosen


def _apart(fit: Fit, there: Box, here: Box) -> float:
    moved = fit.box(there)
    return max(abs(moved[0] - here[0]), abs(_middle(moved) - _middle(here)))


def _share(fit: Fit, edition: Edition, chosen: dict[int, Found]) -> float:
    wanted = sum(1 for text in _texts(edition) if text)
    near = sum(
        1 for n, found in chosen.items() if _apart(fit, edition.labels[n].box, found.box) < NEAR
    )
    return near / wanted


def best(registrations: Sequence[Registration]) -> Registration:
    """The registration whose labels fit best; the newer edition wins a tie."""
    return max(registrations, key=lambda one: one.fit.share + one.recall)
