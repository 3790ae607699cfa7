"""Keys that users' Zaps depend on: they are added to, never taken away.

A Zap keeps the keys that its owner mapped. A key that goes breaks it in silence, so every key
that was ever written is kept in a list beside the definition, and a lost one stops the writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.errors import ConnectorError

KINDS = ("creates", "searches", "searchOrCreates", "triggers", "lists")


class KeyLost(ConnectorError):
    code = "key_lost"


def keys_of(definition: Mapping[str, Any]) -> Iterator[str]:
    """Every part, input and output, such as `creates.parse_certificate.outputFields.form`."""
    for kind in KINDS:
        for key, part in definition[kind].items():
            yield f"{kind}.{key}"
            for side in ("inputFields", "outputFields"):
                for field in part.get("operation", {}).get(side, ()):
                    yield f"{kind}.{key}.{side}.{field['key']}"


def with_released(definition: Mapping[str, Any], released: str) -> str:
    """The list of released keys, one a line, with the new ones. KeyLost when one has gone."""
    known, present = set(released.split()), set(keys_of(definition))
    if lost := sorted(known - present):
        raise KeyLost(
            f"Zaps that use {lost[0]} would break: it was released and is gone"
            f"{f', with {len(lost) - 1} more' if lost[1:] else ''}. Put it back. If it was never "
            "deployed, take its line out of zap_schemas/released_keys.txt."
        )
    return "".join(f"{key}\n" for key in sorted(known | present))
