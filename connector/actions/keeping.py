"""How long an account keeps documents and jobs: its own settings, over the service's."""

from __future__ import annotations

from collections.abc import Mapping

from connector.certificate import values
from connector.errors import InvalidInput
from connector.storage.accounts import Account

LABELS = {"keep_documents_days": "Days to keep documents", "keep_jobs_days": "Days to keep jobs"}
SHORTEST = {"keep_documents_days": 30, "keep_jobs_days": 7}
"""A document that goes sooner is not there when its certificate is reviewed or pushed; jobs
answer for repeated calls."""

LONGEST = 36_500


def keep(account: Account, said: Mapping[str, str]) -> None:
    """Set what is said; an empty text is the service's own again (documents: for ever, jobs: 90).

    InvalidInput for what is no number of days, or too few.
    """
    settings = dict(account.settings)
    for name, text in said.items():
        settings.pop(name, None)
        if text.strip():
            settings[name] = _days(name, text)
    account.settings = settings


def _days(name: str, text: str) -> int:
    days, least = values.whole_number(text.strip()).value, SHORTEST[name]
    if days is None or not least <= days <= LONGEST:
        raise InvalidInput(
            f"{LABELS[name]}: write a number from {least} to {LONGEST}, or leave it empty.",
            field=name,
        )
    return days
