"""Logging in to Google: a service account's key file, or the file of a user who allowed it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import credentials as of_user
from google.oauth2 import service_account

from connector.errors import DestinationUnavailable, InvalidInput, NotConnected
from connector.outbound import Outbound, session_through

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
"""Spreadsheets only: nothing else on the Drive can be seen with it."""

FILE = "key_file"
"""Of a connection's secrets: the JSON file, as Google gave it."""

USER_KEYS = {"refresh_token", "client_id", "client_secret"}
"""What the file of a user who allowed it has at least."""

GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"


def read_key_file(text: str) -> dict[str, Any]:
    """The file's content. InvalidInput says which file is meant instead."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict) and found.keys() & {"installed", "web"}:
        raise InvalidInput(
            "This is the file of an OAuth client, which nobody has logged in with yet. Give the "
            "service account's key file instead: docs/google-sheets.md shows where it is.",
            field="key_file",
        )
    if isinstance(found, dict) and found.keys() >= USER_KEYS:
        found.setdefault("type", "authorized_user")  # as gspread writes it, without a type
    kind = found.get("type") if isinstance(found, dict) else None
    if not isinstance(found, dict) or kind not in ("service_account", "authorized_user"):
        raise InvalidInput(
            "This is no key file of a Google service account. In the Google Cloud console: "
            "IAM, Service accounts, Keys, Add key, JSON.",
            field="key_file",
        )
    _credentials(found)
    return found


def address_of(file: Mapping[str, Any]) -> str:
    """Whom the spreadsheet must be shared with."""
    return str(file.get("client_email") or file.get("account") or "the Google user of this login")


def renew(known: Mapping[str, Any], http: Outbound) -> dict[str, Any]:
    """The secrets with a new access token. NotConnected when the key is no longer good."""
    file = known[FILE]
    credentials = _credentials(file)
    door = http.trusting(str(file.get("token_uri") or GOOGLE_TOKENS))
    try:
        credentials.refresh(Request(session_through(door)))
    except TransportError as error:
        raise DestinationUnavailable(
            "Google's login did not answer. It is tried again by itself."
        ) from error
    except RefreshError as error:
        if error.retryable:
            raise DestinationUnavailable(
                "Google's login is busy. It is tried again by itself."
            ) from error
        raise NotConnected(
            f"Google no longer accepts the key of {address_of(file)}. Make a new key and run "
            "`connector sheets connect` again."
        ) from error
    return {**known, "access_token": credentials.token}


def _credentials(file: Mapping[str, Any]) -> Any:
    try:
        if file["type"] == "service_account":
            return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                file, scopes=SCOPES
            )
        made = of_user.Credentials.from_authorized_user_info(  # type: ignore[no-untyped-call]
            file, SCOPES
        )
    except (ValueError, KeyError, GoogleAuthError) as error:
        raise InvalidInput(
            "The Google key file is not complete. Download it again and do not edit it.",
            field="key_file",
        ) from error
    if file.get("token_uri"):
        made._token_uri = file["token_uri"]
    return made
