"""Endorsement forms in running text: what the forms named there would grant."""

from __future__ import annotations

from connector.certificate.endorsement_forms import (
    EndorsementForm,
    known_forms,
    printed_forms,
)
from connector.certificate.endorsement_forms import Form as PrintedNumber

__all__ = ["EndorsementForm", "PrintedNumber", "forms_named", "known_forms", "printed_numbers"]

printed_numbers = printed_forms


def forms_named(text: str) -> set[str]:
    """The model paths that known forms named in a text grant: a claim, not evidence."""
    return {
        path
        for printed in printed_forms(text)
        if (form := known_forms().get(printed.number))
        for path in form.paths(printed.edition)
    }
