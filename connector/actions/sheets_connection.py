"""The account's spreadsheet: connected, tried, forgotten; for the command line and the page alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.services import Services
from connector.actions.sheet_log import columns_of
from connector.destinations.google_sheets import login
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.preferences import (
    DESTINATION,
    preferences,
    spreadsheet_id,
)
from connector.destinations.google_sheets.trial import try_out
from connector.storage import connections
from connector.storage.connections import StoredConnection


def connect(
    session: Session,
    account_id: str,
    *,
    spreadsheet: str,
    key_text: str,
    chosen: Mapping[str, Any],
    keys: Sequence[str],
    now: datetime,
) -> StoredConnection:
    """Keep the log in the spreadsheet of this link from now on.

    `key_text` is the JSON of a service account's key, or of a Google user who allowed it; it is
    kept encrypted. InvalidInput says what is wrong with the link or the key.
    """
    file = login.read_key_file(key_text)
    about = {"spreadsheet": spreadsheet_id(spreadsheet), "login": login.address_of(file), **chosen}
    return connections.create(
        session,
        account_id,
        DESTINATION,
        name="Google Sheets",
        settings=about,
        secrets={login.FILE: file, "access_token": ""},
        keys=keys,
        now=now,
    )


def try_writing(stored: StoredConnection, services: Services) -> str:
    """The spreadsheet's title when the log can be written.

    NotConnected, DestinationRefused or DestinationUnavailable say in a sentence what is missing.
    """
    fields, key = columns_of(preferences(stored.settings))
    return try_out(Sheets(services.connect(stored), services.outbound), fields, key)
