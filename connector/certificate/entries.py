"""A certificate as a mapping of path to entry: how readers build one and how it is stored."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from connector.certificate.entry import BLANK, Entry, Evidence, Source, State
from connector.certificate.field import Kind, scalar
from connector.certificate.fields import BY_PATH, ENTRY_PATHS, FACTS, LINE_OF
from connector.certificate.model import LINES, MODEL_VERSION, Certificate, CoverageLine, line


def entry_at(certificate: Certificate, path: str) -> Entry[Any]:
    """The entry at a model path, for example "general_liability.each_occurrence"."""
    owner, _, name = path.rpartition(".")
    found: Any = getattr(getattr(certificate, owner) if owner else certificate, name)
    if not isinstance(found, Entry):
        raise KeyError(path)
    return found


def entries(certificate: Certificate) -> dict[str, Entry[Any]]:
    """Every entry by path, in the form's order."""
    owners: dict[str, Any] = {"": certificate}
    for name in _SECTIONS:
        owners[name] = getattr(certificate, name)
    return {path: getattr(owners[owner], name) for path, (owner, name) in _PLACES.items()}


def with_entries(certificate: Certificate, changes: Mapping[str, Entry[Any]]) -> Certificate:
    """The certificate with the entries at these paths replaced. KeyError for an unknown path."""
    if not changes:
        return certificate
    unknown = changes.keys() - _KNOWN
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    whole: dict[str, Any] = {}
    parts: dict[str, dict[str, Entry[Any]]] = defaultdict(dict)
    for path, entry in changes.items():
        owner, _, name = path.rpartition(".")
        if owner:
            parts[owner][name] = entry
        else:
            whole[name] = entry
    for owner, members in parts.items():
        whole[owner] = dataclasses.replace(getattr(certificate, owner), **members)
    return dataclasses.replace(certificate, **whole)


_KNOWN = frozenset(ENTRY_PATHS)


def build(found: Mapping[str, Entry[Any]]) -> Certificate:
    """A certificate from what a reader found; paths it does not name are blank."""
    return with_entries(Certificate(), found)


def is_present(certificate: Certificate, name: str) -> bool:
    """Whether a coverage line is there: a policy number, a date or a limit, even an unclear one.

    A letter or a tick alone is no coverage.
    """
    owner: CoverageLine = line(certificate, name)
    return any(not getattr(owner, member).is_blank for member in _PROOFS[name])


def is_surely_present(certificate: Certificate, name: str) -> bool:
    """Whether one of these was read with certainty: with all of them in doubt the line may be empty."""
    owner: CoverageLine = line(certificate, name)
    return any(getattr(owner, member).is_read for member in _PROOFS[name])


_MEMBERS = {
    name: tuple(path.removeprefix(f"{name}.") for path in ENTRY_PATHS if LINE_OF.get(path) == name)
    for name in LINES
}
"""The names of each line's entries."""
_PROOFS = {
    name: tuple(
        member
        for member in members
        if member == "policy_number" or BY_PATH[f"{name}.{member}"].kind in (Kind.DATE, Kind.USD)
    )
    for name, members in _MEMBERS.items()
}
"""The names of each line's entries that show that the line is there."""


def line_entries(certificate: Certificate, name: str) -> list[Entry[Any]]:
    """The entries of a coverage line, in the form's order."""
    owner: CoverageLine = line(certificate, name)
    return [getattr(owner, member) for member in _MEMBERS[name]]


def lines_present(certificate: Certificate) -> tuple[str, ...]:
    """The names of the lines that are there, in the form's order."""
    return tuple(name for name in LINES if is_present(certificate, name))


def to_json(certificate: Certificate) -> dict[str, Any]:
    """The certificate as stored: facts, and the entries that are not plainly blank, by path."""
    facts = {name: scalar(getattr(certificate, name)) for name in FACTS}
    found = {path: entry_json(e) for path, e in entries(certificate).items() if e != BLANK}
    return {"model_version": MODEL_VERSION, "facts": facts, "entries": found}


def from_json(stored: Mapping[str, Any], **known: Any) -> Certificate:
    """What `to_json` wrote; `known` are facts known better than when it was written.

    Thousands are read at once, so each part of the form is made only once.
    """
    facts = dict(stored["facts"])
    if facts.get("received_at"):
        facts["received_at"] = datetime.fromisoformat(facts["received_at"])
    parts: dict[str, dict[str, Entry[Any]]] = {}
    for path, entry in stored["entries"].items():
        owner, name = _PLACES[path]
        parts.setdefault(owner, {})[name] = entry_from_json(path, entry)
    whole: dict[str, Any] = parts.pop("", {})
    made = {owner: _SECTIONS[owner](**members) for owner, members in parts.items()}
    return Certificate(**{**_BLANK_SECTIONS, **facts, **whole, **made, **known})


_PLACES = {path: (path.rpartition(".")[0], path.rpartition(".")[2]) for path in ENTRY_PATHS}
_SECTIONS: dict[str, Any] = {
    declared.name: declared.default_factory
    for declared in dataclasses.fields(Certificate)
    if "section" in declared.metadata
}
_BLANK_SECTIONS = {name: make() for name, make in _SECTIONS.items()}
"""Shared by all certificates that say nothing there: nothing changes in place."""
_DATES = frozenset(path for path in ENTRY_PATHS if BY_PATH[path].kind is Kind.DATE)
_STATES = {state.value: state for state in State}
_SOURCES = {source.value: source for source in Source}


def entry_json(entry: Entry[Any]) -> dict[str, Any]:
    """One entry as stored: its value and state, and what else there is to say."""
    stored: dict[str, Any] = {"value": scalar(entry.value), "state": entry.state.value}
    if entry.evidence:
        stored["evidence"] = evidence_json(entry.evidence)
    if entry.words is not None:
        stored["words"] = entry.words
    if entry.doubt is not None:
        stored["doubt"] = entry.doubt
    if entry.others:
        stored["others"] = [evidence_json(other) for other in entry.others]
    return stored


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "page": evidence.page,
        "box": [round(side, 2) for side in evidence.box] if evidence.box else None,
        "text": evidence.text,
        "source": evidence.source.value,
        "confidence": evidence.confidence,
    }


def evidence_from(stored: Mapping[str, Any]) -> Evidence:
    box = tuple(stored["box"]) if stored["box"] else None
    source = _SOURCES[stored["source"]]
    return Evidence(stored["page"], box, stored["text"], source, stored["confidence"])


def entry_from_json(path: str, stored: Mapping[str, Any]) -> Entry[Any]:
    """What `entry_json` wrote of the entry at `path`."""
    value, get = stored["value"], stored.get
    if value is not None and path in _DATES:
        value = date.fromisoformat(value)
    evidence, others = get("evidence"), get("others")
    return Entry(
        value,
        _STATES[stored["state"]],
        evidence_from(evidence) if evidence else None,
        get("words"),
        get("doubt"),
        tuple(map(evidence_from, others)) if others else (),
    )
