"""`make bench`: every measurement as one table."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bench import checking, pages, procore, text_pages

GROUPS = {
    "Text-layer pages": text_pages.rows,
    "Checking": checking.rows,
    "Pages for people": pages.rows,
    "Procore": procore.rows,
}


def main() -> None:
    console = Console()
    for title, rows in GROUPS.items():
        table = Table(title=title, title_justify="left", show_header=False)
        for what, figure in rows():
            table.add_row(what, figure)
        console.print(table)


if __name__ == "__main__":
    main()
