"""POST /v1/actions/NAME: load the input, do the work or accept it, answer one flat object."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from connector.actions import inputs, known
from connector.actions.action import Action, Flat
from connector.actions.document_input import Upload, take
from connector.actions.registry import ACTIONS
from connector.errors import InvalidInput, NotFound
from connector.storage.api_keys import Scope
from connector.web import work
from connector.web.auth import caller, services
from connector.web.queries import require_none

routes = Blueprint("actions", __name__, url_prefix="/v1/actions")


@routes.post("/<name>")
def receive(name: str) -> Response:
    """Quick work is answered at once; outside writes go through a job, waited for a while."""
    caller(Scope.READ)
    action = _action(name)
    who = caller(Scope.READ if action.is_search else Scope.ACT)
    require_none()
    sent = _body()
    given = inputs.load(action.input, sent)
    if given.get("callback_url"):
        services().outbound.require_possible(given["callback_url"], field="callback_url")
    known.require_known(given, who, services())
    if action.refuse is not None:
        action.refuse(given, who, services())
    if action.takes_document:
        given["document"] = take(given, _upload(), services())
    key = _idempotency_key()
    answer = work.do(action, sent, given, who, services(), key)
    return respond(answer)


@routes.get("")
def registry() -> Response:
    """The actions by name, with their titles and descriptions."""
    return jsonify(
        [{"name": a.name, "title": a.title, "description": a.description} for a in ACTIONS.values()]
    )


def respond(answer: Flat) -> Response:
    """200, or 202 while the job behind the answer is not done."""
    response = jsonify(answer)
    if answer["job_status"] in ("waiting", "running"):
        response.status_code = 202
        response.headers["Location"] = str(answer["status_url"])
    return response


def _action(name: str) -> Action:
    action = ACTIONS.get(name)
    if action is None:
        raise NotFound(f"There is no action “{name[:40]}”. Known: {', '.join(ACTIONS)}.")
    return action


def _body() -> dict[str, Any]:
    """The request's fields: a JSON object, or a form's fields."""
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return dict(request.form.items())
    if not request.data:
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("The body must be one JSON object with the action's fields.")
    return body


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and len(key) > inputs.LONGEST_NAME:
        raise InvalidInput(f"Idempotency-Key: write at most {inputs.LONGEST_NAME} letters.")
    return key


def _upload() -> Upload | None:
    """The multipart file, whatever its part is called: there is only one."""
    found = request.files.get("file") or next(iter(request.files.values()), None)
    if found is None:
        return None
    with found.stream:
        return Upload(found.stream.read(), found.filename or "certificate.pdf")
