"""What is checked together: a vendor's current certificates, and what else is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from connector.certificate.endorsement_page import EndorsementPage
from connector.certificate.model import Certificate


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's word that a vendor need not meet a rule, until it runs out on `expires`."""

    rule_id: str
    reason: str
    person: str
    expires: date | None = None

    def counts_on(self, day: date) -> bool:
        """A waiver counts before its expiry day, as a policy does."""
        return self.expires is None or day < self.expires


@dataclass(frozen=True, slots=True)
class Rating:
    """One row of the user's own rating table: AM Best letter ("A-") and size class ("VII")."""

    naic: str
    name: str
    rating: str | None = None
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A carrier's notice of cancellation: which policy, when it ends, when the notice was given.

    None is what could not be read: without a policy number it may be any of the vendor's. `doubt`
    is the sentence why a person must look at the notice before anybody relies on it.
    """

    policy_number: str | None
    ends: date | None
    noticed: date | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A state's certificate that a vendor needs no workers' compensation policy.

    `doubt` is the sentence why nobody should rely on it before a person has looked.
    """

    state: str
    expires: date | None = None
    number: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A policy's term as one of the vendor's certificates shows it; None is what is not known."""

    line: str
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class LonePage:
    """An endorsement page that came without a certificate, on the day `came`.

    `terms` are all that the vendor's certificates, old ones too, show of the policy number on it.
    """

    page: EndorsementPage
    came: date
    document: str | None = None
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Packet:
    """A vendor's current documents together.

    `previous` are certificates of earlier terms, looked at for gaps only. `ratings` is by NAIC
    code.
    """

    certificates: tuple[Certificate, ...]
    previous: tuple[Certificate, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    cancellations: tuple[Cancellation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    endorsements: tuple[LonePage, ...] = ()
    ratings: Mapping[str, Rating] = field(default_factory=dict)
