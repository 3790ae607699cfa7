"""A changed rule set over everything on file: who would move, and why."""

from __future__ import annotations

import pytest

from connector.checking.evaluate import evaluate
from connector.checking.packet import Packet
from connector.checking.rule_set import RuleSet
from connector.checking.verdict import Status
from connector.checking.what_if import TRIAL_FIELDS, OnFile, flatten_change, try_rule_set
from tests.checking.packets import DAY, RULES, US, all_examples, check, good, rules, shipped


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


SETS = ("standard-subcontractor", "high-risk-trades")
HEADS = {
    "alike": "",
    "an umbrella that tops up": "umbrella_tops_up: [general_liability, auto_liability]\n",
    "exemptions": "workers_compensation_exemption: accepted\n",
    "one line less": "remove: [AUTO]\n",
}


def changed(head: str) -> RuleSet:
    """The shipped standard set with a head of its own and some rules changed."""
    parent = (RULES / "standard-subcontractor.yaml").read_text("utf-8")
    own = (
        "  - id: gl-each-occurrence\n    require: general_liability.each_occurrence\n    at_least: 1500000\n"
        "  - id: gl-primary\n    require: general_liability.primary_and_noncontributory_endorsement\n"
        "    endorsed: evidenced\n    severity: advisory\n"
    )
    text = f"extends: standard-subcontractor\n{head}rules:\n{own}"
    return rules(text, **{"standard-subcontractor": parent})


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_trial_says_of_everyone_what_a_check_alone_would(head: str) -> None:
    """Rules that are the same in both sets are asked once: no answer may be another for it."""
    current = shipped("standard-subcontractor")
    autos = [rule.id for rule in current.rules if rule.subject.line == "auto_liability"]
    then = changed(head.replace("AUTO", ", ".join(autos)))
    for number, (_, example) in enumerate(all_examples()):
        item = OnFile(str(number), example.packet, example.context)
        trial = try_rule_set(then, [item], example.on, current)
        alone = evaluate(example.packet, then, example.context, example.on)
        before = evaluate(example.packet, current, example.context, example.on)
        assert trial.after == {alone.status: 1}
        assert trial.before == {before.status: 1}
        assert bool(trial.changes) == (alone.status is not before.status)
        for change in trial.changes:
            told = try_rule_set(then, [item], example.on).changes[0]
            assert (change.failures, change.reasons) == (told.failures, told.reasons)


def test_a_trial_in_which_the_umbrella_tops_up_says_what_a_check_alone_would() -> None:
    parents = {name: (RULES / f"{name}.yaml").read_text("utf-8") for name in SETS}
    text = "extends: high-risk-trades\numbrella_tops_up: [general_liability, auto_liability]\n"
    current, then = shipped("high-risk-trades"), rules(text, **parents)
    assert then.shared_with(current)
    for _, example in all_examples():
        item = OnFile("one", example.packet, example.context)
        trial = try_rule_set(then, [item], example.on, current)
        alone = evaluate(example.packet, then, example.context, example.on)
        assert trial.after == {alone.status: 1}
        for change in trial.changes:
            told = try_rule_set(then, [item], example.on).changes[0]
            assert (change.failures, change.reasons) == (told.failures, told.reasons)


def test_rules_are_shared_only_where_nothing_beside_them_differs() -> None:
    current = shipped("standard-subcontractor")
    alike = changed("").shared_with(current)
    assert "gl-general-aggregate" in alike
    assert not {"gl-each-occurrence", "gl-primary"} & alike
    topped_up = changed(HEADS["an umbrella that tops up"]).shared_with(current)
    assert topped_up == frozenset()  # it looks at one line more
    with_umbrella = shipped("high-risk-trades")
    parent = {name: (RULES / f"{name}.yaml").read_text("utf-8") for name in SETS}
    text = "extends: high-risk-trades\numbrella_tops_up: [general_liability]\n"
    topped_up = rules(text, **parent).shared_with(with_umbrella)
    assert "gl-waiver-of-subrogation" in topped_up
    assert not {"gl-each-occurrence", "umbrella-each-occurrence"} & topped_up
    assert not changed(HEADS["exemptions"]).shared_with(current)
    assert not changed("projects: {Lakeside: {owner: Lakeside Health}}\n").shared_with(current)
