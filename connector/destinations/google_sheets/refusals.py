"""Google's error bodies as our errors, each with what a person does about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gspread.exceptions import APIError

from connector.errors import (
    ConnectorError,
    DestinationRefused,
    DestinationUnavailable,
    NotConnected,
    shorten,
)

MINUTE = 60.0
"""Google's quotas are counted per minute."""


def refusal(error: APIError, login: str) -> ConnectorError:
    """What Google's answer means. `login` is the address that the sheet is shared with."""
    status = error.response.status_code
    if status == 429:
        return DestinationUnavailable(
            "Google Sheets has had enough requests for this minute. It is tried again by itself.",
            retry_after=_retry_after(error.response.headers),
        )
    if status >= 500:
        return DestinationUnavailable(
            "Google Sheets is having trouble. It is tried again by itself.", retry_after=MINUTE
        )
    said = str(error.error.get("message") or "")
    if status == 401:
        return NotConnected(
            f"Google does not accept the login of {login}. Run `connector sheets connect` again."
        )
    if status == 403:
        return DestinationRefused(_forbidden(said, login))
    if status == 404:
        return DestinationRefused(
            "There is no such spreadsheet. It was deleted, or the link is wrong: run "
            "`connector sheets connect` with the link from your browser."
        )
    return DestinationRefused(_refused(said, login))


def _forbidden(said: str, login: str) -> str:
    if "has not been used" in said or "is disabled" in said:
        return (
            "The Google Sheets API is not switched on for the service account's project. In the "
            "Google Cloud console: APIs & Services, Library, Google Sheets API, Enable."
        )
    return f"Google does not let us into the spreadsheet. Share it with {login} as Editor."


def _refused(said: str, login: str) -> str:
    if "protected" in said:
        return (
            "A part of the sheet is protected against us. In Google Sheets: Data, Protect sheets "
            f"and ranges: let {login} edit it."
        )
    return shorten(f"Google Sheets did not accept the rows: {said}")


def _retry_after(headers: Mapping[str, Any]) -> float:
    given = str(headers.get("Retry-After") or "")
    return max(float(given), 1.0) if given.isdigit() else MINUTE
