"""`connector account`: what the service knows of your own firm."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from connector.actions import insurer_ratings, keeping, notice_templates
from connector.actions.log_to_sheet import own_log
from connector.actions.services import Caller
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.cli.vendors import show_plan
from connector.destinations.email.addresses import address
from connector.errors import InvalidInput, NotFound
from connector.storage import accounts
from connector.storage.accounts import FIRST_ACCOUNT
from connector.wiring import account_erasure


@commands.group()
def account() -> None:
    """Your own firm: its legal names, its time zone, its usual rule set."""


@account.command(name="set")
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
@click.option(
    "--legal-name",
    "legal_names",
    multiple=True,
    help="A name that certificates may be issued to; give it again for each one.",
)
@click.option("--time-zone", help="Where policies end at 12:01 a.m., for example America/Chicago.")
@click.option("--office-email", help="Where answers to our notices go (Reply-To).")
@click.option(
    "--log-format",
    type=click.Choice(["csv", "xlsx"]),
    help="The kind of file that the log is kept in while no Google spreadsheet is connected.",
)
@click.option(
    "--log-rows",
    type=click.Choice(["certificate", "line"]),
    help="What has a row of its own in that file: each certificate, or each coverage line.",
)
@click.option("--rule-set", help="The rule set that checks apply when they name none.")
@click.option(
    "--mail-notices/--no-mail-notices",
    default=None,
    help="Mail the deficiency notice of a certificate that was picked up in Procore.",
)
def set_account(
    name: str,
    legal_names: tuple[str, ...],
    time_zone: str | None,
    office_email: str | None,
    log_format: str | None,
    log_rows: str | None,
    rule_set: str | None,
    mail_notices: bool | None,
) -> None:
    """Say how the firm is called and where it is; what is left out stays as it is."""
    if time_zone:
        _require_time_zone(time_zone)
    said: dict[str, Any] = {"rule_set": rule_set, "log_format": log_format}
    said |= {"mail_notices": mail_notices, "log_rows": log_rows}
    if office_email:
        said["office_email"] = address(office_email.strip(), "Office e-mail", "office_email")
    settings = settings_of()
    with sessions_here(settings)() as session, session.begin():
        found = account_named(session, name)
        if legal_names:
            found.legal_names = list(legal_names)
        if time_zone:
            found.time_zone = time_zone
        before = own_log(settings, found)
        found.settings = {
            **found.settings,
            **{k: v for k, v in said.items() if v not in (None, "")},
        }
        now = own_log(settings, found)
    click.echo(f"{name} is set.")
    if now != before:
        click.echo(f"The log goes on in {now.name}; the rows written so far stay in {before.name}.")


@account.command()
@click.option("--documents", help="After so many days documents are removed; “” for never.")
@click.option("--jobs", help="After so many days jobs and events are removed; “” for 90.")
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
def keep(documents: str | None, jobs: str | None, name: str) -> None:
    """Say for how many days things are kept; what is left out stays as it is."""
    said = {"keep_documents_days": documents, "keep_jobs_days": jobs}
    with sessions_here(settings_of())() as session, session.begin():
        found = account_named(session, name)
        keeping.keep(found, {key: days for key, days in said.items() if days is not None})
    click.echo(f"{name} is set.")


@account.command()
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
def show(name: str) -> None:
    """Print what is known of the firm."""
    with sessions_here(settings_of())() as session, session.begin():
        found = account_named(session, name)
        click.echo(f"Name:         {found.name}")
        click.echo(f"Legal names:  {'; '.join(found.legal_names) or 'none yet'}")
        click.echo(f"Time zone:    {found.time_zone}")
        click.echo(f"Log file:     {found.settings.get('log_format') or 'csv'}")
        click.echo(f"One row per:  {found.settings.get('log_rows') or 'certificate'}")
        click.echo(f"Office mail:  {found.settings.get('office_email') or 'none yet'}")
        notices = "mailed by itself" if found.settings.get("mail_notices") else "by a step of yours"
        click.echo(f"Notice of what was picked up: {notices}")
        click.echo(
            f"Documents:    {_days(found.settings.get('keep_documents_days'), 'kept for ever')}"
        )
        click.echo(
            f"Jobs:         {_days(found.settings.get('keep_jobs_days'), 'kept for 90 days')}"
        )
        click.echo(f"Rule set:     {found.settings.get('rule_set') or 'standard-subcontractor'}")


@account.command()
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
def ratings(table: Path, name: str) -> None:
    """Let the firm's table of insurer ratings be TABLE: CSV with naic, name, rating, size.

    What was checked against a rule on ratings is checked again while the service runs.
    """
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, name).id)
    with wired() as services:
        done = insurer_ratings.put(_text(table), caller, services)
    click.echo(
        f"{done['insurers']} insurers are on file; {done['checked_again']} checks are made again."
    )


@account.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--account", "name", default=FIRST_ACCOUNT, show_default=True)
def notice(folder: Path, name: str) -> None:
    """Let the deficiency notice be written in your own words or language.

    FOLDER holds subject.txt, notice.txt and notice.html; a file that is not there is the shipped one.
    """
    files = {"subject": "subject.txt", "text": "notice.txt", "html": "notice.html"}
    given = {
        part: _text(folder / file) for part, file in files.items() if (folder / file).is_file()
    }
    with sessions_here(settings_of())() as session, session.begin():
        caller = Caller(account_named(session, name).id)
    with wired() as services:
        done = notice_templates.put(dict(given), caller, services)
    click.echo(
        "The notice is in your own words." if done["is_own"] else "The notice is as shipped."
    )


def _days(days: int | None, else_: str) -> str:
    return else_ if days is None else f"kept for {days} days"


def _text(table: Path) -> str:
    try:
        return table.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            f"{table.name} is no UTF-8 text. Save it as “CSV UTF-8”.", field="ratings"
        ) from None


def _require_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(
            f"There is no time zone “{name}”. Write it like America/Chicago.", field="time_zone"
        ) from None


@account.command()
@click.option("--account", "name", required=True, help="The account's name as it stands.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would go, and what others hold.")
def erase(name: str, yes: bool, dry_run: bool) -> None:
    """Erase the account and everything of it. There is no way back.

    End its Zaps and scenarios first; its people and keys are let in no more.
    """
    with wired() as services:
        with services.readers() as session:
            found = accounts.by_name(session, name)
        if found is None:
            raise NotFound(f"There is no account “{name[:60]}”.")
        planned = account_erasure.plan(found.id, services)
        show_plan(planned)
        if dry_run:
            return
        if not yes and click.prompt(f"Type the name of the account ({name}) to erase it") != name:
            raise click.Abort
        for sentence in account_erasure.erase(found.id, services):
            click.echo(sentence)
    click.echo("The account is erased. What its audit log said is emptied; the fact is in it.")
