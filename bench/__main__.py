"""`make bench`: every measurement as one table; `python -m bench Procore` makes one group only."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench import checking, pages, procore, text_pages

GROUPS = {
    "Text-layer pages": text_pages.rows,
    "Checking": checking.rows,
    "Pages for people": pages.rows,
    "Procore": procore.rows,
}


def main(wanted: Sequence[str] = ()) -> None:
    console = Console()
    for title, rows in GROUPS.items():
        if wanted and title not in wanted:
            continue
        table = Table(title=title, title_justify="left", show_header=False)
        for what, figure in rows():
            table.add_row(what, figure)
        console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
