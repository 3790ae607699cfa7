"""`make bench-load`: the start, lists over many stored certificates, and a burst of new ones."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table

from bench.load import burst, starting, stored


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--count", type=int, default=500, help="certificates in the burst")
    parser.add_argument("--stored", type=int, default=100_000, help="certificates on file")
    parser.add_argument("--only", choices=("start", "stored", "burst"), help="one of the three")
    given = parser.parse_args()
    groups: dict[str, tuple[str, Callable[[], Iterable[tuple[str, ...]]]]] = {
        "start": ("Start", starting.rows),
        "stored": (
            f"{given.stored:,} stored certificates, SQLite",
            lambda: stored.rows(given.stored),
        ),
        "burst": (f"{given.count} certificates posted at once", lambda: burst.rows(given.count)),
    }
    for name in [given.only] if given.only else groups:
        title, rows = groups[name]
        table = Table(title=title, title_justify="left", show_header=False)
        for row in rows():
            table.add_row(*row)
        Console().print(table)


if __name__ == "__main__":
    main()
