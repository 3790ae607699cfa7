"""Work that a person finishes: prepared, linked to, kept until it is acknowledged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from connector import links
from connector.actions import acceptance, pushing
from connector.actions.action import Flat
from connector.actions.pushing import Parcel
from connector.actions.services import Caller, Services
from connector.certificate.names import normalise
from connector.checking.verdict import Status
from connector.delivery import PreparedFile, PushStatus, Receipt, Sources, Way
from connector.destinations.buildertrend import files as buildertrend
from connector.destinations.buildertrend import ways as buildertrend_ways
from connector.destinations.gcpay import files as gcpay
from connector.destinations.gcpay import ways as gcpay_ways
from connector.errors import Conflict
from connector.storage import certificates, documents, prepared_items, pushes
from connector.storage.documents import StoredDocument
from connector.storage.prepared_items import Kind, StoredItem
from connector.storage.pushes import Key, StoredPush

LINK_PURPOSE = "prepared-files"
LINK_DAYS = timedelta(days=14)
"""Long enough for a holiday; pushing the certificate again gives a fresh link."""

NOT_ACCEPTED = (
    "Only a compliant certificate is carried over like this. Send the deficiency notice, and push "
    "the corrected certificate."
)
OVERTAKEN = "Nothing is left to do: a newer certificate of this subcontractor took its place."

Write = Callable[[Way, Sequence[Mapping[str, Any]], Sources], PreparedFile]

WRITERS: Mapping[str, tuple[Mapping[str, Way], Write]] = {
    buildertrend_ways.DESTINATION: (buildertrend_ways.WAYS, buildertrend.write),
    gcpay_ways.DESTINATION: (gcpay_ways.WAYS, gcpay.write),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The Sources of prepared files: our document store and our reader."""

    services: Services

    def document(self, sha256: str) -> bytes:
        return self.services.documents.get(sha256)

    def join(self, parts: Sequence[bytes]) -> bytes:
        return self.services.reader.join(parts)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be carried over: where, how, whose, and what the files are written from."""

    destination: str
    way: Way
    vendor_name: str
    vendor_id: str | None
    content: Mapping[str, Any]
    project_name: str | None = None
    """Where the other system keeps a subcontractor's insurance for each project of its own."""

    @property
    def kind(self) -> Kind:
        return Kind(self.destination, self.way.name)

    @property
    def subject(self) -> str:
        """By the office's own number, where it has one: two firms may have one name."""
        vendor = self.vendor_id or normalise(self.vendor_name) or self.vendor_name
        return f"{vendor} in {normalise(self.project_name)}" if self.project_name else vendor

    @property
    def digest(self) -> str:
        """Of what is carried over: the same read once more, under another number, is no change."""
        return hashlib.sha256(
            json.dumps(unnumbered(self.content), sort_keys=True).encode()
        ).hexdigest()

    @property
    def key(self) -> Key:
        return Key(None, self.destination, self.way.name, self.subject, self.digest)


def unnumbered(said: Any) -> Any:
    """The same without the certificates' numbers, however deep they stand."""
    if isinstance(said, Mapping):
        return {key: unnumbered(v) for key, v in said.items() if key != "certificate_id"}
    if isinstance(said, list | tuple):
        return [unnumbered(each) for each in said]
    return said


def document_of(session: Session, caller: Caller, parcel: Parcel) -> StoredDocument:
    """The document that a parcel's certificate came in."""
    row = certificates.get(session, caller.account_id, parcel.certificate_id)
    return documents.get(session, caller.account_id, row.document_id)


def prepare(caller: Caller, parcel: Parcel, work: Work, services: Services) -> Flat:
    """Keep the work with a link to its files; what was carried over already is only answered."""
    with services.sessions() as session, session.begin():
        row, is_new = pushing.begin(session, caller, parcel, work.key, services)
        was_finished = row.is_finished and not is_new
        held = _held(parcel, work)
        if held is not None:
            pushing.settle(session, row, services, held)
            acceptance.withdraw(session, row, work.kind, work.subject, services)
        else:
            _prepare(session, row, work, services)
        return pushing.flat_push(row) | {"is_duplicate": was_finished}


def _held(parcel: Parcel, work: Work) -> Receipt | None:
    """Why nothing is prepared, if so."""
    verdict = parcel.delivery.verdict
    held = pushing.held_back(verdict, work.destination)
    accepted = verdict is not None and verdict.status is Status.COMPLIANT
    if held is None and work.way.accepted_only and not accepted:
        return Receipt(work.destination, PushStatus.UNCHANGED, next_step=NOT_ACCEPTED)
    return held


