"""What stands behind the question mark of an address: each name known, each given once.

A filter that is misspelt would else be no filter, and the whole list be taken for its answer.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

import marshmallow as ma
from flask import request

from connector.actions import inputs
from connector.actions.action import Given
from connector.errors import InvalidInput

FORMAT = "format"


def load_query(*schemas: type[ma.Schema]) -> Given:
    """The query loaded by all of these. InvalidInput for a name that none of them has."""
    require_known({FORMAT, *(name for schema in schemas for name in schema().fields)})
    sent = dict(request.args.items())
    given: dict[str, Any] = {}
    for schema in schemas:
        given |= inputs.load(schema, sent)
    return given


def require_known(known: Collection[str]) -> None:
    """InvalidInput where the query says something else, or something twice."""
    for name, said in request.args.lists():
        if name not in known:
            raise InvalidInput(f"“{name[:40]}” narrows nothing here. {_advice(name, known)}", field=name[:40])  # fmt: skip
        if len(said) > 1:
            raise InvalidInput(f"“{name}” is given {len(said)} times. Give it once.", field=name)


def require_none() -> None:
    """InvalidInput for a field of an action that stands in the address, where nobody reads it."""
    if name := next(iter(request.args), None):
        raise InvalidInput(
            f"“{name[:40]}” stands in the address. Send it in the body, as JSON or a form.",
            field=name[:40],
        )


def _advice(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.lower(), known, 1, 0.6)
    return f"Do you mean “{near[0]}”?" if near else f"Known: {', '.join(sorted(known))}."
