"""A reviewer's word over a reading: the reading, the person and the time are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from connector.certificate import values
from connector.certificate.entries import entry_at, with_entries
from connector.certificate.entry import BLANK, Entry, Evidence, Source, State
from connector.certificate.field import Field, Kind
from connector.certificate.fields import BY_KEY, BY_PATH, ENTRY_PATHS
from connector.certificate.model import Certificate
from connector.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Correction:
    """One change by a person: what stood there, what was typed, who and when."""

    path: str
    before: Entry[object]
    typed: str
    by: str
    at: datetime


def correct(
    certificate: Certificate, field: str, typed: str, by: str, at: datetime
) -> tuple[Certificate, Correction]:
    """The certificate with one field set by a person, and the record of it.

    `field` is a flat key or a model path; `typed` is text as the person wrote it; empty means
    that the box is blank. InvalidInput says what was expected when it cannot be understood.
    """
    path = _path(field)
    before = entry_at(certificate, path)
    after = _reviewed(path, typed, before)
    return with_entries(certificate, {path: after}), Correction(path, before, typed, by, at)


def _path(field: str) -> str:
    known = BY_KEY.get(field) or BY_PATH.get(field)
    if known is None or known.path not in ENTRY_PATHS:
        raise InvalidInput(f"There is no field “{field}” on a certificate.", field="field")
    return known.path


def _reviewed(path: str, typed: str, before: Entry[object]) -> Entry[object]:
    field = BY_PATH[path]
    parsed = values.parse(path, field.kind, typed)
    if _is_not_understood(field, parsed) or (
        field.choices and parsed.value not in (None, *field.choices)
    ):
        expected = " or ".join(field.choices) or field.kind.value
        raise InvalidInput(
            f"“{typed}” does not fit {field.label}: {expected} is expected.", field=field.key
        )
    seen = (before.evidence,) if before.evidence else ()
    evidence = Evidence(
        page=before.evidence.page if before.evidence else 1,
        box=before.evidence.box if before.evidence else None,
        text=typed,
        source=Source.REVIEWER,
    )
    if parsed.value is None and parsed.words is None:
        value = False if field.kind is Kind.TICK else None
        return replace(BLANK, value=value, evidence=evidence, others=seen + before.others)
    return Entry(parsed.value, State.READ, evidence, parsed.words, others=seen + before.others)


def _is_not_understood(field: Field, parsed: values.Parsed[object]) -> bool:
    """A text that only looks odd (a policy number without a digit) is what a person says it is."""
    return bool(parsed.doubt) and not (field.kind is Kind.TEXT and parsed.value is not None)
