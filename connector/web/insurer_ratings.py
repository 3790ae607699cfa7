"""PUT /v1/insurer_ratings: the account's own table of insurers as CSV, replaced as a whole."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import insurer_ratings
from connector.errors import InvalidInput
from connector.storage.api_keys import Scope
from connector.web.auth import caller, services

routes = Blueprint("insurer_ratings", __name__, url_prefix="/v1")


@routes.put("/insurer_ratings")
def put() -> Response:
    """The body is the CSV text itself, in UTF-8, with the columns naic, name, rating, size."""
    who = caller(Scope.ADMIN)
    try:
        table = request.get_data(cache=False).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "The rating table is no UTF-8 text. Save it as “CSV UTF-8”.", field="ratings"
        ) from error
    return jsonify(insurer_ratings.put(table, who, services()))
