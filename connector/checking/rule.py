"""A rule set in memory: read once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from connector.checking.condition import ALWAYS, When
from connector.checking.subject import Subject
from connector.checking.verdict import Severity


class Exemptions(StrEnum):
    """Whether a state's workers' compensation exemption stands for a policy."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tier:
    """Another argument for the same test where `when` holds; the first that holds counts."""

    when: When
    argument: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement: a test on a subject. `argument` is what the test's own reader made of it.

    `file` and `line` say where it was written, which for an inherited rule is the parent's file;
    rules that differ there or in their note alone are the same.
    """

    id: str
    subject: Subject
    test: str
    argument: Any
    severity: Severity = Severity.REQUIRED
    when: When = ALWAYS
    tiers: tuple[Tier, ...] = ()
    note: str = field(default="", compare=False)
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


Names = Mapping[str, tuple[str, ...]]
"""Names by role: {"owner": ("Lakeside Health",)}."""


@dataclass(frozen=True)
class RuleSet:
    """A rule set with everything it inherits.

    `digest` is a SHA-256 over its own text and its parents'; `text` is those texts as one YAML
    stream, so that a verdict can be understood when the files have moved on. `roles` are filled
    by each check's context, `names` are fixed, `projects` are names per project name or number.
    """

    name: str
    version: int
    title: str
    description: str
    rules: tuple[Rule, ...]
    digest: str
    text: str
    parents: tuple[str, ...] = ()
    umbrella_tops_up: tuple[str, ...] = ()
    exemptions: Exemptions = Exemptions.REFUSED
    roles: tuple[str, ...] = ()
    names: Names = field(default_factory=dict)
    projects: Mapping[str, Names] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """ "standard-subcontractor@3", as the outcome of a check names it."""
        return f"{self.name}@{self.version}"

    @cached_property
    def lines(self) -> frozenset[str]:
        """The coverage lines that its rules look at, and the umbrella where it tops others up."""
        found = {rule.subject.line for rule in self.rules if rule.subject.line}
        return frozenset(found | {"umbrella_liability"} if self.umbrella_tops_up else found)

    def shared_with(self, other: RuleSet) -> frozenset[str]:
        """The ids of the rules that find the same under both sets, whatever the packet.

        No rule does where the sets differ in what a finding may depend on besides its rule: the
        lines looked at, exemptions, the overlays' names; nor any limit where an umbrella's dollars
        are shared out.
        """
        around, its = (
            (each.lines, each.exemptions, each.names, each.projects) for each in (self, other)
        )
        if around != its:
            return frozenset()
        topped_up = bool(self.umbrella_tops_up or other.umbrella_tops_up)
        theirs = {rule.id: rule for rule in other.rules}
        return frozenset(
            rule.id
            for rule in self.rules
            if rule == theirs.get(rule.id) and not (topped_up and rule.test == "at_least")
        )

    @property
    def looks_back(self) -> bool:
        """Whether a rule compares with the vendor's certificates of earlier terms."""
        return any(rule.test == "gap_at_most" for rule in self.rules)

    @property
    def asks_ratings(self) -> bool:
        """Whether a rule looks into the account's own table of insurers."""
        return any(rule.test in ("insurer_rated", "naic_matches") for rule in self.rules)

    @property
    def trades(self) -> tuple[str, ...]:
        """The trades that its conditions name, for a dropdown."""
        found = {
            trade
            for rule in self.rules
            for when in (rule.when, *(tier.when for tier in rule.tiers))
            for trade in when.trade
        }
        return tuple(sorted(found))
