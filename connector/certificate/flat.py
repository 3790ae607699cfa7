"""A certificate as one flat object: FIELDS in order, every key present."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from connector.certificate.entries import entries, is_present, line_entries, lines_present
from connector.certificate.entry import Entry
from connector.certificate.field import Kind, Scalar, nothing, scalar
from connector.certificate.fields import BY_PATH, FACTS, FIELDS, LINE_OF
from connector.certificate.model import Certificate, line


def flatten(certificate: Certificate, on: date, review_url: str | None = None) -> dict[str, Scalar]:
    """The flat certificate as it stands on the day `on` (the account's today).

    A doubtful key carries the best reading and is named in `unclear_fields`; the keys of a line
    that is not there are null. `review_url` is answered only when a review is needed.
    """
    flat = _NOTHING | {name: scalar(getattr(certificate, name)) for name in FACTS}
    present, found = lines_present(certificate), entries(certificate)
    for path, entry in found.items():
        name = LINE_OF.get(path)
        if name is None or name in present:
            _put(flat, path, entry, on_line=name is not None)
    return flat | _summary(certificate, found, on, review_url)


_NOTHING = nothing(FIELDS)
_KEYS = {path: field.key for path, field in BY_PATH.items()}
_TICKS = frozenset(path for path, field in BY_PATH.items() if field.kind is Kind.TICK)
_AMOUNTS = frozenset(path for path, field in BY_PATH.items() if field.kind is Kind.USD)


def _put(flat: dict[str, Scalar], path: str, entry: Entry[Any], *, on_line: bool) -> None:
    key, value = _KEYS[path], scalar(entry.value)
    if path in _TICKS and on_line and entry.is_blank:
        value = False
    flat[key] = value
    if path in _AMOUNTS:
        flat[f"{key}_text"] = entry.words


def unclear_entries(certificate: Certificate) -> dict[str, Entry[Any]]:
    """The doubtful entries by path, in the form's order; those of absent lines do not count."""
    return _doubtful(certificate, entries(certificate))


def _doubtful(certificate: Certificate, found: Mapping[str, Entry[Any]]) -> dict[str, Entry[Any]]:
    return {
        path: entry
        for path, entry in found.items()
        if entry.is_unclear and (path not in LINE_OF or is_present(certificate, LINE_OF[path]))
    }


def earliest_expiration(certificate: Certificate) -> date | None:
    """The earliest expiration date that is certain; one in doubt may still be earlier."""
    read = [entry for entry in _expirations(certificate) if not entry.is_unclear]
    return min((entry.value for entry in read if entry.value is not None), default=None)


def _expirations(certificate: Certificate) -> list[Entry[date]]:
    return [line(certificate, name).expiration_date for name in lines_present(certificate)]


def needs_review(certificate: Certificate) -> bool:
    """Whether a person must look: a critical value in doubt, or more certificates than this one."""
    return _needs_review(certificate, unclear_entries(certificate))


def _needs_review(certificate: Certificate, doubtful: Iterable[str]) -> bool:
    is_critical = any(BY_PATH[path].critical for path in doubtful)
    return is_critical or (certificate.certificates_in_document or 1) > 1


def _summary(
    certificate: Certificate, found: Mapping[str, Entry[Any]], on: date, review_url: str | None
) -> dict[str, Scalar]:
    doubtful = _doubtful(certificate, found)
    earliest = earliest_expiration(certificate)
    review = _needs_review(certificate, doubtful)
    return {
        "earliest_expiration_date": scalar(earliest),
        "days_until_expiration": (earliest - on).days if earliest else None,
        "coverage_lines": ", ".join(_lines_seen(certificate)) or None,
        "confidence": _confidence(found),
        "needs_review": review,
        "unclear_fields": ", ".join(_unclear_keys(certificate, doubtful)) or None,
        "review_reasons": _reasons(certificate, doubtful),
        "review_url": review_url if review else None,
    }


def _lines_seen(certificate: Certificate) -> list[str]:
    """The lines of which something was seen; boxes that nobody could read name none."""
    return [
        name
        for name in lines_present(certificate)
        if any(
            entry.value is not None or entry.words is not None
            for entry in line_entries(certificate, name)
        )
    ]


def _unclear_keys(certificate: Certificate, doubtful: Iterable[str]) -> list[str]:
    """The doubtful values, and what follows from them: an earlier date, or a line, may hide there."""
    keys = [BY_PATH[path].key for path in doubtful]
    if any(entry.is_unclear for entry in _expirations(certificate)):
        keys += ["earliest_expiration_date", "days_until_expiration"]
    if len(_lines_seen(certificate)) < len(lines_present(certificate)):
        keys.append("coverage_lines")
    return keys


def _reasons(certificate: Certificate, doubtful: dict[str, Entry[Any]]) -> str | None:
    reasons = [
        f"{BY_PATH[path].key}: {entry.doubt or 'It could not be read with certainty.'}"
        for path, entry in doubtful.items()
    ]
    count = certificate.certificates_in_document or 1
    if count > 1:
        reasons.append(
            f"certificates_in_document: The document holds {count} certificates; this is the first."
        )
    return "; ".join(reasons) or None


def _confidence(found: Mapping[str, Entry[Any]]) -> float | None:
    sure = [
        entry.evidence.confidence
        for path, entry in found.items()
        if entry.is_read and entry.evidence and BY_PATH[path].critical
    ]
    return round(min(sure), 3) if sure else None
