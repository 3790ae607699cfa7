"""/rules: each rule set in plain words, its examples, and what an edited copy would change."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions.rule_trial import MOST_VENDORS, try_rules
from connector.checking.examples import load_examples, run_example
from connector.checking.plain_words import requirements
from connector.checking.rule import RuleSet
from connector.checking.rule_set import parse_rule_text
from connector.checking.verdict import Status
from connector.checking.what_if import Trial
from connector.errors import BrokenRuleSet, NotFound
from connector.storage import accounts
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.review_sheet import VERDICT_WORDS
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("rules", __name__, url_prefix="/rules")


@routes.get("")
@page_for(Role.VIEWER)
def index(visitor: Visitor) -> ResponseReturnValue:
    """The rule sets by name."""
    return render_template("rules.html", rule_sets=services().rule_sets.values())


@routes.get("/<name>")
@page_for(Role.VIEWER)
def show(visitor: Visitor, name: str) -> ResponseReturnValue:
    """One rule set."""
    return _page(visitor, _named(name))


@routes.post("/<name>")
@page_for(Role.REVIEWER)
def what_if(visitor: Visitor, name: str) -> ResponseReturnValue:
    """The same page with what an edited copy would change; the copy is kept nowhere."""
    current, text = _named(name), request.form.get("text", "")
    try:
        changed = parse_rule_text(name, text, services().settings.rules_dir)
    except BrokenRuleSet as error:
        return _page(visitor, current, text, error=error.message), error.status
    with services().readers() as session:
        trial = try_rules(session, visitor.caller, current, changed, services())
    return _page(visitor, current, text, trial)


def _named(name: str) -> RuleSet:
    found = services().rule_sets.get(name)
    if found is None:
        raise NotFound("There is no rule set of this name.")
    return found


def _page(
    visitor: Visitor,
    rule_set: RuleSet,
    text: str | None = None,
    trial: Trial | None = None,
    error: str | None = None,
) -> str:
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
    own = _folder() / f"{rule_set.name}.yaml"
    return render_template(
        "rule_set.html",
        rule_set=rule_set,
        requirements=requirements(rule_set, tuple(account.legal_names), services().today(account)),
        examples=_examples(rule_set),
        text=text if text is not None else own.read_text(encoding="utf-8"),
        trial=trial,
        error=error,
        statuses=tuple(Status),
        words=VERDICT_WORDS,
        most=MOST_VENDORS,
        may_try=visitor.may(Role.REVIEWER),
    )


def _examples(rule_set: RuleSet) -> list[tuple[str, Status, bool]]:
    """Each example's name, what it expects, and whether the rules say so."""
    beside = _folder() / f"{rule_set.name}.examples.yaml"
    found = load_examples(beside) if beside.is_file() else ()
    return [(each.name, each.status, not run_example(each, rule_set)) for each in found]


def _folder() -> Path:
    return services().settings.rules_dir
