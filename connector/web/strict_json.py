"""JSON as it is taken in: no word that is none (NaN), no number that no database keeps."""

from __future__ import annotations

import json
from typing import Any

from flask.json.provider import DefaultJSONProvider

LONGEST_NUMBER = 18
"""Digits; with more, some readers of JSON round a number in silence, and others refuse it."""


class StrictJSON(DefaultJSONProvider):
    """ValueError, which is an answer of 422, for what would be kept and then not be read again."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s, parse_constant=_refuse, parse_int=_whole, parse_float=_real, **kwargs)


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        _refuse(digits)
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if abs(value) == float("inf"):
        _refuse(digits)
    return value


def _refuse(said: str) -> None:
    raise ValueError(f"{said[:20]} is no number that is kept")
