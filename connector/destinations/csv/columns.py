"""Which columns of a log file we made. It is kept beside the file, which has no room for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from connector.log_columns import (
    CERTIFICATE_ID,
    are_our_numbers,
    key_of_title,
    may_be_ours,
    own_columns,
    require_key,
    title_of,
)

Filled = Mapping[int, Sequence[object]]


def places(
    path: Path, titles: Sequence[object], keys: Sequence[str], filled: Callable[[], Filled]
) -> dict[str, int]:
    """The index of each key's column in the log at `path`; those that are missing are not in it.

    `filled` looks up the values under each title, of the columns that have any; it is asked only
    when a column is missing. DestinationRefused where nobody can tell which column is ours, or none
    is left to find rows by.
    """
    known = _remembered(path)
    by_key = {key: _called(titles, title) for key, title in known.items()}
    found = own_columns(titles, keys, by_key, range(len(titles)), is_log=False)
    if len(found) == len(keys):
        return found
    values = filled()
    numbers = [values.get(index, ()) for index in may_be_ours(titles, CERTIFICATE_ID)]
    is_log = not known and any(map(are_our_numbers, numbers))
    found = own_columns(titles, keys, by_key, values.keys(), is_log=is_log)
    was_kept = bool(known) and (bool(found) or any(map(are_our_numbers, values.values())))
    require_key(f"The log {path.name}", found, was_kept=was_kept)
    return found


def missing(titles: Sequence[object], keys: Sequence[str], found: Mapping[str, int]) -> list[str]:
    """The titles of the columns to append, in the order of their keys."""
    return [title_of(key, titles) for key in keys if key not in found]


def remember(path: Path, titles: Mapping[str, object]) -> None:
    """Note what our columns are called, by key: before they are written, so that a kill forgets none."""
    said = _remembered(path) | {key: str(title) for key, title in titles.items()}
    if said != _remembered(path):
        draft = path.with_name(f"{path.name}.columns.writing")
        draft.write_text(json.dumps(said, indent=1), encoding="utf-8")
        draft.replace(_note(path))


def _remembered(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(_note(path).read_text(encoding="utf-8"))) if path.exists() else {}
    except (OSError, ValueError, TypeError):  # without the note the titles alone have to do
        return {}


def _called(titles: Sequence[object], title: str) -> list[int]:
    """Exactly so, else but for capitals and blanks: somebody made the title nicer."""
    exact = [i for i, each in enumerate(titles) if each == title]
    name = key_of_title(title)
    return exact or [i for i, each in enumerate(titles) if key_of_title(each) == name]


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.columns.json")
