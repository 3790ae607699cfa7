"""The log of every process: lines for people, or JSON by a switch; never a secret, never a document.

What a mistake of ours is told by is where it happened, not its own words: those may quote what
stood on a certificate or in a database row.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import PurePath

from connector.errors import ConnectorError

HIDDEN = "[hidden]"

_SECRETS = (
    re.compile(r"\b(?:coi|whsec|xox[a-z]|ya29)[_.-][\w+/=.-]{8,}"),  # keys of ours and of others
    re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?"),  # JSON web tokens
    re.compile(r"\bgAAAA[\w=-]{20,}"),  # what we have sealed
    re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"),  # a name and password in an address
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(
        r"(?i)(?<![a-z])((?:access_|refresh_|id_)?token|client_secret|password|secret|api_?key|"
        r"signature|authorization|code|state)(['\"]?\s*[=:]\s*['\"]?)(?!\s)[^\s&'\",;)}]+"
    ),
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(process: str, *, as_json: bool) -> None:
    """Let everything in this process log to standard error, our own words from INFO on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process) if as_json else PlainLines(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("connector").setLevel(logging.INFO)


def scrubbed(text: str) -> str:
    """The text without keys, tokens and passwords."""
    for pattern in _SECRETS:
        text = pattern.sub(_hidden, text)
    return text


def where(error: BaseException) -> str:
    """What kind of error it was and the places it went through, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = f" after {type(error.__cause__).__name__}" if error.__cause__ else ""
    said = f": {error.message}" if isinstance(error, ConnectorError) else ""
    return f"{type(error).__name__}{cause}{said} in " + " > ".join(places)


def _one_line(text: str) -> str:
    """Nobody who chooses a word of it begins a line of their own."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class PlainLines(logging.Formatter):
    """One line a record, as a person reads it in a terminal."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        parts = [
            f"{_moment(record)} {record.levelname} {self._process}: {record.getMessage()}",
            *(f"{name}={value}" for name, value in _extras(record).items()),
        ]
        if record.exc_info and record.exc_info[1]:
            parts.append(where(record.exc_info[1]))
        return _one_line(scrubbed(" ".join(parts)))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, process, logger, message, `error`, and what was added."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        for name, value in _extras(record).items():
            found[name] = value if isinstance(value, int | float) else scrubbed(str(value))
        if record.exc_info and record.exc_info[1]:
            found["error"] = scrubbed(where(record.exc_info[1]))
        return json.dumps(found, ensure_ascii=False)


def _extras(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-2:])


def _hidden(found: re.Match[str]) -> str:
    kept = "".join(found.groups()) if found.re.groups else ""
    return f"{kept}{HIDDEN}"
