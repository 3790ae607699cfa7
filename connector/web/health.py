"""Is it running, and what is wrong in words: no key needed, no figures of any account."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from connector.web.auth import services

routes = Blueprint("health", __name__)


@routes.get("/health")
def health() -> Response:
    """200 while the database answers, else 503; `notes` are sentences about what is reduced."""
    problems: list[str] = []
    try:
        with services().sessions() as session:
            session.execute(text("select 1"))
    except Exception:
        problems.append("The database does not answer.")
    answer = jsonify(
        {
            "status": "failing" if problems else "ok",
            "problems": " ".join(problems) or None,
            "notes": " ".join(services().reader.notes()) or None,
        }
    )
    answer.status_code = 503 if problems else 200
    return answer
