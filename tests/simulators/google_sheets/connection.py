"""An account whose log is in the simulator's spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from connector.storage import connections
from tests.simulators.google_sheets.server import ROBOT, SPREADSHEET, SheetsSimulator


def connect_account(
    session: Session,
    account_id: str,
    google: SheetsSimulator,
    *,
    keys: Sequence[str],
    now: datetime,
    **more: object,
) -> None:
    """The account is connected; `more` are settings of the connection."""
    about = {"spreadsheet": SPREADSHEET, "login": ROBOT, "api_url": google.url}
    connections.create(
        session,
        account_id,
        "google_sheets",
        name="Google Sheets",
        settings={**about, "seconds_between_batches": 0, **more},
        secrets={"key_file": google.key_file(), "access_token": ""},
        keys=keys,
        now=now,
    )
