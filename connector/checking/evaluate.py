"""A packet against a rule set on a day: findings in three states, and the verdict over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from connector.certificate.model import INSURER_LETTERS, OTHER_LINES, Certificate
from connector.certificate.states import STATE_FUND_ONLY, state_code, state_of_address
from connector.checking.answer import Answer, american, listed, met, not_met, unclear
from connector.checking.bare_line import meets_nothing
from connector.checking.case import Case, LineAt, open_case, reads_a_line
from connector.checking.codes import Code
from connector.checking.lone_pages import with_lone_pages
from connector.checking.packet import Exemption, Packet, Waiver
from connector.checking.rule import Exemptions, Rule, RuleSet
from connector.checking.rule_file import lower
from connector.checking.rule_tests.names import INSURED
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.subject import KINDS_OF_OTHER_LINES, LINE_LABELS, SUBJECTS
from connector.checking.umbrella import LINE as UMBRELLA
from connector.checking.umbrella import top_up
from connector.checking.verdict import Context, Finding, Outcome, Severity, Status, Verdict

WORKERS = "workers_compensation"

NOTHING_KNOWN: Mapping[str, Finding | None] = {}

IDENTITY = Rule("insured-is-the-vendor", SUBJECTS[INSURED], "named_as", "vendor")
"""Applied to every check, whether or not the rule set says it: whose certificate is this?"""


def evaluate(
    packet: Packet,
    rule_set: RuleSet,
    context: Context,
    on: date,
    *,
    known: Mapping[str, Finding | None] = NOTHING_KNOWN,
) -> Verdict:
    """The verdict on a vendor's packet, on the day `on` (the account's today).

    `known` are findings by rule that another rule set has just come to for the very same question
    (see `RuleSet.shared_with`), None where the rule did not apply.
    """
    waivers = {waiver.rule_id: waiver for waiver in packet.waivers if waiver.counts_on(on)}
    case = open_case(packet, rule_set, context, on)
    if not case.certificates:
        return _verdict(case, [], ["There is no certificate to check."])
    case = top_up(with_lone_pages(case), _limits_wanted(case, waivers))
    findings = [
        finding
        for rule in _rules(rule_set)
        if (
            finding := known[rule.id]
            if rule.id in known
            else _finding(case, rule, waivers.get(rule.id))
        )
        is not None
    ]
    findings += _out_of_force(case, findings, waivers)
    return _verdict(case, findings, list(_unread(case)))


def _out_of_force(
    case: Case, findings: Iterable[Finding], waivers: Mapping[str, Waiver]
) -> list[Finding]:
    """Whatever a required rule asks of a line, a policy that has ended does not meet it: lines that
    the rule set forgot to ask about, where they are not in force for certain."""
    found = {finding.rule_id: finding for finding in findings}
    applied = [rule for rule in case.rule_set.rules if rule.id in found]
    asked = {rule.subject.line for rule in applied if rule.test == IN_FORCE}
    wanted = {rule.subject.line: rule for rule in applied if rule.severity is Severity.REQUIRED}
    forgotten = [line for line in case.lines if line in wanted and line not in asked]
    added = [
        _finding(case, rule, waivers.get(rule.id))
        for rule in map(policy_in_force, forgotten)
        if case.lines[rule.subject.path].doubt is None
    ]
    return [each for each in added if each is not None and each.outcome is not Outcome.MET]


IN_FORCE = "in_force_on"


def policy_in_force(line: str) -> Rule:
    """The rule that stands for one that a rule set forgot."""
    return Rule(f"{line.replace('_', '-')}-policy-in-force", SUBJECTS[line], IN_FORCE, ("today",))


def _rules(rule_set: RuleSet) -> tuple[Rule, ...]:
    if any(map(is_identity, rule_set.rules)):
        return rule_set.rules
    return (IDENTITY, *rule_set.rules)


def is_identity(rule: Rule) -> bool:
    """Whether a rule asks whose certificate it is: nobody can waive that."""
    return rule.subject.path == INSURED and rule.test == IDENTITY.test


def _limits_wanted(case: Case, waivers: dict[str, Waiver]) -> Iterable[tuple[str, int]]:
    """The limits that required rules ask for here, which an umbrella may top up."""
    if not case.rule_set.umbrella_tops_up:
        return
    for rule in case.rule_set.rules:
        is_required = rule.severity is Severity.REQUIRED and rule.id not in waivers
        if rule.test == "at_least" and is_required and rule.when.holds(case.context).holds:
            argument, missing = _argument(rule, case.context)
            if not missing:
                yield rule.subject.path, argument


def _argument(rule: Rule, context: Context) -> tuple[Any, tuple[str, ...]]:
    """The rule's argument in this context, and what is missing to know it."""
    for tier in rule.tiers:
        reply = tier.when.holds(context)
        if reply.holds:
            return tier.argument, ()
        if reply.holds is None:
            return None, reply.missing
    return rule.argument, ()


