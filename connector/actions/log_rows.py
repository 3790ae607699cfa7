"""The rows of the tracking log: one per certificate, or one per coverage line."""

from __future__ import annotations

from connector.actions.action import Flat
from connector.certificate.field import Field, Kind
from connector.certificate.fields import FIELDS
from connector.checking.outcome import CHECK_FIELDS

TOO_LONG_FOR_A_CELL = {"notice_text", "notice_html"}

ROW_FIELDS: tuple[Field, ...] = FIELDS + tuple(
    field.prefixed("check", "Check")
    for field in CHECK_FIELDS
    if field.key not in TOO_LONG_FOR_A_CELL
)
"""The columns of the log: the certificate's keys bare, the check's as `check_…`."""

ROW_KEY = ("certificate_id",)

_OF_THE_CERTIFICATE = ("certificate_id", "insured_name", "producer_name", "producer_email")
_OF_THE_CHECK = ("check_status", "check_failures_text", "check_checked_at", "review_url")
_BY_KEY = {field.key: field for field in ROW_FIELDS}

_OF_THE_LINE: tuple[Field, ...] = (
    Field("coverage_line", "Coverage line", Kind.TEXT, "general_liability"),
    Field("description", "Description", Kind.TEXT, None),
    Field("insurer_name", "Insurer name", Kind.TEXT, "Granite Mutual Insurance Company"),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-4481902"),
    Field("effective_date", "Effective date", Kind.DATE, "2026-03-01"),
    Field("expiration_date", "Expiration date", Kind.DATE, "2027-03-01"),
    Field("limit", "Limit", Kind.USD, 1_000_000),
    Field("aggregate", "Aggregate", Kind.USD, 2_000_000),
    Field("additional_insured", "Additional insured", Kind.MARK, True),
    Field("subrogation_waived", "Subrogation waived", Kind.MARK, True),
)

LINE_ROW_FIELDS: tuple[Field, ...] = (
    *(_BY_KEY[key] for key in _OF_THE_CERTIFICATE),
    *_OF_THE_LINE,
    *(_BY_KEY[key] for key in _OF_THE_CHECK),
)
"""The columns of a log with one row per coverage line."""

LINE_ROW_KEY = ("certificate_id", "coverage_line")

_LIMITS = ("each_occurrence", "combined_single_limit", "each_accident", "each_claim")
_AGGREGATES = ("general_aggregate", "aggregate", "disease_policy_limit")


def log_row(certificate: Flat, check: Flat) -> Flat:
    """A row of the log: ROW_FIELDS in order. The cell of a doubtful value stays empty."""
    prefixed = {f"check_{key}": value for key, value in check.items()}
    doubtful = dict.fromkeys(str(certificate["unclear_fields"] or "").split(", "))
    said = certificate | prefixed | doubtful
    return {field.key: said.get(field.key) for field in ROW_FIELDS}


def line_rows(row: Flat) -> list[Flat]:
    """A log row as one row for each of its coverage lines: LINE_ROW_FIELDS in order."""
    names = [name for name in str(row["coverage_lines"] or "").split(", ") if name]
    return [_line_row(row, name) for name in names]


def _line_row(row: Flat, name: str) -> Flat:
    own: Flat = {field.key: row.get(f"{name}_{field.key}") for field in _OF_THE_LINE}
    own |= {
        "coverage_line": name,
        "limit": _first(row, name, _LIMITS),
        "aggregate": _first(row, name, _AGGREGATES),
    }
    said = {**row, **own}
    return {field.key: said.get(field.key) for field in LINE_ROW_FIELDS}


def _first(row: Flat, name: str, keys: tuple[str, ...]) -> str | int | float | bool | None:
    """The line's amount of this sort: each line has one of them at most."""
    return next((row[f"{name}_{key}"] for key in keys if f"{name}_{key}" in row), None)
