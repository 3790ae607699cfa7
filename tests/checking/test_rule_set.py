"""Rule files are refused with file, line and the nearest known word, or mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.checking.rule import Exemptions
from connector.checking.rule_file import LARGEST_FILE, RuleFile
from connector.checking.rule_set import load_rule_set, load_rule_sets, named, parse_rule_set
from connector.checking.verdict import Severity
from connector.errors import BrokenRuleSet, UnknownRuleSet
from tests.checking.packets import RULES, rules

RULE = (
    "rules:\n  - id: limit\n    require: general_liability.each_occurrence\n    at_least: 1000000\n"
)
BASE = f"rule_set: base\nversion: 2\n{RULE}"


def refusal(text: str, **parents: str) -> str:
    with pytest.raises(BrokenRuleSet) as caught:
        rules(text, **parents)
    assert len(caught.value.message) <= 250
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"{RULE}    severty: advisory\n", 7, "“severty” is no word of a rule. Did you mean “severity”?"),
        (f"desciption: x\n{RULE}", 3, "Did you mean “description”?"),
        (RULE.replace("each_occurrence", "each_ocurrence"), 5, "Did you mean “general_liability.each_occurrence”?"),
        (RULE.replace("at_least", "at_lest"), 6, "Did you mean “at_least”?"),
        (RULE.replace("at_least: 1000000", "is_checked: true"), 6, "`is_checked` does not fit general_liability.each_occurrence. Tests that do: at_least, at_most, is_present."),
        (RULE.replace("    at_least: 1000000\n", ""), 4, "has no test such as"),
        (f"{RULE}    at_most: 5\n", 4, "has `at_least` and `at_most`; write two rules"),
        (RULE.replace("1000000", "$1,000,000"), 6, "must be a whole number such as 1000000"),
        (RULE.replace("1000000", "yes"), 6, "must be a whole number"),
        (RULE.replace("1000000", "0"), 6, "must be a whole number"),
        (RULE.replace("id: limit", "id: The Limit"), 4, "small letters, digits and hyphens"),
        (RULE.replace("  - id: limit\n    require", "  - require"), 4, "The rule has no `id:`"),
        (f"{RULE}{RULE[7:]}", 7, "Two rules are called “limit”"),
        (f"{RULE}    severity: mandatory\n", 7, "Known: required, advisory."),
        (f"{RULE}    when: {{trades: roofing}}\n", 7, "Did you mean “trade”?"),
        (f"{RULE}    when: {{state: New Yrok}}\n", 7, "“New Yrok” is no state"),
        (f"{RULE}    when: {{subcontract_value: 5000}}\n", 7, "must be written as “word: value”"),
        (f"{RULE}    when: {{subcontract_value: {{above: 5}}}}\n", 7, "“above” is no word of a subcontract value"),
        (f"{RULE}    when: {{}}\n", 7, "`when` is empty"),
        (f"{RULE}    tiers:\n      - at_least: 5\n", 8, "The tier has no `when:`"),
        (f"{RULE}    tiers:\n      - when: {{state: NY}}\n        at_most: 5\n", 9, "“at_most” is no word of a tier"),
        (f"umbrella_tops_up: [general_liabilty]\n{RULE}", 3, "Did you mean “general_liability”?"),
        (f"workers_compensation_exemption: maybe\n{RULE}", 3, "Known: accepted, refused."),
        ("rules: []\n", 1, "The rule set has no rules"),
        (f"remove: [limit]\n{RULE}", 3, "No inherited rule is called “limit”"),
        (f"extends: nowhere\n{RULE}", 3, "There is no rule set “nowhere” to extend"),
        (f"title: a\ntitle: b\n{RULE}", 4, "“title” stands here twice"),
        (f"{RULE}    note: &x y\n", 7, "Anchors and aliases"),
        ("rules: [", 4, "This is not valid YAML"),
        ("rules:\n\t- id: y\n", 4, "indent with spaces, not with a tab"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    message = refusal(text)
    assert message.startswith(f"mine.yaml, line {line}: ")
    assert said in message


@pytest.mark.parametrize(
    ("require", "test", "said"),
    [
        ("general_liability", "in_force_on: tomorrow", "Known: today, project_end."),
        ("general_liability", "occurrence_basis: false", "can only be true"),
        ("general_liability", "no_exclusion: hieght", "Did you mean “height”?"),
        ("general_liability", "insurer_rated: excellent", "write a letter and a size, such as A- VII"),
        ("general_liability", "insurer_rated: A- XX", "is no rating"),
        ("form_edition", "edition_accepted: March 2016", "write it as printed, such as 2016/03"),
        ("general_liability.aggregate_applies_per", "is_one_of: projects", "Did you mean “project”?"),
        ("insured.name", "named_as: legal_names", "Known: vendor."),
        ("additional_insured_names", "names: {blanket: accepted}", "Write `who:`"),
        ("general_liability.additional_insured_endorsement", "endorsed: attached", "Known: evidenced, stated."),
        ("general_liability.additional_insured_endorsement", "endorsed_by: CG 20 99", "The form CG 20 99 is not known."),
        ("general_liability.additional_insured_endorsement", "endorsed_by: CG 20 10 04 31", "known: 11 85, 10 93, 10 01, 07 04, 04 13 and 12 19"),
        ("general_liability.additional_insured_endorsement", "endorsed_by: blanket form", "is no form number"),
        ("general_liability.additional_insured_endorsement", "endorsed_by: {demand: stated}", "Write `forms:`"),
        ("general_liability.additional_insured_endorsement", "covers_upstream: {accept: CG 99 99}", "The form “CG 99 99” is not known"),
        ("endorsement_forms", "attached: ACORD 856", "Did you mean “ACORD 855”?"),
        ("description_of_operations", "mentions: []", "The list is empty"),
        ("description_of_operations", "mentions: ''", "must be a text"),
        ("description_of_operations", "mentions_project: title", "Known: name, number, either."),
        ("other_1.each_claim", "at_least: 5", "Did you mean"),
    ],
)  # fmt: skip
def test_a_test_refuses_what_it_cannot_use(require: str, test: str, said: str) -> None:
    message = refusal(f"rules:\n  - id: one\n    require: {require}\n    {test}\n")
    assert said in message


NAMES = (
    "rules:\n  - id: ai\n    require: additional_insured_names\n    names: [legal_names, owner]\n"
)


def test_a_role_that_nobody_can_fill_is_refused() -> None:
    message = refusal(f"roles: [ownr]\n{NAMES}")
    assert message.startswith("mine.yaml, line 5: ")
    assert "needs a name for “owner”" in message
    assert "Did you mean “ownr”?" in message


def test_a_project_that_lacks_a_name_is_refused() -> None:
    projects = (
        'projects:\n  "4417":\n    owner: Lakeside Health\n  "4418":\n    lender: First Bank\n'
    )
    message = refusal(projects + NAMES)
    assert message.startswith("mine.yaml, line 6: ")
    assert "Project “4418” names no owner, which rule “ai” needs." in message


def test_a_role_may_be_asked_for_fixed_or_named_by_every_project() -> None:
    for head in (
        "roles: owner\n",
        "names: {owner: Lakeside Health}\n",
        "projects: {p: {owner: L}}\n",
    ):
        assert rules(head + NAMES).rules[0].id == "ai"


def test_an_inherited_rule_without_its_name_is_refused_at_extends() -> None:
    parent = f"rule_set: base\nversion: 1\nroles: owner\n{NAMES}"
    assert rules(f"extends: base\n{RULE}", base=parent).roles == ("owner",)


def test_a_circle_of_extends_is_refused(tmp_path: Path) -> None:
    for name, parent in (("one", "two"), ("two", "three"), ("three", "one")):
        text = f"rule_set: {name}\nversion: 1\nextends: {parent}\n{RULE}"
        (tmp_path / f"{name}.yaml").write_text(text)
    with pytest.raises(BrokenRuleSet, match=r"three\.yaml, line 3: .* one → two → three → one"):
        load_rule_set(tmp_path / "one.yaml")


def test_a_rule_set_cannot_extend_a_file_elsewhere() -> None:
    assert "no rule set “../secret”" in refusal(f"extends: ../secret\n{RULE}")


def test_a_child_replaces_removes_and_adds_rules() -> None:
    parent = BASE + "  - id: gone\n    require: auto_liability\n    is_present: true\n"
    child = "extends: base\nremove: [gone]\nrules:\n  - id: limit\n    require: general_liability.each_occurrence\n    at_least: 5\n  - id: new\n    require: auto_liability\n    is_present: true\n"
    found = rules(child, base=parent)
    assert [(rule.id, rule.argument, rule.file) for rule in found.rules] == [
        ("limit", 5, "mine.yaml"),
        ("new", True, "mine.yaml"),
    ]
    assert found.parents == ("base@2",)


def test_switches_and_names_are_inherited() -> None:
    parent = (
        "rule_set: base\nversion: 1\numbrella_tops_up: [auto_liability]\nworkers_compensation_exemption: accepted\nnames: {owner: A}\n"
        + RULE
    )
    inherited = rules("extends: base\n", base=parent)
    assert inherited.umbrella_tops_up == ("auto_liability",)
    assert inherited.exemptions is Exemptions.ACCEPTED
    assert inherited.names == {"owner": ("A",)}
    assert rules("extends: base\numbrella_tops_up: []\n", base=parent).umbrella_tops_up == ()


def test_a_digest_changes_with_the_text_of_a_parent() -> None:
    one = rules("extends: base\n", base=BASE)
    same = rules("extends: base\n", base=BASE)
    other = rules("extends: base\n", base=BASE.replace("1000000", "1000001"))
    assert one.digest == same.digest != other.digest
    assert BASE in one.text


def test_the_name_is_that_of_the_file() -> None:
    with pytest.raises(BrokenRuleSet, match="must be that of the file, “theirs”"):
        parse_rule_set(RuleFile("theirs.yaml", BASE), lambda name: None)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("absent.yaml", "binary.yaml"):
        with pytest.raises(BrokenRuleSet, match=f"The rule file {name} cannot be read"):
            load_rule_set(tmp_path / name)


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 5_000, "a: &a [*a]", "x" * (LARGEST_FILE + 1), "a: !!python/name:os.system", "\x00", "", "# only a comment", "--- 1\n--- 2"])  # fmt: skip
def test_hostile_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BrokenRuleSet, match=r"^x\.yaml, line \d+: "):
        parse_rule_set(RuleFile("x.yaml", text), lambda name: None)


def test_one_value_may_stand_for_a_list_of_one() -> None:
    found = rules(f"{RULE}    when: {{trade: roofing, state: new york}}\n    severity: advisory\n")
    assert found.rules[0].when.trade == ("roofing",)
    assert found.rules[0].when.state == ("NY",)
    assert found.rules[0].severity is Severity.ADVISORY


def test_all_shipped_rule_sets_load() -> None:
    assert set(load_rule_sets(RULES)) == {
        "design-professional",
        "high-risk-trades",
        "new-york",
        "owner-controlled-project",
        "standard-subcontractor",
        "supplier",
    }


def test_an_unknown_rule_set_lists_the_known_ones() -> None:
    with pytest.raises(UnknownRuleSet, match=r"There is no rule set “x”\. Known: .*standard-"):
        named(load_rule_sets(RULES), "x")


def test_the_trades_of_a_rule_set_are_those_of_its_conditions() -> None:
    assert load_rule_sets(RULES)["high-risk-trades"].trades == (
        "crane",
        "demolition",
        "roofing",
        "steel",
    )


def test_a_misspelt_parent_is_refused_with_the_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "ours.yaml").write_text(f"rule_set: ours\nversion: 1\nextends: bse\n{RULE}")
    with pytest.raises(BrokenRuleSet, match=r"ours.yaml, line 3: .* Did you mean “base”?"):
        load_rule_set(tmp_path / "ours.yaml")


def test_a_rule_set_is_named_by_its_title_too_unless_two_have_it() -> None:
    text = "title: Small jobs\nrules:\n  - id: gl\n    require: general_liability\n    is_present: true\n"
    one, other = rules(text), rules(text)
    assert named({"small": one}, "small jobs ") is one
    with pytest.raises(UnknownRuleSet):
        named({"small": one, "other": other}, "Small jobs")
