"""Reading examples from YAML: certificates in short, and what the rules must say of them.

A certificate is written as flat keys and the text that a person would see on the form; boxes
that are not written are blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connector.certificate import values
from connector.certificate.entries import build
from connector.certificate.entry import BLANK, Entry, Evidence, Source
from connector.certificate.field import Kind
from connector.certificate.fields import BY_KEY, BY_PATH, ENTRY_PATHS
from connector.certificate.model import Certificate
from connector.checking.example_pages import Endorsement, lone_page
from connector.checking.packet import Cancellation, Exemption, Packet, Rating, Waiver
from connector.checking.rule_file import Located, RuleFile
from connector.checking.verdict import Context, Status
from connector.errors import BrokenRuleSet

_FILE_WORDS = ("rule_set", "like", "on", "context", "certificate", "examples")
_EXAMPLE_WORDS = (
    "name", "covers", "on", "certificate", "unclear", "others", "previous", "context", "waivers",
    "cancellations", "exemptions", "endorsements", "ratings", "expect", "findings",
)  # fmt: skip
_CONTEXT_WORDS = tuple(Context.__dataclass_fields__)
_KEYS = {BY_PATH[path].key: path for path in ENTRY_PATHS}


@dataclass(frozen=True, slots=True)
class Example:
    """`covers` are what it proves ("statement 4", "false reject 1"); `findings` by rule id, each an
    outcome and perhaps a code: "not_met limit_too_low"."""

    name: str
    packet: Packet
    context: Context
    on: date
    status: Status
    findings: Mapping[str, str]
    covers: tuple[str, ...]
    file: str
    line: int


def load_examples(path: Path) -> tuple[Example, ...]:
    """The examples of a file. BrokenRuleSet names the line that cannot be understood."""
    return parse_examples(read_file(path), path.parent)


def read_file(path: Path) -> RuleFile:
    """A file of examples as text. BrokenRuleSet says when it cannot be read."""
    try:
        return RuleFile(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRuleSet(f"The examples {path.name} cannot be read: {error}.") from error


def parse_examples(file: RuleFile, folder: Path) -> tuple[Example, ...]:
    """The examples of a text; `like:` names a file of `folder` whose certificate it takes over."""
    parts = file.mapping(file.parse(), "A file of examples", _FILE_WORDS)
    if "examples" not in parts:
        file.refuse(1, "`examples:` is missing.")
    layers = [*_layers(file, parts, folder), _Shared(file, parts)]
    for word in ("on", "certificate"):
        if not any(word in layer.parts for layer in layers):
            file.refuse(1, f"`{word}:` is missing.")
    items = file.many(parts["examples"], lambda item: item)
    return tuple(_example(file, layers, item) for item in items)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all examples of a file have in common, and the file that says it."""

    file: RuleFile
    parts: Mapping[str, Located]


def _layers(file: RuleFile, parts: Mapping[str, Located], folder: Path) -> list[_Shared]:
    if "like" not in parts:
        return []
    other = read_file(folder / file.text_of(parts["like"], "`like`"))
    shared = other.mapping(other.parse(), "A file of examples", _FILE_WORDS)
    if "like" in shared:
        file.refuse(parts["like"].line, "The file after `like` must not itself have `like`.")
    return [_Shared(other, shared)]


def _example(file: RuleFile, layers: list[_Shared], at: Located) -> Example:
    parts = file.mapping(at, "An example", _EXAMPLE_WORDS)
    for word in ("name", "expect"):
        if word not in parts:
            file.refuse(at.line, f"The example has no `{word}:`.")
    own = [*layers, _Shared(file, parts)]
    findings = file.free_mapping(parts["findings"], "The findings") if "findings" in parts else {}
    return Example(
        name=file.text_of(parts["name"], "The name"),
        packet=_packet(file, own, parts),
        context=_context(own),
        on=_on(own),
        status=Status(file.one_of(parts["expect"], "The status", tuple(Status))),
        findings={rule: file.text_of(item, "A finding") for rule, item in findings.items()},
        covers=file.texts(parts["covers"], "`covers`") if "covers" in parts else (),
        file=file.name,
        line=at.line,
    )


def _on(own: list[_Shared]) -> date:
    return next(
        _day(layer.file, layer.parts["on"]) for layer in reversed(own) if "on" in layer.parts
    )


