"""log_to_sheet: the certificate's row in the tracking log, in Google Sheets or a local file."""

from __future__ import annotations

from pathlib import Path

from connector.actions import pushing, sheet_log
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.log_rows import (
    LINE_ROW_FIELDS,
    LINE_ROW_KEY,
    ROW_FIELDS,
    ROW_KEY,
    line_rows,
)
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS, Receipt
from connector.destinations.csv import log, workbook
from connector.destinations.csv.rows import Logged
from connector.destinations.google_sheets.preferences import DESTINATION as GOOGLE_SHEETS
from connector.errors import InvalidInput
from connector.settings import Settings
from connector.storage import accounts, connections
from connector.storage.accounts import Account
from connector.storage.pushes import Key

FILE = "csv"

PER_LINE = "line"
"""An account's setting `log_rows`: one row per coverage line in its local log."""


class LogInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="Choose the check to log. Leave it empty for the certificate's newest.",
        choices_from="checks",
    )
    worksheet = text(
        "Tab",
        help="Choose the spreadsheet's tab to write into. Leave it empty for the connection's own.",
        choices_from="worksheets",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Write the certificate's row into the account's log, in place of an older one."""
    with services.sessions() as session:
        sheet = connections.of_destination(session, caller.account_id, GOOGLE_SHEETS)
        if sheet is None:
            entry = sheet_log.entry(session, caller, given, services)
            account = accounts.get(session, caller.account_id)
    if sheet is not None:
        return sheet_log.run(ACTION.name, LogInput, given, caller, services, sheet)
    if given.get("worksheet"):
        raise InvalidInput(
            "Tab: no Google spreadsheet is connected, so the log is a file without tabs. Leave it "
            "empty, or connect the spreadsheet under Set up.",
            field="worksheet",
        )
    per_line, path = has_rows_per_line(account), own_log(services.settings, account)
    parcel = entry.parcel
    key = Key(None, FILE, path.name, parcel.certificate_id, pushing.digest(parcel.delivery))

    def write() -> Receipt:
        fields = LINE_ROW_FIELDS if per_line else ROW_FIELDS
        rows = line_rows(entry.row) if per_line else [entry.row]
        logged = Logged(parcel.certificate_id, rows, LINE_ROW_KEY if per_line else ROW_KEY)
        if path.suffix == ".xlsx":
            return workbook.upsert(path, fields, logged)
        return log.upsert(path, [field.key for field in fields], logged)

    return pushing.push(caller, parcel, key, write, services, waits_for_review=False)


def has_rows_per_line(account: Account) -> bool:
    """Whether the account's local log has a row for each coverage line, not each certificate."""
    return account.settings.get("log_rows") == PER_LINE


def own_log(settings: Settings, account: Account) -> Path:
    """The file that the account's log goes into while no spreadsheet is connected."""
    return log_path(
        settings,
        account.id,
        is_workbook=account.settings.get("log_format") == "xlsx",
        per_line=has_rows_per_line(account),
    )


def log_path(
    settings: Settings, account_id: str, *, is_workbook: bool = False, per_line: bool = False
) -> Path:
    """Where an account's local log lies; the two kinds of rows never mix in one file."""
    name = "coverage-lines" if per_line else "certificates"
    return settings.data_dir / "logs" / account_id / f"{name}.{'xlsx' if is_workbook else 'csv'}"


ACTION = Action(
    name="log_to_sheet",
    title="Log Certificate",
    description=(
        "Writes one row per certificate into the tracking log, in place of its older row. Use it "
        "after a check; sending the same certificate again changes nothing."
    ),
    input=LogInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=GOOGLE_SHEETS,
    else_destination=FILE,
)
