"""One kind of document: drawn, read by every reader, scored and summed up."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from itertools import islice

from bench.reading import readers
from bench.reading.readers import Reading
from bench.reading.scores import Score, scored
from tests.drawing.corpus import Drawn, Kind, corpus


@dataclass(slots=True)
class Result:
    """What one reader made of the documents of a kind, in the order of their seeds."""

    scores: list[Score] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def add(self, drawn: Drawn, reading: Reading) -> Score:
        score = scored(drawn, reading.flat)
        self.scores.append(score)
        self.readings.append(reading)
        return score

    @property
    def exact(self) -> int:
        return sum(score.exact for score in self.scores)

    @property
    def values(self) -> int:
        return sum(score.values for score in self.scores)

    @property
    def silent(self) -> int:
        return sum(len(score.silent) for score in self.scores)

    @property
    def doubts(self) -> float:
        """On average over the documents."""
        return statistics.mean(len(score.doubts) for score in self.scores)

    @property
    def review(self) -> float:
        """Share of all documents that need a person."""
        return statistics.mean(score.review for score in self.scores)

    @property
    def needless_review(self) -> float | None:
        """The same of those whose print gives no cause for it; None when there are none."""
        in_order = [score.review for score in self.scores if score.in_order]
        return statistics.mean(in_order) if in_order else None

    @property
    def seconds(self) -> tuple[float, float]:
        """Median, and what 95 of 100 documents stay below."""
        times = sorted(reading.seconds for reading in self.readings)
        return statistics.median(times), times[min(len(times) - 1, int(0.95 * len(times)))]

    @property
    def peak_megabytes(self) -> float:
        return max(reading.peak_megabytes for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind's documents read by us, by text and patterns, and (some of them) by page and patterns."""

    ours: Result
    text: Result
    page: Result

    @property
    def ratio(self) -> float | None:
        """Our work over that of tesseract on the same pictures; None where both saw none."""
        pairs = list(zip(self.ours.readings, self.page.readings, strict=False))
        if not pairs:
            return None
        return sum(mine.work for mine, _ in pairs) / sum(page.work for _, page in pairs)


def measure(
    kind: Kind, count: int, first_seed: int, pages: int, workers: Executor
) -> Iterator[tuple[Drawn, Score, Measured]]:
    """Each document as it is read; the last yield holds the whole. `pages` documents are also read
    by tesseract as whole pages."""
    found = Measured(Result(), Result(), Result())
    drawings = corpus(kind, count, first_seed)
    waiting: list[tuple[Drawn, list[Future[Reading]]]] = []
    for number, drawn in enumerate(drawings):
        waiting.append((drawn, _asked(drawn, workers, with_page=number < pages)))
        if len(waiting) > _AHEAD:
            yield _answered(*waiting.pop(0), found)
    for drawn, asked in waiting:
        yield _answered(drawn, asked, found)


_AHEAD = 2
"""Documents drawn while earlier ones are read."""


def _asked(drawn: Drawn, workers: Executor, *, with_page: bool) -> list[Future[Reading]]:
    data = drawn.data
    asked = [readers.ours, readers.text_and_patterns]
    if with_page:
        asked.append(readers.page_and_patterns)
    return [workers.submit(read, data) for read in asked]


def _answered(
    drawn: Drawn, asked: list[Future[Reading]], found: Measured
) -> tuple[Drawn, Score, Measured]:
    first, *others = (future.result() for future in asked)
    score = found.ours.add(drawn, first)
    for result, reading in zip((found.text, found.page), islice(others, 2), strict=False):
        result.add(drawn, reading)
    return drawn, score, found
