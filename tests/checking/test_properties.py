"""What holds for any certificate: nothing breaks, and doubt never makes anybody compliant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.certificate.entries import entries, with_entries
from connector.certificate.field import Kind
from connector.certificate.fields import BY_KEY, BY_PATH
from connector.certificate.model import Certificate
from connector.checking.draft import draft_rule_set
from connector.checking.evaluate import evaluate
from connector.checking.notice import load_templates, write_notice
from connector.checking.outcome import FlatCheck, flatten_verdict
from connector.checking.packet import Packet
from connector.checking.rule_file import RuleFile
from connector.checking.rule_set import parse_rule_set
from connector.checking.verdict import Context, Outcome, Severity, Status
from tests.checking.packets import DAY, RULES, US, good, shipped

NAMES = sorted(p.stem for p in RULES.glob("*.yaml") if ".examples" not in p.name)
CONTEXTS = st.builds(
    Context,
    vendor_name=st.sampled_from(
        [None, "Northfield Roofing LLC", "Northfeild Roofing", "Other Inc"]
    ),
    vendor_type=st.sampled_from([None, "ships", "delivers", "installs"]),
    trade=st.sampled_from([None, "roofing", "demolition", "painting", "steel erection"]),
    state=st.sampled_from([None, "NY", "OH", "Ontario", "il"]),
    subcontract_value=st.sampled_from([None, 0, 3_000_000, 3_000_001]),
    legal_names=st.sampled_from([(), ("Summit Builders Inc",), ("Someone Else LLC",)]),
    project_end=st.sampled_from([None, date(2027, 6, 1)]),
    names=st.sampled_from([{}, {"owner": ("Lakeside Health",)}]),
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.USD: st.sampled_from(["", 0, 1, 999_999, 1_000_000, 5_000_000, "UNLIMITED", "EXCLUDED", "INCLUDED"]),
    Kind.DATE: st.one_of(st.just(""), st.integers(-800, 800).map(lambda n: DAY + timedelta(n))),
    Kind.TICK: st.booleans(),
    Kind.MARK: st.sampled_from(["", True, False]),
    Kind.INT: st.sampled_from(["", 10, 30]),
    Kind.TEXT: st.sampled_from(["", "Summit Builders Inc", "CG 20 10 12 19", "XX 1", "{{ 7 * 7 }} <b>", "as required by written contract", "10001"]),
}  # fmt: skip
CHANGEABLE = sorted(path for path in entries(Certificate()) if BY_PATH[path].kind in VALUES)


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Flat keys of the good certificate, changed: drawn as such, so that a failure prints short."""
    paths = draw(st.lists(st.sampled_from(CHANGEABLE), max_size=12, unique=True))
    return {BY_PATH[path].key: draw(VALUES[BY_PATH[path].kind]) for path in paths}


@settings(max_examples=120, deadline=None)
@given(changes(), CONTEXTS, st.sampled_from(NAMES))
def test_any_certificate_has_a_verdict_a_flat_outcome_and_a_notice(
    changed: dict[str, Any], context: Context, name: str
) -> None:
    packet = Packet((good(**changed),))
    verdict = evaluate(packet, shipped(name), context, DAY)
    notice = write_notice(packet, verdict, context, load_templates())
    assert "<b>" not in notice.html
    flat = flatten_verdict(verdict, context, packet, notice=notice)
    assert FlatCheck().validate(flat) == {}
    required = [f for f in verdict.findings if f.severity is Severity.REQUIRED]
    if verdict.status is Status.COMPLIANT:
        assert all(f.outcome is Outcome.MET for f in required)
    if verdict.status is Status.NEEDS_REVIEW:
        assert verdict.review_reasons
    failed = str(flat["failed_fields"] or "").split(", ")
    assert flat["failure_count"] == 0 or set(failed) <= set(BY_KEY)


@settings(max_examples=120, deadline=None)
@given(changes(), st.lists(st.sampled_from(CHANGEABLE), max_size=30), st.sampled_from(NAMES))
def test_more_doubt_never_makes_a_certificate_compliant(
    changed: dict[str, Any], doubts: list[str], name: str
) -> None:
    certificate = good(**changed)
    context = replace(US, trade="roofing", subcontract_value=5, vendor_type="installs", state="NY")
    found = entries(certificate)
    less_sure = with_entries(
        certificate, {path: found[path].doubted("Smudged.") for path in doubts}
    )
    before = evaluate(Packet((certificate,)), shipped(name), context, DAY)
    after = evaluate(Packet((less_sure,)), shipped(name), context, DAY)
    assert before.status is Status.COMPLIANT or after.status is not Status.COMPLIANT


@settings(max_examples=120, deadline=None)
@given(
    changes(),
    changes(),
    st.lists(st.sampled_from(CHANGEABLE), max_size=30),
    st.sampled_from(NAMES),
)
def test_more_doubt_about_the_newest_never_lets_an_older_certificate_pass(
    changed: dict[str, Any], other: dict[str, Any], doubts: list[str], name: str
) -> None:
    newest = good(**changed)
    context = replace(US, trade="roofing", subcontract_value=5, vendor_type="installs", state="NY")
    dated = good(**{**other, "certificate_date": date(2026, 1, 5)})
    found = entries(newest)
    less_sure = with_entries(newest, {path: found[path].doubted("Smudged.") for path in doubts})
    before = evaluate(Packet((dated, newest)), shipped(name), context, DAY)
    after = evaluate(Packet((dated, less_sure)), shipped(name), context, DAY)
    assert before.status is Status.COMPLIANT or after.status is not Status.COMPLIANT


@settings(max_examples=60, deadline=None)
@given(changes())
def test_whatever_is_drafted_loads(changed: dict[str, Any]) -> None:
    text = draft_rule_set(good(**changed), "drafted")
    assert parse_rule_set(RuleFile("drafted.yaml", text), lambda name: None).rules