def _finding(case: Case, rule: Rule, waiver: Waiver | None) -> Finding | None:
    """The rule's finding; None where it does not apply."""
    applies = rule.when.holds(case.context)
    if applies.holds is False:
        return None
    argument, missing = _argument(rule, case.context)
    if missing := (*applies.missing, *missing):
        return _as_finding(case, rule, _context_missing(missing), waiver)
    answer = _absent(case, rule, argument)
    if answer is None:
        answer = RULE_TESTS[rule.test].run(case, rule.subject, argument)
    return _as_finding(case, rule, answer, waiver) if answer is not None else None


def _context_missing(missing: tuple[str, ...]) -> Answer:
    return unclear(Code.CONTEXT_MISSING, "what the rule depends on", listed(dict.fromkeys(missing)))


def _absent(case: Case, rule: Rule, argument: Any) -> Answer | None:
    """The answer for a line that is on no certificate, or in doubt as a whole; else None."""
    line = rule.subject.line
    at = case.lines.get(line) if line else None
    if line is None or (at is not None and at.doubt is None):
        return None
    label = lower(LINE_LABELS[line])
    required = f"{'an' if label[0] in 'aeiou' else 'a'} {label} policy"
    if at is not None:
        return unclear(Code.UNREADABLE, required, f"unclear: {at.doubt}")
    exempt = _absent_workers_compensation(case, required) if line == WORKERS else None
    return exempt or not_met(
        Code.LINE_MISSING, _wanted(case, rule, argument, required), f"no {label} policy"
    )


def _wanted(case: Case, rule: Rule, argument: Any, otherwise: str) -> str:
    """What the rule would require of the line that is missing: whoever sends one must know."""
    line = rule.subject.line or ""
    row = OTHER_LINES[0] if line in KINDS_OF_OTHER_LINES else line
    shown = replace(case, lines={**case.lines, line: LineAt(meets_nothing(line), row)})
    answer = RULE_TESTS[rule.test].run(shown, rule.subject, argument)
    return answer.required if answer is not None else otherwise


def _absent_workers_compensation(case: Case, required: str) -> Answer | None:
    """An exemption may stand for the policy; in four states no private policy exists."""
    valid = [exemption for exemption in case.packet.exemptions if _counts(exemption, case)]
    if valid and case.rule_set.exemptions is Exemptions.ACCEPTED:
        return _exempt(min(valid, key=lambda exemption: exemption.doubt is not None), required)
    if fund := sorted(_states(case) & STATE_FUND_ONLY):
        found = f"{fund[0]} has a state fund only; ask for its certificate"
        return unclear(Code.STATE_FUND, required, found)
    if valid:
        return not_met(Code.EXEMPTION_NOT_ACCEPTED, required, "an exemption")
    return None


def _exempt(exemption: Exemption, required: str) -> Answer:
    if exemption.doubt is not None:
        found = f"an exemption of {exemption.state}. {exemption.doubt}"
        return unclear(Code.UNREADABLE, required, found)
    number = f" {exemption.number}" if exemption.number else ""
    return met(required, f"exemption{number} of {exemption.state}", code=Code.EXEMPT)


def _counts(exemption: Exemption, case: Case) -> bool:
    """In force on this day, and of the state of the work where that was given; or perhaps so."""
    in_force = exemption.expires is None or case.on < exemption.expires
    work, granted = state_code(case.context.state or ""), state_code(exemption.state)
    return in_force and (granted is None or work in (None, granted))


def _states(case: Case) -> set[str]:
    """The state of the work and those of the insured's addresses."""
    addresses = (c.insured.address.value for c in case.speaking)
    found = {state_of_address(address) for address in addresses if address}
    return {code for code in {*found, state_code(case.context.state or "")} if code}


def _as_finding(case: Case, rule: Rule, answer: Answer, waiver: Waiver | None) -> Finding:
    evidence = answer.entry.evidence if answer.entry else None
    path, line = _place(case, rule)
    return Finding(
        rule_id=rule.id,
        requirement=rule.subject.label,
        outcome=answer.outcome,
        severity=rule.severity,
        code=answer.code.value,
        required=answer.required,
        found=answer.found,
        path=path,
        line=line,
        page=evidence.page if evidence else None,
        quote=evidence.text if evidence else None,
        waived_by=None if is_identity(rule) else _waived(answer, waiver),
    )


