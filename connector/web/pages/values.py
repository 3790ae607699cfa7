"""The values of a certificate as pages list them: under the form's headings, in words."""

from __future__ import annotations

from dataclasses import dataclass

from connector.actions.review import as_typed
from connector.certificate.entries import entries, is_present
from connector.certificate.entry import Entry, Source, State
from connector.certificate.field import Field, Kind
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.certificate.model import Certificate


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the certificate in a list: its label without the section's, and how it stands."""

    key: str
    label: str
    text: str
    state: str
    by: str | None

    @property
    def is_empty(self) -> bool:
        return self.state == State.BLANK and self.by is None


@dataclass(frozen=True, slots=True)
class Section:
    """The values under one heading, for example “General liability”; `empty` ones say nothing."""

    title: str
    values: tuple[Value, ...]
    empty: tuple[Value, ...]


def sections(certificate: Certificate) -> tuple[Section, ...]:
    """Everything on the form under its headings; lines that are not there are left out."""
    found: dict[str, list[Value]] = {}
    for path, entry in entries(certificate).items():
        line = LINE_OF.get(path)
        if line is None or is_present(certificate, line):
            title, label = _heading(BY_PATH[path].label)
            found.setdefault(title, []).append(_value(path, label, entry))
    return tuple(_section(title, values) for title, values in found.items())


def _heading(label: str) -> tuple[str, str]:
    """The section and the box that a label names; the six insurers are one section."""
    title, _, box = label.rpartition(": ")
    if title.startswith("Insurer "):
        return "Insurers", f"{title.removeprefix('Insurer ')}: {box}"
    return title or "Certificate", f"{box[:1].upper()}{box[1:]}"


def _section(title: str, values: list[Value]) -> Section:
    return Section(
        title,
        tuple(value for value in values if not value.is_empty),
        tuple(value for value in values if value.is_empty),
    )


def _value(path: str, label: str, entry: Entry[object]) -> Value:
    field, seen = BY_PATH[path], entry.evidence
    by_person = seen is not None and seen.source is Source.REVIEWER
    return Value(
        field.key,
        label,
        in_words(field, entry),
        entry.state.value,
        "set by a person" if by_person else None,
    )


def in_words(field: Field, entry: Entry[object]) -> str:
    """A value as the page prints it; a blank box is “not stated”, an empty tick “no”."""
    if entry.is_unclear and entry.value is None and entry.evidence and entry.evidence.text:
        return f"“{entry.evidence.text}”"
    if entry.is_unclear and entry.value is None:
        return "not readable"
    if entry.value is None and not entry.words:
        return "no" if field.kind is Kind.TICK and entry.is_blank else "not stated"
    typed = as_typed(field, entry.value, entry.words)
    return f"${typed}" if field.kind is Kind.USD and entry.value is not None else typed