def _prepare(session: Session, row: StoredPush, work: Work, services: Services) -> None:
    standing = prepared_items.standing(session, row.account_id, work.kind, work.subject)
    same = next((each for each in standing if each.digest == work.digest), None)
    if same is not None:
        if same.acknowledged_with is None:
            pushing.settle(session, row, services, _prepared(same, work.way, services))
        return
    if all(each.acknowledged_with for each in standing) and _says_nothing_new(work, standing):
        pushing.settle(session, row, services, Receipt(work.destination, PushStatus.UNCHANGED))
        return
    item = prepared_items.add(
        session,
        row.account_id,
        work.kind,
        push_id=row.id,
        subject=work.subject,
        digest=work.digest,
        content=work.content,
        now=services.clock(),
    )
    pushing.settle(session, row, services, _prepared(item, work.way, services))
    for each in standing:
        is_open = each.acknowledged_with is None and each.push_id != row.id
        if is_open and prepared_items.replaces(item, each):
            _overtake(session, each, services)


def _overtake(session: Session, item: StoredItem, services: Services) -> None:
    """The push of an item that a newer one of its subject replaces: nothing is left of it to do."""
    old = pushes.get(session, item.account_id, item.push_id)
    if old.status == PushStatus.PREPARED:
        said = Receipt(item.destination, PushStatus.UNCHANGED, next_step=OVERTAKEN)
        pushing.settle(session, old, services, said)


def _prepared(item: StoredItem, way: Way, services: Services) -> Receipt:
    return Receipt(
        item.destination,
        PushStatus.PREPARED,
        external_ids=(item.id,),
        external_url=link(item, services),
        next_step=way.next_step,
    )


def say(caller: Caller, push_id: str, next_step: str, services: Services) -> None:
    """Keep what is left to do now, for the lists and for whoever asks later."""
    with services.sessions() as session, session.begin():
        row = pushes.locked(session, caller.account_id, push_id)
        if row.status == PushStatus.PREPARED:
            row.receipt = {**(row.receipt or {}), "next_step": next_step}


def link(item: StoredItem, services: Services) -> str:
    """Where the item's files are had, for LINK_DAYS; whoever has the link can have them."""
    subject = f"{item.account_id}/{item.id}"
    expires_at = services.clock() + LINK_DAYS
    token = links.sign(LINK_PURPOSE, subject, expires_at, services.settings.secret_keys)
    return services.page_url(f"/v1/files/{token}")


def files_of(token: str, services: Services) -> PreparedFile:
    """The files behind a link. LinkRefused, LinkExpired, NotFound; Conflict: accepted no more."""
    subject = links.verify(LINK_PURPOSE, token, services.settings.secret_keys, services.clock())
    account_id, _, item_id = subject.partition("/")
    with services.sessions() as session:
        item = prepared_items.get(session, account_id, item_id)
        ways, write = WRITERS[item.destination]
        way = ways[item.mode]
        if way.accepted_only:
            acceptance.require_accepted(session, item)
        carried = _carried(session, item, way)
        contents = [_changed(session, item, each) for each in carried]
    return write(way, contents, Desk(services))


def _carried(session: Session, item: StoredItem, way: Way) -> list[StoredItem]:
    """What a person carries over with the item. Of a packet not what is in review: it says
    "compliant", and nobody is sure any more. Conflict when nothing else is left of it."""
    if not way.together:
        return [item]
    packet = prepared_items.packet(session, item)
    doubtful = {each.id for each in acceptance.in_doubt(session, packet)}
    sure = [each for each in packet if each.id not in doubtful]
    if not sure:
        raise Conflict(acceptance.IN_DOUBT)
    return sure


def _changed(session: Session, packet: StoredItem, item: StoredItem) -> dict[str, Any]:
    """An item's content; of one with several rows those that no acknowledged packet had alike."""
    content = dict(item.content)
    if not WRITERS[item.destination][0][item.mode].together or "items" not in content:
        return content
    before = prepared_items.carried_before(session, packet, item.subject)
    return {**content, "items": _rows_not_in(before, content)}


def _says_nothing_new(work: Work, before: Sequence[StoredItem]) -> bool:
    """Whether there are rows, and all of them were carried over."""
    rows = work.content.get("items") if work.way.together else None
    return bool(rows) and not _rows_not_in(before, work.content)


def _rows_not_in(before: Sequence[StoredItem], content: Mapping[str, Any]) -> list[Any]:
    known = [unnumbered(row) for each in before for row in each.content["items"]]
    return [row for row in content["items"] if unnumbered(row) not in known]


def acknowledge(
    session: Session, account_id: str, item: StoredItem, by: str | None, services: Services
) -> None:
    """A person carried the item's packet over: its pushes arrived, in the session's transaction."""
    way = WRITERS[item.destination][0][item.mode]
    arrived = {each.id for each in _carried(session, item, way)}
    packet = prepared_items.packet(session, item) if way.together else []
    left_out = [each.id for each in acceptance.in_doubt(session, packet)]
    now = services.clock()
    for each in prepared_items.acknowledge(
        session, item, by, now, alone=not way.together, but=left_out
    ):
        if each.id in arrived:
            push = pushes.get(session, account_id, each.push_id)
            pushing.settle(session, push, services, _arrived(each))
        else:
            _overtake(session, each, services)


def _arrived(item: StoredItem) -> Receipt:
    return Receipt(
        item.destination,
        PushStatus.PUSHED,
        records_updated=1,
        external_ids=(item.id,),
        compliance_status=item.content.get("verdict"),
    )
