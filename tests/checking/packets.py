"""Certificates for these tests: the good one of the standard examples, with changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from connector.certificate.entries import entries, with_entries
from connector.certificate.fields import BY_KEY
from connector.certificate.model import Certificate
from connector.checking.evaluate import evaluate
from connector.checking.example_file import Example, certificate_of, load_examples
from connector.checking.packet import Packet
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_set import RuleSet, load_rule_set, parse_rule_set
from connector.checking.verdict import Context, Finding, Verdict

RULES = Path(__file__).parents[2] / "rules"
DAY = date(2026, 6, 15)
US = Context(vendor_name="Northfield Roofing LLC", legal_names=("Summit Builders Inc",), state="IL")
WORKERS_COMPENSATION = (
    "policy_number", "effective_date", "expiration_date", "per_statute", "subrogation_waived",
    "each_accident", "disease_each_employee", "disease_policy_limit", "proprietor_excluded",
)  # fmt: skip


@cache
def shipped(name: str) -> RuleSet:
    return load_rule_set(RULES / f"{name}.yaml")


def rules(text: str, **parents: str) -> RuleSet:
    """A rule set from the lines after `version:`; parents by name."""
    head = "rule_set: mine\nversion: 1\n"
    files = {name: RuleFile(f"{name}.yaml", parent) for name, parent in parents.items()}
    return parse_rule_set(RuleFile("mine.yaml", head + text), files.get)


@cache
def all_examples() -> tuple[tuple[str, Example], ...]:
    """Every example beside a shipped rule set, with the rule set's name."""
    return tuple(
        (path.name.split(".")[0], example)
        for path in sorted(RULES.glob("*.examples.yaml"))
        for example in load_examples(path)
    )


def good(**changes: Any) -> Certificate:
    """The certificate that meets the standard set; flat keys change it, "" makes a box blank."""
    base = all_examples()
    first = next(e for name, e in base if name == "standard-subcontractor")
    located = {key: Located(value, 1) for key, value in changes.items()}
    changed = certificate_of(RuleFile("here", ""), located)
    paths = [BY_KEY[key].path for key in changes if "." in BY_KEY[key].path or key in _HEADS]
    found = entries(changed)
    facts = {key: getattr(changed, key) for key in changes if BY_KEY[key].path not in found}
    certificate = with_entries(
        first.packet.certificates[0], {path: found[path] for path in paths if path in found}
    )
    return replace(certificate, **facts)


_HEADS = set(entries(Certificate()))


def doubted(certificate: Certificate, *paths: str) -> Certificate:
    found = entries(certificate)
    return with_entries(certificate, {path: found[path].doubted("Smudged.") for path in paths})


def without_workers_compensation(**changes: Any) -> Certificate:
    blank = {f"workers_compensation_{box}": "" for box in WORKERS_COMPENSATION}
    return good(**blank, **changes)


def workers_compensation_only(**changes: Any) -> Certificate:
    """A certificate of another broker with that line alone."""
    flat: dict[str, Any] = {
        "form": "ACORD 25",
        "certificate_date": date(2026, 2, 20),
        "insured_name": "Northfield Roofing LLC",
        "certificate_holder_name": "Summit Builders Inc",
        "workers_compensation_policy_number": "PEO-118",
        "workers_compensation_subrogation_waived": True,
        "workers_compensation_effective_date": date(2026, 1, 1),
        "workers_compensation_expiration_date": date(2027, 1, 1),
        "workers_compensation_each_accident": 1_000_000,
        "workers_compensation_disease_each_employee": 1_000_000,
        "workers_compensation_disease_policy_limit": 1_000_000,
        **changes,
    }
    located = {key: Located(value, 1) for key, value in flat.items()}
    return certificate_of(RuleFile("here", ""), located)


def check(
    *certificates: Certificate,
    rule_set: RuleSet | None = None,
    context: Context = US,
    on: date = DAY,
    **more: Any,
) -> Verdict:
    packet = Packet(tuple(certificates), **more)
    return evaluate(packet, rule_set or shipped("standard-subcontractor"), context, on)


def finding(verdict: Verdict, rule_id: str) -> Finding:
    return next(f for f in verdict.findings if f.rule_id == rule_id)
