"""The insurer that a line's letter points to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connector.certificate.entries import is_present, with_entries
from connector.certificate.entry import BLANK, Entry, State, unclear
from connector.certificate.model import LINES, Certificate, insurer, line

UNKNOWN_LETTER = "The insurer letter is not sure, so the insurer is not."
NOBODY = "The insurer letter {letter} points to an empty row of the insurer list."


def resolve(certificate: Certificate) -> Certificate:
    """The certificate with insurer_name and insurer_naic of each line present filled in."""
    changes: dict[str, Entry[Any]] = {}
    for name in LINES:
        if is_present(certificate, name):
            changes |= _resolved(certificate, name)
    return with_entries(certificate, changes)


def _resolved(certificate: Certificate, name: str) -> dict[str, Entry[Any]]:
    letter = line(certificate, name).insurer_letter
    if letter.is_blank:
        return {}
    if letter.is_unclear or letter.value is None:
        entry: Entry[Any] = unclear(None, letter.evidence, UNKNOWN_LETTER)
        return {f"{name}.insurer_name": entry, f"{name}.insurer_naic": entry}
    listed = insurer(certificate, letter.value)
    if listed.name.is_blank:
        why = NOBODY.format(letter=letter.value)
        return {
            f"{name}.insurer_letter": letter.doubted(why),
            f"{name}.insurer_name": unclear(None, letter.evidence, why),
            f"{name}.insurer_naic": replace(listed.naic, state=State.UNCLEAR, doubt=why)
            if not listed.naic.is_blank
            else BLANK,
        }
    return {f"{name}.insurer_name": listed.name, f"{name}.insurer_naic": listed.naic}
