"""`make bench-reading`: how many values are read exactly, and how many wrongly without saying so.

make bench-reading                      40 certificates in each of the kinds with a bar
make bench-reading MORE=1               every other kind too
python -m bench.reading --first 2000 --count 8 --kinds "fax,photo" --list
                                        other seeds, with every silent error and every doubt
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console

from bench.reading.kinds import Measured, measure
from bench.reading.scores import Difference, Score
from bench.reading.tables import tables
from tests.drawing.corpus import FIRST_MEASURED, KINDS, MORE_KINDS, Kind


def main() -> None:
    asked = _asked()
    found: dict[str, Measured] = {}
    context = multiprocessing.get_context("spawn")
    for name, kind in _kinds(asked).items():
        # New processes for each kind, so that its peak of memory is its own.
        with ProcessPoolExecutor(asked.workers, mp_context=context) as workers:
            for _, score, so_far in measure(kind, asked.count, asked.first, asked.pages, workers):
                found[name] = so_far
                if asked.list:
                    _print_differences(name, score)
        print(f"{name}: {asked.count} read", file=sys.stderr)
    console = Console(width=150)
    for table in tables(found):
        console.print(table)
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    console.print(
        f"{asked.count} certificates a kind, seeds from {asked.first}; {asked.pages} of them also read by "
        f"tesseract as whole pages. Load of the machine at the end (1, 5, 15 minutes): {load}."
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.reading")
    parser.add_argument("--count", type=int, default=40, help="certificates of each kind")
    parser.add_argument("--first", type=int, default=FIRST_MEASURED, help="the first seed")
    parser.add_argument("--kinds", default="", help="names joined by commas; else those with a bar")
    parser.add_argument("--more", action="store_true", help="every other kind too")
    parser.add_argument("--list", action="store_true", help="print every silent error and doubt")
    parser.add_argument(
        "--pages", type=int, default=8, help="documents for tesseract as whole pages"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that read")
    return parser.parse_args()


def _kinds(asked: argparse.Namespace) -> Mapping[str, Kind]:
    every = KINDS | MORE_KINDS
    if not asked.kinds:
        return every if asked.more else KINDS
    return {name: every[name] for name in _named(asked.kinds, every)}


def _named(text: str, every: Mapping[str, Kind]) -> list[str]:
    """The kinds named in a list; names may hold commas themselves."""
    names = sorted(map(re.escape, every), key=len, reverse=True)
    listed = re.compile(rf"\s*({'|'.join(names)})\s*(?:,|$)")
    found, at = [], 0
    while at < len(text):
        name = listed.match(text, at)
        if name is None:
            raise SystemExit(f"“{text[at:]}”: one of {'; '.join(every)}")
        found.append(name[1])
        at = name.end()
    return found


def _print_differences(kind: str, score: Score) -> None:
    for what, differences in (
        ("SILENT", score.silent), ("quiet", score.quiet), ("doubt", score.doubts),
    ):  # fmt: skip
        for each in differences:
            print(f"{what:7}{kind} {score.name} {_line(each)}", flush=True)


def _line(each: Difference) -> str:
    right = "" if each.read != each.truth else " (right)"
    return f"{each.key}: {each.truth!r} read {each.read!r}{right} {each.reason}"


if __name__ == "__main__":
    main()
