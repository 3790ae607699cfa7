"""`connector check`: certificates against a rule set, as tables or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from rich.console import Console

from connector.actions.inputs import ContextInput, context, load
from connector.checking.beside import packet_of_documents
from connector.checking.evaluate import evaluate
from connector.checking.notice import load_templates, write_notice
from connector.checking.outcome import CHECK_FIELDS, flatten_verdict
from connector.checking.packet import LonePage, Packet, Rating
from connector.checking.ratings import read_ratings
from connector.checking.rule_set import load_rule_sets, named
from connector.checking.verdict import Finding, Severity, Status, Verdict
from connector.cli import commands
from connector.cli.reading import Read, files_in, opened_reader, read_file, today
from connector.cli.serve import settings_of
from connector.cli.tables import show, show_rows
from connector.errors import InvalidInput

IN_WORDS = {"met": "[green]met[/]", "not_met": "[red]not met[/]", "unclear": "[yellow]unclear[/]"}

ALREADY_IN_THE_TABLE = {
    "failures_text", "warnings_text", "unclear_text", "failed_fields", "failure_codes",
}  # fmt: skip
EXIT_CODES = {Status.COMPLIANT: 0, Status.NON_COMPLIANT: 1, Status.NEEDS_REVIEW: 3}


@commands.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rules", "rule_set", required=True, help="The rule set's name.")
@click.option("--json", "as_json", is_flag=True, help="Print the flat outcome as JSON.")
@click.option("--legal-name", multiple=True, help="Your own name, as the certificate holder.")
@click.option(
    "--ratings",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your table of insurer ratings: CSV with naic, name, rating, size.",
)
@click.option(
    "--set", "said", multiple=True, metavar="KEY=VALUE", help="Context, e.g. trade=roofing."
)
def check(
    places: tuple[Path, ...],
    rule_set: str,
    as_json: bool,
    legal_name: tuple[str, ...],
    ratings: Path | None,
    said: tuple[str, ...],
) -> None:
    """Check the documents of one vendor, all files together.

    Notices of cancellation, exemptions and endorsement pages among them count. Waivers are on file in the service only.
    Exit code: 0 compliant, 1 not compliant, 3 needs review, 2 when it could not be checked.
    """
    rules = named(load_rule_sets(settings_of().rules_dir), rule_set)
    about = context(load(ContextInput, dict(_pair(word) for word in said)), legal_name)
    known = read_ratings(ratings.read_text(encoding="utf-8")) if ratings else {}
    packet = _packet(places, about.vendor_name, known)
    verdict = evaluate(packet, rules, about, today())
    notice = write_notice(packet, verdict, about, load_templates())
    flat = flatten_verdict(verdict, about, packet, notice=notice)
    if as_json:
        click.echo(json.dumps(flat, indent=2, ensure_ascii=False))
    else:
        _print_findings(verdict)
        hidden = ALREADY_IN_THE_TABLE | {"notice_html"}
        shown = {key: value for key, value in flat.items() if key not in hidden}
        show(Console(), "Outcome", CHECK_FIELDS, shown)
    if not legal_name:
        click.echo("Say --legal-name with your firm's name to have the holder compared.", err=True)
    sys.exit(EXIT_CODES[verdict.status])


def _pair(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise InvalidInput(f"Write --set KEY=VALUE, not “{word}”.")
    return key, value


def _packet(
    places: tuple[Path, ...], vendor_name: str | None, ratings: Mapping[str, Rating]
) -> Packet:
    done = list(_read(places))
    found = [each.found for each in done]
    return packet_of_documents(
        [certificate for each in found for certificate in each.certificates],
        [notice for each in found for notice in each.cancellations],
        [notice for each in found for notice in each.exemptions],
        vendor_name,
        ratings,
        [
            LonePage(page, today(), each.document.name)
            for each in done
            if each.document
            for page in each.found.endorsements
        ],
    )


def _read(places: tuple[Path, ...]) -> Iterator[Read]:
    with opened_reader() as reader:
        for path in files_in(places):
            done = read_file(path, reader)
            if done.refusal:
                raise InvalidInput(f"{path.name}: {done.refusal}")
            yield done


def _print_findings(verdict: Verdict) -> None:
    rows: list[list[str]] = []
    before = ""
    for each in verdict.findings:
        line, _, rest = each.requirement.partition(": ")
        if line != before:
            rows.append(["", f"[bold]{line}[/]", "", "", ""])
        before = line
        said = [rest or "the policy", each.required, each.found, str(each.page or "")]
        rows.append([_outcome(each), *said])
    columns = ["", "Requirement", "Required", "Found", "Page"]
    show_rows(Console(), f"{verdict.rule_set}@{verdict.rule_set_version}", columns, rows)
    if any(finding.severity is Severity.ADVISORY for finding in verdict.findings):
        click.echo("In brackets: advisory, holds nothing up.")


def _outcome(finding: Finding) -> str:
    """In a word; one that holds nothing up stands in brackets."""
    if finding.waived_by:
        return "waived"
    words = IN_WORDS[finding.outcome]
    return words if finding.severity is Severity.REQUIRED else f"({words})"