def _place(case: Case, rule: Rule) -> tuple[str | None, str | None]:
    """Path and line in the model. A rule on a whole line stands at the first box it looks at,
    "professional.each_claim" in the free row that holds it; an absent kind has no place."""
    subject = rule.subject
    path = RULE_TESTS[rule.test].boxes(subject)[0] if subject.kind is None else subject.model_path
    if subject.line not in KINDS_OF_OTHER_LINES:
        return path, subject.line
    at = case.lines.get(subject.line)
    if at is None:
        return None, subject.line
    return path.replace(OTHER_LINES[0], at.row, 1), at.row


def _waived(answer: Answer, waiver: Waiver | None) -> str | None:
    """The sentence of a waiver, where there is something to waive."""
    if waiver is None or answer.outcome is Outcome.MET:
        return None
    until = f" until {american(waiver.expires)}" if waiver.expires else ""
    return f"Waived by {waiver.person}{until}: {waiver.reason}"


def _unread(case: Case) -> Iterable[str]:
    """Why a document as a whole cannot be judged: sentences, none when all could be read."""
    known = {certificate.certificate_id for certificate in case.certificates}
    for certificate in case.certificates:
        name = certificate.document_name or "The document"
        if certificate.form.is_unclear or not _says_anything(certificate):
            yield f"{name} could not be read as a certificate."
        others = {other.strip() for other in (certificate.other_certificate_ids or "").split(",")}
        if (certificate.certificates_in_document or 1) > 1 and not others <= known:
            count = certificate.certificates_in_document
            yield f"{name} holds {count} certificates, of which not all were checked."


def _says_anything(certificate: Certificate) -> bool:
    """Whether any party or line was read with certainty: an endorsement page says its form."""
    heads = (
        certificate.insured.name,
        certificate.certificate_holder.name,
        certificate.producer.name,
        certificate.endorsement_forms,
        *(getattr(certificate, f"insurer_{letter.lower()}").name for letter in INSURER_LETTERS),
    )
    return any(entry.is_read for entry in heads) or reads_a_line(certificate)


def _verdict(case: Case, findings: list[Finding], unread: list[str]) -> Verdict:
    identity = {rule.id for rule in _rules(case.rule_set) if is_identity(rule)}
    status, reasons = _status(findings, identity, unread)
    return Verdict(
        status=status,
        findings=tuple(findings),
        rule_set=case.rule_set.name,
        rule_set_version=case.rule_set.version,
        rule_set_digest=case.rule_set.digest,
        on=case.on,
        next_expiration_date=_next_expiration(case, findings),
        review_reasons=tuple(reasons) if status is Status.NEEDS_REVIEW else (),
    )


def _status(
    findings: list[Finding], identity: set[str], unread: list[str]
) -> tuple[Status, list[str]]:
    """Identity first, then certain failures, then doubts; and somebody must have asked something."""
    strangers = [f for f in findings if f.rule_id in identity and f.outcome is not Outcome.MET]
    if unread or strangers:
        return Status.NEEDS_REVIEW, [*unread, *map(sentence, strangers)]
    asked = [f for f in findings if f.severity is Severity.REQUIRED and f.rule_id not in identity]
    counting = [f for f in asked if f.waived_by is None]
    if any(f.outcome is Outcome.NOT_MET for f in counting):
        return Status.NON_COMPLIANT, []
    if doubts := [f for f in counting if f.outcome is Outcome.UNCLEAR]:
        return Status.NEEDS_REVIEW, [*map(sentence, doubts)]
    if not asked:
        return Status.NEEDS_REVIEW, ["No required rule of the rule set applied to this check."]
    return Status.COMPLIANT, []


def sentence(finding: Finding) -> str:
    """One finding as a line of a table: requirement, required, found, page."""
    where = f" (page {finding.page})" if finding.page else ""
    found = finding.found.rstrip(".")
    if finding.code == Code.CONTEXT_MISSING:
        return f"{finding.requirement}: cannot be decided, because {found}."
    return f"{finding.requirement}: required {finding.required}; found {found}{where}."


def _next_expiration(case: Case, findings: list[Finding]) -> date | None:
    """The earliest end over the lines that required rules looked at; None when one is in doubt."""
    rows = {f.line for f in findings if f.severity is Severity.REQUIRED}
    if case.umbrella.spent:
        rows.add(UMBRELLA)
    ends = [at.entry("expiration_date") for at in case.lines.values() if at.row in rows]
    if any(entry.is_unclear for entry in ends):
        return None
    return min((entry.value for entry in ends if entry.value is not None), default=None)
