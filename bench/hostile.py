"""`python -m bench.hostile`: what hostile documents and links came to, and what quarantine costs."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from connector.documents.admit import Limits, admit
from connector.documents.quarantine import Quarantine, Walls
from connector.errors import AddressRefused, DocumentRefused
from connector.outbound.address import may_visit, parse
from tests.documents import bombs, making
from tests.documents.reading import pages_of, read_through
from tests.documents.test_hostile import SEEDS, WORDS
from tests.outbound.test_address import PRIVATE_ADDRESSES, REFUSED_URLS

TESTS = str(Path(__file__).resolve().parents[1] / "tests")
MUTATED = 5_000
LIMITS = Limits()


def rows() -> Iterator[tuple[str, str]]:
    """What is printed, line by line."""
    walls = Walls(readable=(TESTS, str(Path(__file__).parent)))
    with Quarantine(walls, preload=["tests.documents.reading"]) as quarantine:
        yield (
            "walls that stand here",
            ", ".join(name for name, stands in quarantine.standing().items() if stands),
        )
        yield from _cost(quarantine)
        yield from _bombs(quarantine)
        yield from _mutated(quarantine)
    yield from _links()


def _cost(quarantine: Quarantine) -> Iterator[tuple[str, str]]:
    page = making.form()
    empty = _milliseconds(lambda: quarantine.run(len, b""))
    here = _milliseconds(lambda: admit(page, "x.pdf", LIMITS))
    there = _milliseconds(lambda: quarantine.run(admit, page, "x.pdf", LIMITS))
    yield "an empty call into quarantine", f"{empty:.2f} ms"
    yield "admitting a page here, and in quarantine", f"{here:.2f} and {there:.2f} ms"


def _milliseconds(call: Callable[[], object]) -> float:
    """The median of a hundred, after a warm-up."""
    taken = []
    for _ in range(103):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[3:])


def _bombs(quarantine: Quarantine) -> Iterator[tuple[str, str]]:
    outcomes: Counter[str] = Counter()
    longest = 0.0
    for bomb in (*bombs.REFUSED_AS, *bombs.HARMLESS):
        data = bomb()
        started = time.perf_counter()
        outcomes[_outcome(quarantine, read_through, data)] += 1
        longest = max(longest, time.perf_counter() - started)
    yield "bombs read to the end", f"{outcomes.total()}: {_told(outcomes)}"
    yield "the longest of them", f"{longest:.1f} s (limit {quarantine.walls.seconds:.0f} s)"


def _mutated(quarantine: Quarantine) -> Iterator[tuple[str, str]]:
    chance = random.Random(20260301)
    outcomes: Counter[str] = Counter()
    for _ in range(MUTATED):
        outcomes[_outcome(quarantine, pages_of, mutated(chance))] += 1
    yield "mutated documents admitted or refused", f"{outcomes.total()}: {_told(outcomes)}"
    yield "of these crashes, hangs and unforeseen errors", str(outcomes["unreadable_file"])


def mutated(chance: random.Random) -> bytes:
    """One of the seeds with up to eight places changed, replaced, cut or repeated."""
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randint(0, 80))
        match chance.randrange(4):
            case 0:
                data[start:end] = chance.randbytes(end - start)
            case 1:
                data[start:end] = chance.choice(WORDS)
            case 2:
                del data[start:end]
            case _:
                data[start:start] = data[start:end] * chance.randint(1, 20)
    return bytes(data)


def _outcome(quarantine: Quarantine, function: Callable[[bytes], int], data: bytes) -> str:
    try:
        quarantine.run(function, data)
    except DocumentRefused as refusal:
        return refusal.code
    return "read"


def _told(outcomes: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in outcomes.most_common())


def _links() -> Iterator[tuple[str, str]]:
    inside = sum(not may_visit("files.example.com", each, ()) for each in PRIVATE_ADDRESSES)
    yield (
        "misleading links refused",
        f"{sum(map(_is_refused, REFUSED_URLS))} of {len(REFUSED_URLS)}",
    )
    yield "inner addresses refused", f"{inside} of {len(PRIVATE_ADDRESSES)}"


def _is_refused(url: str) -> bool:
    try:
        parse(url)
    except AddressRefused:
        return True
    return False


def main() -> None:
    table = Table(title="Hostile documents and links", title_justify="left", show_header=False)
    for what, figure in rows():
        table.add_row(what, figure)
    Console().print(table)


if __name__ == "__main__":
    main()