def _packet(file: RuleFile, own: list[_Shared], parts: Mapping[str, Located]) -> Packet:
    flat: dict[str, Located] = {}
    for layer in own:
        if "certificate" in layer.parts:
            flat |= layer.file.mapping(layer.parts["certificate"], "A certificate", _flat_words())
    doubtful: tuple[str, ...] = ()
    if "unclear" in parts:
        doubtful = file.many(parts["unclear"], lambda item: file.one_of(item, "The key", _KEYS))
    certificates = (
        certificate_of(file, flat, doubtful),
        *_certificates(file, parts.get("others")),
    )
    previous = _certificates(file, parts.get("previous"))
    pages = _records(file, parts.get("endorsements"), Endorsement)
    return Packet(
        certificates=certificates,
        previous=previous,
        waivers=tuple(_records(file, parts.get("waivers"), Waiver)),
        cancellations=tuple(_records(file, parts.get("cancellations"), Cancellation)),
        exemptions=tuple(_records(file, parts.get("exemptions"), Exemption)),
        endorsements=tuple(lone_page(page, _on(own), (*certificates, *previous)) for page in pages),
        ratings={rating.naic: rating for rating in _records(file, parts.get("ratings"), Rating)},
    )


def _certificates(file: RuleFile, at: Located | None) -> tuple[Certificate, ...]:
    """Further certificates, written out whole: nothing is taken from the shared one."""
    if at is None:
        return ()
    return file.many(
        at, lambda item: certificate_of(file, file.mapping(item, "A certificate", _flat_words()))
    )


def _flat_words() -> tuple[str, ...]:
    return (
        *_KEYS,
        "received_at",
        "certificate_id",
        "certificates_in_document",
        "other_certificate_ids",
    )


def certificate_of(
    file: RuleFile, flat: Mapping[str, Located], doubtful: tuple[str, ...] = ()
) -> Certificate:
    """A certificate from flat keys and their texts; those in `doubtful` were not read for sure."""
    facts = {key: item.value for key, item in flat.items() if key not in _KEYS}
    if isinstance(facts.get("received_at"), str):
        facts["received_at"] = datetime.fromisoformat(facts["received_at"])
    entries = {_KEYS[key]: _entry(file, key, item) for key, item in flat.items() if key in _KEYS}
    for key in doubtful:
        entry = entries.get(_KEYS[key], BLANK)
        entries[_KEYS[key]] = entry.doubted("It could not be read with certainty.")
    return replace(build(entries), **facts)


def _entry(file: RuleFile, key: str, at: Located) -> Entry[Any]:
    field = BY_KEY[key]
    if at.value is None or at.value == "":
        return BLANK
    if field.kind is Kind.TICK and at.value is False:
        return Entry(False)
    evidence = Evidence(1, None, _printed(field.kind, at.value), Source.TEXT_LAYER)
    entry = values.entry(field.path, field.kind, evidence)
    if field.choices and entry.value not in field.choices:
        file.refuse(at.line, f"“{at.value}” is no {key}.", str(at.value), field.choices)
    return entry


def _printed(kind: Kind, value: Any) -> str:
    """What would stand on the form."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if kind is Kind.USD and isinstance(value, int):
        return f"${value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _records(file: RuleFile, at: Located | None, kind: type[Any]) -> list[Any]:
    if at is None:
        return []
    words = tuple(kind.__dataclass_fields__)
    items = at.value if isinstance(at.value, list) else [at]
    found = []
    for item in items:
        parts = file.mapping(item, f"A {kind.__name__.lower()}", words)
        for word, part in parts.items():
            _refuse_misfit(file, part, str(kind.__dataclass_fields__[word].type), word)
        try:
            found.append(kind(**{word: part.value for word, part in parts.items()}))
        except TypeError as error:
            file.refuse(item.line, f"Something is missing: {error}.")
    return found


def _refuse_misfit(file: RuleFile, at: Located, kind: str, word: str) -> None:
    """A value that is not of the kind of its word would end the check in a crash."""
    if "date" in kind and at.value is not None:
        _day(file, at)
    if kind.startswith("str") and isinstance(at.value, list | dict):
        file.refuse(at.line, f"`{word}` is one text.")


def _context(own: list[_Shared]) -> Context:
    found: dict[str, Any] = {}
    for layer in own:
        if "context" in layer.parts:
            at = layer.file.mapping(layer.parts["context"], "A context", _CONTEXT_WORDS)
            found |= {word: item.plain() for word, item in at.items()}
    if "legal_names" in found:
        found["legal_names"] = tuple(found["legal_names"] or ())
    if "names" in found:
        given = found["names"].items()
        found["names"] = {role: (n,) if isinstance(n, str) else tuple(n) for role, n in given}
    return Context(**found)


def _day(file: RuleFile, at: Located) -> date:
    if not isinstance(at.value, date):
        file.refuse(at.line, "A day is written as 2026-06-15.")
    return at.value
