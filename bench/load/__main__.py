"""`make bench-load`: a burst of certificates, lists over many stored ones, and the start."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from bench.load import burst, starting, stored


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--count", type=int, default=500, help="certificates in the burst")
    parser.add_argument("--stored", type=int, default=100_000, help="certificates on file")
    given = parser.parse_args()
    groups = {
        "Start": starting.rows(),
        f"{given.stored:,} stored certificates": stored.rows(given.stored),
        f"{given.count} certificates posted at once": burst.rows(given.count),
    }
    console = Console()
    for title, rows in groups.items():  # a group is measured as its rows are asked for
        table = Table(title=title, title_justify="left", show_header=False)
        for row in rows:
            table.add_row(*row)
        console.print(table)


if __name__ == "__main__":
    main()
