"""A changed rule set over everything on file: who would move, and why."""

from __future__ import annotations

from connector.checking.packet import Packet
from connector.checking.rule_set import RuleSet
from connector.checking.verdict import Status
from connector.checking.what_if import TRIAL_FIELDS, OnFile, flatten_change, try_rule_set
from tests.checking.packets import DAY, RULES, US, check, good, rules, shipped


def stricter() -> RuleSet:
    text = (
        "extends: standard-subcontractor\nrules:\n  - id: gl-each-occurrence\n"
        "    require: general_liability.each_occurrence\n    at_least: 2000000\n"
    )
    parent = (RULES / "standard-subcontractor.yaml").read_text("utf-8")
    return rules(text, **{"standard-subcontractor": parent})


FILE = (
    OnFile("small", Packet((good(),)), US),
    OnFile("large", Packet((good(general_liability_each_occurrence=2_000_000),)), US),
    OnFile("failing", Packet((good(general_liability_each_occurrence=5),)), US),
)


def test_only_those_who_would_move_are_listed_with_the_reason() -> None:
    trial = try_rule_set(stricter(), FILE, DAY, current=shipped("standard-subcontractor"))
    assert trial.checked == 3
    assert trial.before == {Status.COMPLIANT: 2, Status.NON_COMPLIANT: 1}
    assert trial.after == {Status.COMPLIANT: 1, Status.NON_COMPLIANT: 2}
    (change,) = trial.changes
    assert (change.key, change.name) == ("small", "Northfield Roofing LLC")
    assert flatten_change(change) == {
        "key": "small",
        "name": "Northfield Roofing LLC",
        "before": "compliant",
        "after": "non_compliant",
        "why": "General liability: each occurrence: required $2,000,000; found $1,000,000 (page 1).",
    }
    assert list(flatten_change(change)) == [field.key for field in TRIAL_FIELDS]


def test_a_standing_verdict_is_what_it_is_compared_with() -> None:
    standing = check(good(general_liability_each_occurrence=5))
    item = OnFile("small", Packet((good(),)), US, before=standing)
    (change,) = try_rule_set(shipped("standard-subcontractor"), [item], DAY).changes
    assert (change.before, change.after) == (Status.NON_COMPLIANT, Status.COMPLIANT)


def test_who_was_never_checked_is_listed_without_a_before() -> None:
    trial = try_rule_set(stricter(), FILE, DAY)
    assert [change.before for change in trial.changes] == [None, None, None]
    assert trial.before == {}


def test_an_empty_file_changes_nothing() -> None:
    trial = try_rule_set(stricter(), [], DAY, current=stricter())
    assert (trial.checked, trial.changes) == (0, ())
