"""What is sent to another system and what came back.

Destinations take a `Delivery` and a `Connection` and answer a `Receipt`; tokens and request
budgets come through the two protocols, so that no destination knows the database.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from connector.certificate.field import Field, Kind, schema_of
from connector.certificate.model import Certificate
from connector.checking.verdict import Verdict

REVIEW_FIRST = (
    "Waits for a person's review, so nothing was sent. It goes out by itself once the review is "
    "finished."
)


class PushStatus(StrEnum):
    PUSHED = "pushed"
    UNCHANGED = "unchanged"
    QUEUED = "queued"
    PREPARED = "prepared"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"


class MailStatus(StrEnum):
    """What became of a mail to one recipient. From `sending` on it may have gone out."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Vendor:
    """The subcontractor as the caller or the certificate names it; all but the name may be unknown."""

    name: str
    id: str | None = None
    email: str | None = None
    ein: str | None = None


def _tell_nobody(key: str) -> None:
    """For whoever does not want to know."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The document that a certificate was read from.

    `sha256` is of the bytes as they came; `read` answers them as a PDF, NotFound when they are no
    longer kept. `filed` is told each file that was made of it there, so that it is known again.
    """

    name: str
    sha256: str
    read: Callable[[], bytes]
    filed: Callable[[str], None] = _tell_nobody


@dataclass(frozen=True, slots=True)
class Delivery:
    """One certificate on its way to a destination.

    `verdict` is the check it is sent with, None when it was never checked. `links` are pages
    of ours that the destination may show ("certificate", "document"). `notice_sent` says that the
    deficiency notice of this verdict is out. `known_vendor_id` is the destination's own id of the
    vendor, chosen by a person or found by an earlier push; `vendor.id` is the caller's. `paper` is
    what may be filed there.
    """

    certificate: Certificate
    verdict: Verdict | None
    vendor: Vendor
    links: Mapping[str, str] = field(default_factory=dict)
    notice_sent: bool = False
    known_vendor_id: str | None = None
    paper: Paper | None = None


class TokenSource(Protocol):
    """Where a connection's bearer token comes from. NotConnected says how to reconnect."""

    def token(self) -> str: ...

    def renew(self, rejected: str) -> str:
        """A token other than `rejected`, which the other system no longer accepts."""
        ...


class RequestBudget(Protocol):
    """How many requests a destination may still be sent, shared by all processes."""

    def spend(self) -> None:
        """Wait for, then use up, one request."""
        ...

    def observe(self, remaining: int | None, reset_at: float | None) -> None:
        """What the other system said of its limit: requests left, and when it resets (Unix seconds).

        Called once for every `spend`; with None when it said nothing or no answer came.
        """
        ...


@dataclass(frozen=True, slots=True)
class Connection:
    """One account's way into one destination: plain settings, and its tokens and budget."""

    destination: str
    settings: Mapping[str, Any]
    tokens: TokenSource | None = None
    budget: RequestBudget | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a delivery came to. Ids are the destination's own.

    `vendor` is the destination's vendor that the records went to, to be remembered.
    """

    destination: str
    status: PushStatus
    records_created: int = 0
    records_updated: int = 0
    records_unchanged: int = 0
    external_ids: tuple[str, ...] = ()
    external_url: str | None = None
    compliance_status: str | None = None
    vendor_candidates: tuple[Vendor, ...] = ()
    next_step: str | None = None
    vendor: Vendor | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way of carrying certificates into a system that takes nothing by itself.

    `together`: the files hold everything that waits, not this certificate alone. `accepted_only`:
    a certificate that is not compliant is not carried over like this.
    """

    name: str
    next_step: str
    together: bool = False
    accepted_only: bool = False


class Sources(Protocol):
    """What prepared files are made of."""

    def document(self, sha256: str) -> bytes:
        """A stored document or cover sheet. NotFound when its bytes are no longer kept."""
        ...

    def join(self, parts: Sequence[bytes]) -> bytes:
        """Documents as one PDF, in this order."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file that a person carries into another system; `media_type` like application/zip."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


def zipped(name: str, parts: Iterable[PreparedFile]) -> PreparedFile:
    """Several files as one; the same content is the same bytes, whenever it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            about = zipfile.ZipInfo(part.name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(about, part.data, zipfile.ZIP_DEFLATED)
    return PreparedFile(name, "application/zip", out.getvalue())


PUSH_FIELDS: tuple[Field, ...] = (
    Field("push_id", "Push", Kind.TEXT, "push_5R8W2N6C"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("check_id", "Check", Kind.TEXT, "check_3J9X6B1D"),
    Field("destination", "Destination", Kind.TEXT, "procore"),
    Field("status", "Status", Kind.CHOICE, "pushed", choices=tuple(PushStatus), help="`prepared` means that a person must finish it; see the next step."),
    Field("records_created", "Records created", Kind.INT, 4),
    Field("records_updated", "Records updated", Kind.INT, 0),
    Field("records_unchanged", "Records unchanged", Kind.INT, 0),
    Field("external_ids", "External record numbers", Kind.TEXT, "9001, 9002", help="The destination's record ids, joined by commas."),
    Field("external_url", "External link", Kind.URL, None, help="Where a person sees the record."),
    Field("compliance_status", "Compliance status", Kind.TEXT, "compliant", help="What the destination now shows."),
    Field("vendor_candidates", "Vendor candidates", Kind.TEXT, None, help="`name (id)` joined by semicolons when it is not sure which vendor is meant."),
    Field("next_step", "Next step", Kind.TEXT, None, help="What a person still has to do; empty when nothing."),
)  # fmt: skip

FlatPush = schema_of("FlatPush", PUSH_FIELDS)


def flatten_receipt(receipt: Receipt) -> dict[str, str | int | None]:
    """The receipt's own keys of a flat push; the ids of our records are added by the action."""
    return {
        "destination": receipt.destination,
        "status": receipt.status.value,
        "records_created": receipt.records_created,
        "records_updated": receipt.records_updated,
        "records_unchanged": receipt.records_unchanged,
        "external_ids": ", ".join(receipt.external_ids) or None,
        "external_url": receipt.external_url,
        "compliance_status": receipt.compliance_status,
        "vendor_candidates": "; ".join(f"{v.name} ({v.id})" for v in receipt.vendor_candidates)
        or None,
        "next_step": receipt.next_step,
    }
