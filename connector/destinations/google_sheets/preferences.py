"""What a Google Sheets connection's settings say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.errors import InvalidInput

DESTINATION = "google_sheets"
API_URL = "https://sheets.googleapis.com"

_IN_A_LINK = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]{10,})")
_ID = re.compile(r"[A-Za-z0-9_-]{10,}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`columns` narrows what is written (empty: all); `login` is the address to share with."""

    spreadsheet: str
    worksheet: str = "Certificates"
    row_per_line: bool = False
    real_dates: bool = False
    keep_expiring: bool = False
    columns: tuple[str, ...] = ()
    login: str = "the connector's Google account"
    api_url: str = API_URL

    @property
    def page_url(self) -> str:
        """Where a person sees the spreadsheet."""
        return f"https://docs.google.com/spreadsheets/d/{self.spreadsheet}/edit"


def preferences(settings: Mapping[str, Any]) -> Preferences:
    """The settings of a stored connection; what is not set keeps its default."""
    chosen = Preferences(spreadsheet=str(settings["spreadsheet"]))
    return Preferences(
        spreadsheet=chosen.spreadsheet,
        worksheet=str(settings.get("worksheet") or chosen.worksheet),
        row_per_line=bool(settings.get("row_per_line")),
        real_dates=bool(settings.get("real_dates")),
        keep_expiring=bool(settings.get("keep_expiring")),
        columns=tuple(settings.get("columns") or ()),
        login=str(settings.get("login") or chosen.login),
        api_url=str(settings.get("api_url") or chosen.api_url).rstrip("/"),
    )


def spreadsheet_id(given: str) -> str:
    """The id in a spreadsheet's link, or the id itself. InvalidInput when it is neither."""
    found = _IN_A_LINK.search(given)
    if found:
        return found[1]
    if not _ID.fullmatch(given.strip()):
        raise InvalidInput(
            "This is no link of a Google spreadsheet. Open the spreadsheet in the browser and copy "
            "the whole address, which has /spreadsheets/d/ in it.",
            field="spreadsheet",
        )
    return given.strip()
