"""Is it running, can it take work, and what is wrong in words: no key, no figures of any account."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from connector.errors import Misconfigured
from connector.storage import jobs
from connector.storage.migrate import require_current
from connector.web.auth import services

routes = Blueprint("health", __name__)

_STALLED = timedelta(minutes=2)


@routes.get("/health")
def health() -> Response:
    """200 while the database answers, else 503; `notes` are sentences about what is reduced."""
    problem = _database()
    notes = [services().reader.notes()] if problem else [services().reader.notes(), _reduced()]
    return _answer([problem] if problem else [], [note for found in notes for note in found])


@routes.get("/ready")
def ready() -> Response:
    """200 while new work can be accepted: database, its version, and room for documents.

    Work that nobody performs is a note and no problem: it is safe, and other machines that take
    this one out of their round would only refuse it.
    """
    problems = [found for found in (_database(), _version(), _documents()) if found]
    return _answer(problems, [] if problems else _stalled())


def _answer(problems: list[str], notes: list[str]) -> Response:
    answer = jsonify(
        {
            "status": "failing" if problems else "ok",
            "problems": " ".join(problems) or None,
            "notes": " ".join(notes) or None,
        }
    )
    answer.status_code = 503 if problems else 200
    return answer


def _database() -> str | None:
    try:
        with services().readers() as session:
            session.execute(text("select 1"))
    except Exception:
        return "The database does not answer."
    return None


def _version() -> str | None:
    try:
        require_current(services().sessions.kw["bind"])
    except Misconfigured as error:
        return error.message
    except Exception:
        return None  # said by _database
    return None


def _documents() -> str | None:
    return services().documents.problem()


def _reduced() -> list[str]:
    problem = _documents()
    return [*([problem] if problem else []), *_stalled()]


def _stalled() -> list[str]:
    now = services().clock()
    with services().readers() as session:
        since = jobs.due_since(session, now)
        if since is None or now - since < _STALLED or jobs.is_any_moving(session, now - _STALLED):
            return []
    minutes = round((now - since).total_seconds() / 60)
    return [
        f"Accepted work has been waiting for {minutes} minutes and none is being done. "
        "Nothing is lost. Is the worker running?"
    ]
