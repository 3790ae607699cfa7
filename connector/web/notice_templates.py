"""/v1/notice_templates: the account's own words for the deficiency notice."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import notice_templates
from connector.actions.inputs import load
from connector.storage import accounts
from connector.storage.api_keys import Scope
from connector.web.auth import caller, services

routes = Blueprint("notice_templates", __name__, url_prefix="/v1")


@routes.get("/notice_templates")
def show() -> Response:
    """The three templates as they are used now."""
    with services().readers() as session:
        return jsonify(notice_templates.answer(accounts.get(session, caller().account_id)))


@routes.put("/notice_templates")
def put() -> Response:
    """Replace them; what is left out or empty is the shipped one again."""
    who = caller(Scope.ADMIN)
    given = load(notice_templates.TemplatesInput, request.get_json(force=True, silent=True))
    return jsonify(notice_templates.put(given, who, services()))
