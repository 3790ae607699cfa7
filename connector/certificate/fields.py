"""FIELDS: every flat key of a certificate, in order, derived from the model."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from connector.certificate.field import Field, Kind, lower_first, schema_of
from connector.certificate.model import LINES, Certificate, Spec


def _label(section_label: str, label: str) -> str:
    return f"{section_label}: {lower_first(label)}" if section_label else label


def _fields_of(owner: Any, prefix: str, section_label: str) -> Iterator[Field]:
    for declared in dataclasses.fields(owner):
        if "section" in declared.metadata:
            yield from _fields_of(
                declared.default_factory, f"{declared.name}.", declared.metadata["section"]
            )
            continue
        spec: Spec | None = declared.metadata.get("spec")
        if spec is None:
            continue
        label = _label(section_label, spec.label)
        path = prefix + declared.name
        yield Field(path, label, spec.kind, spec.sample, spec.help, spec.critical, spec.choices)
        if spec.kind is Kind.USD:
            yield Field(
                f"{path}_text",
                f"{label} (as words)",
                Kind.TEXT,
                None,
                "A limit that is printed but is no amount, for example INCLUDED.",
            )


MODEL_FIELDS: tuple[Field, ...] = tuple(_fields_of(Certificate, "", ""))

SUMMARY_FIELDS: tuple[Field, ...] = (
    Field(
        "earliest_expiration_date",
        "Earliest expiration date",
        Kind.DATE,
        "2027-03-01",
        "The earliest expiration over the coverage lines present.",
    ),
    Field(
        "days_until_expiration",
        "Days until expiration",
        Kind.INT,
        364,
        "Counted from today in the account's time zone; negative once expired.",
    ),
    Field(
        "coverage_lines",
        "Coverage lines",
        Kind.TEXT,
        "general_liability, auto_liability",
        "The lines present, joined by commas.",
    ),
    Field(
        "confidence",
        "Confidence",
        Kind.NUMBER,
        1.0,
        "The lowest confidence among the critical values that were read, 0 to 1.",
    ),
    Field(
        "needs_review",
        "Needs review",
        Kind.FLAG,
        False,
        "True when a person should confirm a value before anyone relies on it.",
    ),
    Field(
        "unclear_fields", "Unclear fields", Kind.TEXT, None, "The doubtful keys, joined by commas."
    ),
    Field(
        "review_reasons",
        "Review reasons",
        Kind.TEXT,
        None,
        "One sentence per doubtful value, joined by semicolons.",
    ),
    Field(
        "review_url",
        "Review link",
        Kind.URL,
        None,
        "The page where a person who is logged in confirms or corrects the values.",
    ),
)

FIELDS: tuple[Field, ...] = MODEL_FIELDS + SUMMARY_FIELDS

BY_PATH: dict[str, Field] = {field.path: field for field in MODEL_FIELDS}
BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}

ENTRY_PATHS: tuple[str, ...] = tuple(
    prefix + declared.name
    for prefix, owner in [
        ("", Certificate),
        *(
            (f"{part.name}.", part.default_factory)
            for part in dataclasses.fields(Certificate)
            if "section" in part.metadata
        ),
    ]
    for declared in dataclasses.fields(owner)  # type: ignore[arg-type]
    if (spec := declared.metadata.get("spec")) is not None and not spec.is_fact
)
"""The paths that hold an Entry (facts about the document do not)."""

FACTS: tuple[str, ...] = tuple(
    declared.name
    for declared in dataclasses.fields(Certificate)
    if (spec := declared.metadata.get("spec")) is not None and spec.is_fact
)
"""The names of what we know about the document rather than read from a box."""

LINE_OF: dict[str, str] = {
    path: path.split(".")[0] for path in ENTRY_PATHS if path.split(".")[0] in LINES
}

FlatCertificate = schema_of("FlatCertificate", FIELDS)
