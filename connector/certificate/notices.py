"""What comes beside certificates and changes what they are worth: a carrier's notice of
cancellation, and a state's certificate that no workers' compensation policy is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CancellationNotice:
    """A page on which an insurer ends a policy.

    `policy_number` is the one behind the page's label; `text` the whole page, because a notice may
    name several. `ends` and `noticed` (when it was issued) are None where they could not be read.
    `doubt` is the sentence why a person should look at the page; `is_number_sure` says whether the
    page, if it names none of a vendor's policies, is certainly about another.
    """

    page: int
    text: str
    policy_number: str | None = None
    is_number_sure: bool = False
    insured: str | None = None
    noticed: date | None = None
    ends: date | None = None
    doubt: str | None = None

    def names(self, policy_number: str) -> bool:
        """Whether the page names this policy, spaces and hyphens apart."""
        return stands_in(policy_number, self.text)


@dataclass(frozen=True, slots=True)
class ExemptionNotice:
    """A page on which a state exempts a business. `state` is its two letters, `name` the business."""

    page: int
    state: str | None = None
    name: str | None = None
    number: str | None = None
    expires: date | None = None
    doubt: str | None = None


_SHORTEST_POLICY_NUMBER = 4
"""Letters and digits; fewer stand in any text by chance."""


def stands_in(policy_number: str, text: str) -> bool:
    """Whether a policy number stands in a text as a whole, spaces and hyphens apart."""
    letters = [ch for ch in policy_number.upper() if ch.isalnum()]
    if len(letters) < _SHORTEST_POLICY_NUMBER:
        return False
    spaced = r"[\s\-./]{0,3}".join(map(re.escape, letters))
    return bool(re.search(rf"(?<![A-Z0-9]){spaced}(?![A-Z0-9])", text.upper()))
