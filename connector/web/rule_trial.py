"""POST /v1/rule_sets/try: who would stand otherwise with a changed rule set. Nothing is kept."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions.inputs import Input, load, text
from connector.actions.rule_trial import try_on_all
from connector.checking.rule_set import parse_rule_text
from connector.checking.what_if import TRIAL_FIELDS, flatten_change
from connector.storage.api_keys import Scope
from connector.web.auth import caller, services
from connector.web.lists import csv_answer, wants_csv
from connector.web.queries import FORMAT, require_known

routes = Blueprint("rule_trial", __name__, url_prefix="/v1/rule_sets")


class TryInput(Input):
    name = text("Name", help="The rule set's name, as its `rule_set:` says it.", required=True)
    rules = text(
        "Rules",
        help="The changed rule set: the YAML text of its file.",
        required=True,
        longest=500_000,
    )


@routes.post("/try")
def try_changed() -> Response:
    """`{"items": [who would change], "next": null, "checked", …}`; `format=csv` for the table alone."""
    who = caller(Scope.READ)
    require_known({FORMAT})
    given = load(TryInput, request.get_json(force=True, silent=True))
    changed = parse_rule_text(given["name"], given["rules"], services().settings.rules_dir)
    with services().readers() as session:
        trial = try_on_all(session, who, changed, services())
    rows = [flatten_change(change) for change in trial.changes]
    if wants_csv():
        return csv_answer("changes", TRIAL_FIELDS, iter(rows))
    return jsonify({"items": rows, "next": None, **trial.counts})
