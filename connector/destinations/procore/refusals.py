"""Procore's error answers as our named errors, with a sentence that says what to click.

`errors` comes as a string, a list or a map; older endpoints send {message, reason}; Rest v2 sends
{error: {code, message, details}}; a proxy may send a web page. All are understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connector.errors import (
    ConnectorError,
    DestinationRefused,
    DestinationUnavailable,
    InvalidInput,
    NotConnected,
    shorten,
)

LONGEST_QUOTE = 120


class AnswerLost(DestinationUnavailable):
    """A write whose outcome is not known: look whether it was done before trying again."""


class AlreadyThere(DestinationRefused):
    """Procore has such a record: look for it instead of creating it."""


class NotAllowed(DestinationRefused):
    """Our user lacks a permission."""


class NotVisible(DestinationRefused):
    """It is not there, or our user may not see it: Procore answers 404 to both."""


def explain(body: bytes) -> str:
    """What an error body says, in a line; empty when it says nothing readable."""
    try:
        said = json.loads(body)
    except ValueError:
        text = body.decode(errors="replace").strip()
        return "" if text.startswith("<") else shorten(" ".join(text.split()), LONGEST_QUOTE)
    return shorten(_words(said), LONGEST_QUOTE)


def _words(said: Any) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "; ".join(filter(None, map(_words, said)))
    if not isinstance(said, Mapping):
        return ""
    for key in ("errors", "error_description", "message", "reason", "error"):
        if said.get(key):
            return _field_words(said[key]) if key == "errors" else _words(said[key])
    return ""


def _field_words(errors: Any) -> str:
    if not isinstance(errors, Mapping):
        return _words(errors)
    return "; ".join(f"{name}: {_words(messages) or messages}" for name, messages in errors.items())


def refusal(
    status: int, body: bytes, headers: Mapping[str, str], *, is_write: bool, now: float
) -> ConnectorError:
    """The error for an answer that is no success; `now` in Unix seconds, to know how long to wait."""
    said = explain(body)
    quote = f" It says: {said}" if said else ""
    match status:
        case 400 if "Procore-Company-Id" in said:
            return InvalidInput(
                f"Procore did not recognise the company.{quote}", field="company_id"
            )
        case 403:
            return _forbidden(said)
        case 404:
            return NotVisible(
                "Procore does not have this, or our user may not see it. Check the company, the "
                "project and the vendor, and that the vendor is in the project's directory."
            )
        case 409 | 422 if status == 409 or ("origin_id" in said and "taken" in said):
            return AlreadyThere(f"Procore already has such a record.{quote}")
        case 400 | 406 | 422:
            return DestinationRefused(f"Procore did not accept what was sent.{quote}")
        case 429 | 503:
            return DestinationUnavailable(
                "Procore is limiting requests or under maintenance. It is tried again by itself.",
                retry_after=_wait(headers, now),
            )
    if status >= 500:
        kind = AnswerLost if is_write else DestinationUnavailable
        return kind(f"Procore had an error of its own ({status}). It is tried again by itself.")
    return DestinationRefused(f"Procore refused the request ({status}).{quote}")


def _forbidden(said: str) -> ConnectorError:
    if "not connected" in said.lower():
        return NotConnected(
            "The app is not installed in this Procore company. A company administrator installs it "
            "under Company Admin > App Management; then connect again."
        )
    return NotAllowed(
        "Procore does not allow this. Give the connection's user Admin on the Directory of the "
        "project (or company) under Permissions, and add the project to the app's permitted "
        f"projects. {f'It says: {said}' if said else ''}".strip()
    )


def _wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until Procore takes requests again, by Retry-After, else by the limit's reset."""
    wait, reset = headers.get("Retry-After", ""), headers.get("X-Rate-Limit-Reset", "")
    if wait.isdecimal():
        return float(wait)
    return max(1.0, float(reset) - now) if reset.isdecimal() else None
