"""What an answer looks like, for those who set up a step before there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector.certificate.field import Field, Scalar


def sample(fields: Iterable[Field], differs: Mapping[str, Scalar] | None = None) -> dict[str, Any]:
    """A realistic result. What is empty in it is left out, so that no type can be wrong."""
    said = {field.key: field.sample for field in fields} | dict(differs or {})
    return {key: value for key, value in said.items() if value is not None}
