"""Every failure that a caller can be told of."""

from __future__ import annotations

from connector import errors
from connector.errors import ConnectorError
from connector.jobs.state import Cancelled


def failures() -> list[type[ConnectorError]]:
    """The named errors, and a job that was called off."""
    named = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return [kind for kind in (*named, Cancelled) if issubclass(kind, ConnectorError)]
