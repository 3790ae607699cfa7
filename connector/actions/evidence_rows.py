"""Where each value of a certificate was seen, as flat rows."""

from __future__ import annotations

from connector.actions.action import Flat
from connector.certificate.entries import entries
from connector.certificate.entry import Evidence
from connector.certificate.field import scalar
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate


def evidence_rows(certificate: Certificate) -> list[Flat]:
    """One row per key that says something or is in doubt."""
    found: list[Flat] = []
    for path, entry in entries(certificate).items():
        if entry.is_blank and entry.evidence is None:
            continue
        field = BY_PATH[path]
        found.append(
            {
                "key": field.key,
                "label": field.label,
                "value": scalar(entry.value),
                "words": entry.words,
                "state": entry.state.value,
                "doubt": entry.doubt,
                **_seen(entry.evidence),
                "other_readings": "; ".join(other.text for other in entry.others) or None,
            }
        )
    return found


def _seen(seen: Evidence | None) -> Flat:
    """Page, box (points from the page's upper left corner), text, source, confidence."""
    left, top, right, bottom = seen.box if seen and seen.box else (None,) * 4
    return {
        "page": seen.page if seen else None,
        "left": left,
        "top": top,
        "right": right,
        "bottom": bottom,
        "text": seen.text if seen else None,
        "source": seen.source.value if seen else None,
        "confidence": seen.confidence if seen else None,
    }
