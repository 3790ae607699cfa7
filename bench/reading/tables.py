"""What `make bench-reading` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.table import Table

from bench.reading.kinds import Measured, Result


def tables(found: Mapping[str, Measured]) -> Iterator[Table]:
    """Our reading by kind, and beside it what one would pick instead."""
    yield _reading(found)
    yield _instead(found)


def _reading(found: Mapping[str, Measured]) -> Table:
    table = _table(
        "Reading",
        "documents", "values", "exact", "exact share", "SILENT ERRORS", "need review",
        "of those in order", "doubts a document", "seconds: median", "p95", "x one tesseract page", "MB",
    )  # fmt: skip
    for name, measured in found.items():
        ours = measured.ours
        median, p95 = ours.seconds
        table.add_row(
            name,
            str(len(ours.scores)),
            f"{ours.values:,}",
            f"{ours.exact:,}",
            f"{ours.exact / ours.values:.2%}",
            str(ours.silent),
            f"{ours.review:.0%}",
            _share(ours.needless_review),
            f"{ours.doubts:.2f}",
            f"{median:.2f}",
            f"{p95:.2f}",
            "" if measured.ratio is None else f"{measured.ratio:.2f}",
            f"{ours.peak_megabytes:.0f}",
        )
    return table


def _instead(found: Mapping[str, Measured]) -> Table:
    table = _table(
        "What one would pick instead, same documents",
        "pdfplumber + patterns: exact share", "wrong or missing a document",
        "tesseract page + patterns: documents", "exact share", "wrong or missing a document ",
        "seconds: median",
    )  # fmt: skip
    for name, measured in found.items():
        table.add_row(name, *_two(measured.text), *_page(measured.page))
    return table


def _page(page: Result) -> tuple[str, ...]:
    if not page.scores:
        return ()
    return str(len(page.scores)), *_two(page), f"{page.seconds[0]:.2f}"


def _two(result: Result) -> tuple[str, str]:
    missed = (result.values - result.exact) / len(result.scores)
    return f"{result.exact / result.values:.1%}", f"{missed:.1f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _table(title: str, *columns: str) -> Table:
    table = Table("", title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right")
    return table
