"""`connector parse`: what a certificate says, as a table, JSON, CSV, XLSX or a picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from connector.certificate.field import Scalar
from connector.certificate.fields import FIELDS
from connector.cli import commands
from connector.cli.reading import Read, files_in, opened_reader, read_certificates, rows, today
from connector.cli.tables import show, show_rows, words
from connector.errors import InvalidInput
from connector.spreadsheets import write_csv, write_xlsx

PLACE = click.Path(path_type=Path)


@commands.command()
@click.argument("places", nargs=-1, required=True, type=PLACE)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: one flat object for a single certificate, else a list of them.",
)
@click.option("--out", type=PLACE, help="Write a .csv or .xlsx with one row per certificate.")
@click.option("--picture", type=PLACE, help="Draw what was read over the page, into a PNG.")
def parse(places: tuple[Path, ...], as_json: bool, out: Path | None, picture: Path | None) -> None:
    """Read certificates from files or folders. Exit code 2 when one of them could not be read."""
    if out is not None and out.suffix.lower() not in (".csv", ".xlsx"):
        raise InvalidInput("Name the output something.csv or something.xlsx.")
    for target in (out, picture):
        if target is not None and not target.absolute().parent.is_dir():
            raise InvalidInput(f"There is no folder “{target.parent}” to write {target.name} into.")
    files = files_in(places)
    if picture is not None and len(files) > 1:
        raise InvalidInput("A picture shows one file. Name one, or leave --picture out.")
    if not files:
        raise InvalidInput("There is no PDF or picture in that place.")
    with opened_reader() as reader:
        done = [read_certificates(path, reader) for path in _progress(files)]
    flat = [row for each in done for row in rows(each, today())]
    if out is not None:
        _write(out, flat)
    if picture is not None:
        _draw(done[0], picture)
    if as_json:
        alone = len(flat) == 1 and places == (files[0],)
        click.echo(json.dumps(flat[0] if alone else flat, indent=2, ensure_ascii=False))
    elif len(files) == 1:
        _print_one(done[0])
    else:
        _print_many(done, flat)
    if any(each.refusal for each in done):
        sys.exit(2)


def _progress(files: list[Path]) -> list[Path]:
    """The files, with a bar on the terminal when there are several."""
    if len(files) == 1:
        return files
    return track(files, "Reading", console=Console(stderr=True))  # type: ignore[return-value]


def _write(out: Path, flat: list[dict[str, Scalar]]) -> None:
    (write_xlsx if out.suffix.lower() == ".xlsx" else write_csv)(out, FIELDS, flat)
    click.echo(f"Wrote {len(flat)} rows to {out}.", err=True)


def _draw(done: Read, picture: Path) -> None:
    from connector.extraction.picture import draw

    if done.document is None:
        raise InvalidInput(str(done.refusal))
    if not done.certificates:
        raise InvalidInput(f"There is no certificate in {done.path.name} to draw.")
    picture.write_bytes(draw(done.document, done.certificates[0]))
    click.echo(f"Drew what was read over the page: {picture}.", err=True)


def _print_one(done: Read) -> None:
    if done.refusal:
        raise InvalidInput(done.refusal)
    for flat in rows(done, today()):
        unclear = frozenset(str(flat["unclear_fields"] or "").split(", ")) - {""}
        show(Console(), str(flat["document_name"]), FIELDS, flat, doubtful=unclear)


def _print_many(done: list[Read], flat: list[dict[str, Scalar]]) -> None:
    columns = ["document_name", "insured_name", "coverage_lines", "earliest_expiration_date"]
    shown = [field for field in FIELDS if field.key in columns]
    shown.sort(key=lambda field: columns.index(field.key))
    lines = [[*(words(field, row[field.key]) for field in shown), _review(row)] for row in flat]
    show_rows(
        Console(), f"{len(done)} files", ["File", "Insured", "Lines", "Expires", "Review"], lines
    )


def _review(row: dict[str, Scalar]) -> str:
    if not row.get("needs_review"):
        return "no"
    unclear = str(row.get("unclear_fields") or "")
    if not unclear:
        return str(row.get("review_reasons"))
    count = unclear.count(",") + 1
    return f"{count} unclear value{'s' if count > 1 else ''}"
