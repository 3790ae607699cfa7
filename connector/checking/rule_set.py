"""Reading rule sets from YAML: every word is checked before any certificate is.

A bad file is refused with its line and the nearest known word (BrokenRuleSet); the service does
not start with one, because a rule that is skipped approves a bad certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.checking.rule import Exemptions, Names, Rule, RuleSet
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_reading import SHORT_NAME, read_rule
from connector.checking.rule_tests.names import US
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.umbrella import TOPPED_UP_LINES
from connector.errors import BrokenRuleSet, UnknownRuleSet

SET_WORDS = {
    "rule_set": "The name of the rule set: that of its file, without `.yaml`.",
    "version": "A whole number, raised with every change: each verdict records it.",
    "title": "A short name for people.",
    "description": "What it is for, in a sentence or two.",
    "extends": "Rule sets whose rules this one takes over; a rule with the same id replaces theirs.",
    "remove": "Ids of inherited rules that do not apply here.",
    "umbrella_tops_up": "Lines whose limits the umbrella may top up; nothing unless written.",
    "workers_compensation_exemption": "`accepted` where a state's exemption stands for a policy; `refused` unless written.",
    "roles": "Roles whose names come with each check, such as owner.",
    "names": "Names by role that are the same for every check.",
    "projects": "Names by role for each project, by the project's name or number.",
    "rules": "The requirements.",
}
__all__ = [
    "RuleSet",
    "load_rule_set",
    "load_rule_sets",
    "named",
    "parse_rule_set",
    "parse_rule_text",
]


Find = Callable[[str], RuleFile | None]
"""Where a parent's file comes from, by the name after `extends`."""


def load_rule_set(path: Path, folders: Sequence[Path] = ()) -> RuleSet:
    """The rule set in a file; parents are looked for beside it, then in `folders`."""
    places = (path.parent, *folders)
    return parse_rule_set(_file(path), _finder(places), _names(places))


def load_rule_sets(folder: Path) -> dict[str, RuleSet]:
    """Every rule set of a folder by name; `*.examples.yaml` are no rule sets."""
    paths = [folder / f"{name}.yaml" for name in _names((folder,))]
    return {rule_set.name: rule_set for rule_set in map(load_rule_set, paths)}


def named(rule_sets: dict[str, RuleSet], name: str) -> RuleSet:
    """One of the loaded rule sets, by its name or by its title. UnknownRuleSet lists the known ones."""
    found = rule_sets.get(name) or _titled(rule_sets, name)
    if found is None:
        known = ", ".join(sorted(rule_sets))
        raise UnknownRuleSet(f"There is no rule set “{name}”. Known: {known}.", field="rule_set")
    return found


def _titled(rule_sets: dict[str, RuleSet], title: str) -> RuleSet | None:
    """The only rule set of this title; what two are called names none."""
    wanted = title.strip().casefold()
    found = [each for each in rule_sets.values() if each.title.casefold() == wanted]
    return found[0] if len(found) == 1 else None


def parse_rule_set(file: RuleFile, find: Find, known: Sequence[str] = ()) -> RuleSet:
    """The rule set in a text; `find` gives the texts of the rule sets it extends, whose names are
    `known`."""
    return _Reading(file, find, (), known).rule_set()


def parse_rule_text(name: str, text: str, folder: Path) -> RuleSet:
    """An edited copy of the rule set `name`; what it extends is looked for in `folder`."""
    file = RuleFile(f"{name}.yaml", text.replace("\r\n", "\n"))
    return parse_rule_set(file, _finder((folder,)), _names((folder,)))


def _file(path: Path) -> RuleFile:
    try:
        return RuleFile(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRuleSet(f"The rule file {path.name} cannot be read: {error}.") from error


def _finder(folders: Iterable[Path]) -> Find:
    places = tuple(folders)

    def find(name: str) -> RuleFile | None:
        paths = (folder / f"{name}.yaml" for folder in places)
        return next((_file(path) for path in paths if path.is_file()), None)

    return find


def _names(folders: Iterable[Path]) -> list[str]:
    """The rule sets of these folders, by name; `*.examples.yaml` are no rule sets."""
    paths = (path for folder in folders for path in folder.glob("*.yaml"))
    return sorted({path.stem for path in paths if not path.stem.endswith(".examples")})


@dataclass
class _Reading:
    """One file being read; `above` are the names of the rule sets that extend it, outermost first."""

    file: RuleFile
    find: Find
    above: tuple[str, ...]
    known: Sequence[str] = ()

    def rule_set(self) -> RuleSet:
        parts = self.file.mapping(self.file.parse(), "A rule set", SET_WORDS)
        for word in ("rule_set", "version"):
            if word not in parts:
                self.file.refuse(1, f"`{word}:` is missing.")
        name = self._name(parts["rule_set"])
        parents = self._parents(parts.get("extends"), name)
        found = RuleSet(
            name=name,
            version=self.file.whole(parts["version"], "The version", lowest=1),
            title=self._text(parts, "title") or name.replace("-", " ").capitalize(),
            description=self._text(parts, "description"),
            rules=self._rules(parts, parents),
            text=self._joined(parents),
            digest=hashlib.sha256(self._joined(parents).encode()).hexdigest(),
            parents=tuple(parent.label for parent in parents),
            umbrella_tops_up=self._lines(parts.get("umbrella_tops_up"), parents),
            exemptions=self._exemptions(parts.get("workers_compensation_exemption"), parents),
            roles=self._roles(parts.get("roles"), parents),
            names=self._names(parts.get("names"), parents),
            projects=self._projects(parts.get("projects"), parents),
        )
        self._check_roles(found, parts)
        return found

    def _name(self, at: Located) -> str:
        name = self.file.text_of(at, "The name")
        if not SHORT_NAME.match(name):
            self.file.refuse(at.line, f"“{name}” must be small letters, digits and hyphens.")
        stem = self.file.name.removesuffix(".yaml")
        if self.file.name.endswith(".yaml") and stem != name:
            self.file.refuse(at.line, f"The name “{name}” must be that of the file, “{stem}”.")
        return name

    def _text(self, parts: dict[str, Located], word: str) -> str:
        return self.file.text_of(parts[word], f"`{word}`") if word in parts else ""

    def _parents(self, at: Located | None, name: str) -> tuple[RuleSet, ...]:
        if at is None:
            return ()
        return self.file.many(at, lambda item: self._parent(item, name))

    def _parent(self, at: Located, name: str) -> RuleSet:
        wanted = self.file.text_of(at, "A rule set to extend")
        chain = (*self.above, name)
        if wanted in chain:
            circle = " → ".join([*chain[chain.index(wanted) :], wanted])
            self.file.refuse(at.line, f"The rule sets extend each other in a circle: {circle}.")
        file = self.find(wanted) if SHORT_NAME.match(wanted) else None
        if file is None:
            sentence = f"There is no rule set “{wanted}” to extend."
            self.file.refuse(at.line, sentence, wanted, self.known)
        return _Reading(file, self.find, chain, self.known).rule_set()

    def _joined(self, parents: tuple[RuleSet, ...]) -> str:
        return "\n---\n".join([self.file.text, *(parent.text for parent in parents)])

    def _rules(self, parts: dict[str, Located], parents: tuple[RuleSet, ...]) -> tuple[Rule, ...]:
        rules = {rule.id: rule for parent in parents for rule in parent.rules}
        for item in self._list(parts.get("remove")):
            unwanted = self.file.text_of(item, "The id of a rule")
            if unwanted not in rules:
                self.file.refuse(
                    item.line, f"No inherited rule is called “{unwanted}”.", unwanted, rules
                )
            del rules[unwanted]
        own: set[str] = set()
        for item in self._list(parts.get("rules")):
            rule = read_rule(self.file, item)
            if rule.id in own:
                self.file.refuse(item.line, f"Two rules are called “{rule.id}”.")
            own.add(rule.id)
            rules[rule.id] = rule
        if not rules:
            self.file.refuse(1, "The rule set has no rules.")
        return tuple(rules.values())

    def _list(self, at: Located | None) -> list[Located]:
        if at is None:
            return []
        if not isinstance(at.value, list):
            self.file.refuse(at.line, "A list is expected here, one item per line after “- ”.")
        return at.value

    def _lines(self, at: Located | None, parents: tuple[RuleSet, ...]) -> tuple[str, ...]:
        """Written here: this; otherwise what the last parent says."""
        if at is None:
            return parents[-1].umbrella_tops_up if parents else ()
        return tuple(self.file.one_of(item, "The line", TOPPED_UP_LINES) for item in self._list(at))

    def _exemptions(self, at: Located | None, parents: tuple[RuleSet, ...]) -> Exemptions:
        if at is None:
            return parents[-1].exemptions if parents else Exemptions.REFUSED
        words = [word.value for word in Exemptions]
        return Exemptions(self.file.one_of(at, "The exemption is", words))

    def _roles(self, at: Located | None, parents: tuple[RuleSet, ...]) -> tuple[str, ...]:
        inherited = [role for parent in parents for role in parent.roles]
        own = self.file.texts(at, "A role") if at else ()
        return tuple(dict.fromkeys([*inherited, *own]))

    def _names(self, at: Located | None, parents: tuple[RuleSet, ...]) -> Names:
        found = {role: names for parent in parents for role, names in parent.names.items()}
        return found | (self._names_by_role(at) if at else {})

    def _names_by_role(self, at: Located) -> dict[str, tuple[str, ...]]:
        parts = self.file.free_mapping(at, "Names by role")
        return {role: self.file.texts(item, f"The {role}") for role, item in parts.items()}

    def _projects(self, at: Located | None, parents: tuple[RuleSet, ...]) -> dict[str, Names]:
        found = {key: names for parent in parents for key, names in parent.projects.items()}
        if at is None:
            return found
        parts = self.file.free_mapping(at, "The projects")
        return found | {key: self._names_by_role(item) for key, item in parts.items()}

    def _check_roles(self, found: RuleSet, parts: dict[str, Located]) -> None:
        """Every role that a rule needs has a name: fixed, asked for, or on every project."""
        for rule in found.rules:
            for argument in (rule.argument, *(tier.argument for tier in rule.tiers)):
                for role in RULE_TESTS[rule.test].roles(argument):
                    self._check_role(found, parts, rule, role)

    def _check_role(self, found: RuleSet, parts: dict[str, Located], rule: Rule, role: str) -> None:
        if role in found.roles or role in found.names:
            return
        inherited = rule.file != self.file.name
        line = parts["extends"].line if inherited and "extends" in parts else rule.line
        lacking = [key for key, names in found.projects.items() if role not in names]
        if found.projects and lacking:
            at = parts["projects"].value.get(lacking[0]) if "projects" in parts else None
            self.file.refuse(
                at.line if at else line,
                f"Project “{lacking[0]}” names no {role}, which rule “{rule.id}” needs.",
                role,
                found.projects[lacking[0]],
            )
        if not found.projects:
            known = (US, *found.roles, *found.names)
            self.file.refuse(
                line,
                f"Rule “{rule.id}” needs a name for “{role}”; add it to `roles` or `names`.",
                role,
                known,
            )
