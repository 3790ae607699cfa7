"""A push: find the vendor, look at its records, write what differs, read back and compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from connector.certificate.flat import needs_review
from connector.checking.verdict import Status
from connector.delivery import REVIEW_FIRST, Connection, Delivery, PushStatus, Receipt, Vendor
from connector.destinations.procore import vendors
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import set_insurance_status
from connector.destinations.procore.filing import file_paper
from connector.destinations.procore.mapping import InsuranceRecord, missing_lines, records
from connector.destinations.procore.plan import Plan, Step, plan
from connector.destinations.procore.policy import Existing
from connector.destinations.procore.preferences import Preferences
from connector.destinations.procore.refusals import AlreadyThere, AnswerLost, NotVisible
from connector.destinations.procore.writer import Writer
from connector.errors import ConnectorError, DestinationRefused, shorten
from connector.outbound import Outbound

DESTINATION = "procore"

STATUS_ORDER = (
    "non_compliant", "non_compliant_in_progress", "expired", "unregistered", "undecided",
    "compliant_in_progress", "compliant",
)  # fmt: skip
"""Procore's statuses, the worst first: a vendor is as good as its worst line."""

NO_LINES = "The certificate states no coverage line, so there is nothing to send to Procore."
WHICH_VENDOR = (
    "Choose the Procore vendor that is meant. Do it on the page Work, or push again with "
    "procore_vendor_id."
)
NO_VENDOR = (
    "No vendor of this name is in the Procore directory. Add it there, then choose it on the page "
    "Work, or push again."
)


class VendorNotThere(NotVisible):
    """The vendor that was named has no records that we may see; nothing was written."""


def deliver(delivery: Delivery, connection: Connection, http: Outbound, on: date) -> Receipt:
    """Bring Procore to what the certificate and its verdict say, `on` the account's day.

    `http` must trust the connection's API address. Pushing the same again changes nothing. An
    answer that was lost is looked up first, so that nothing is doubled; what cannot be settled now
    is raised as retryable. VendorNotThere when Procore does not show the vendor that was named.
    """
    client = Procore(connection, http)
    if _waits(delivery) and not client.preferences.send_undecided:
        return Receipt(DESTINATION, PushStatus.QUEUED, next_step=REVIEW_FIRST)
    wanted = records(delivery, client.preferences, on)
    if not wanted:
        return Receipt(DESTINATION, PushStatus.PREPARED, next_step=NO_LINES)
    found = vendors.find(client, delivery.vendor, delivery.known_vendor_id)
    if found.sure is None or found.sure.id is None:
        return _unsure(found.candidates)
    vendor_id = int(found.sure.id)
    push = _Push(client, vendor_id, on)
    before = push.look_first()
    filed = file_paper(client, http, delivery, vendor_id)
    if filed.note:
        delivery = replace(delivery, links={**delivery.links, "document": filed.note})
        wanted = records(delivery, client.preferences, on)
    receipt = _with_missing(delivery, client.preferences, push.run(wanted, before))
    receipt = replace(receipt, next_step=_joined(filed.trouble, receipt.next_step))
    return replace(_gate(client, delivery, vendor_id, receipt), vendor=found.sure)


def _with_missing(delivery: Delivery, preferences: Preferences, receipt: Receipt) -> Receipt:
    """Say which required lines Procore shows nothing of, so that nobody takes that for approval."""
    missing = [preferences.insurance_types[name] for name in missing_lines(delivery)]
    if preferences.add_missing_lines or not missing:
        return receipt
    said = f"Required, but not on the certificate, so nothing was sent of it: {', '.join(missing)}."
    return replace(receipt, next_step=_joined(said, receipt.next_step))


def _joined(*sentences: str | None) -> str | None:
    return shorten(" ".join(filter(None, sentences))) or None


def _gate(client: Procore, delivery: Delivery, vendor_id: int, receipt: Receipt) -> Receipt:
    """Set the commitments' insurance status where the connection asks for it. Where Procore refuses
    that for good it is left to a person, who finds it on the work list."""
    verdict = delivery.verdict
    if not client.preferences.gate_commitments or verdict is None:
        return receipt
    reason = (
        f"{verdict.status.value.replace('_', ' ')} ({verdict.rule_set}@{verdict.rule_set_version})."
    )
    try:
        gated = set_insurance_status(client, vendor_id, verdict.status, reason)
    except ConnectorError as error:
        if error.retryable:
            raise
        said = f"The records are written, but the commitments were not changed: {error.message}"
        return replace(
            receipt, status=PushStatus.PREPARED, next_step=_joined(said, receipt.next_step)
        )
    left = f"Commitments left alone because a person set their status: {gated.left_alone}."
    changed = receipt.status is PushStatus.UNCHANGED and gated.changed
    return replace(
        receipt,
        status=PushStatus.PUSHED if changed else receipt.status,
        records_updated=receipt.records_updated + gated.changed,
        next_step=_joined(receipt.next_step, left if gated.left_alone else None),
    )


def _waits(delivery: Delivery) -> bool:
    verdict = delivery.verdict
    return needs_review(delivery.certificate) or (
        verdict is not None and verdict.status is Status.NEEDS_REVIEW
    )


def _unsure(candidates: tuple[Vendor, ...]) -> Receipt:
    return Receipt(
        DESTINATION,
        PushStatus.NEEDS_REVIEW,
        vendor_candidates=candidates,
        next_step=WHICH_VENDOR if candidates else NO_VENDOR,
    )


class _Push:
    """One vendor's records on their way."""

    def __init__(self, client: Procore, vendor_id: int, on: date) -> None:
        self._client, self._vendor_id, self._on = client, vendor_id, on
        self._wanted: tuple[InsuranceRecord, ...] = ()
        self._writer = Writer(client, vendor_id)
        self._lost = False

    def look_first(self) -> list[Existing]:
        """The records that stand there. VendorNotThere when Procore does not show the vendor."""
        try:
            return self._writer.look()
        except NotVisible as error:
            raise VendorNotThere(error.message) from error

    def run(self, wanted: tuple[InsuranceRecord, ...], before: Sequence[Existing]) -> Receipt:
        """Bring the records from what stood there `before` to what is wanted."""
        self._wanted = wanted
        made = self._plan(before)
        if made.is_settled:
            return _receipt(made, made, before, created=0)
        settled, after = self._write(made)
        self._writer.remove(settled.surplus)
        _compare(settled, after)
        return _receipt(made, settled, after, created=self._created(settled, before))

    def _created(self, settled: Plan, before: Sequence[Existing]) -> int:
        """How many of the lines' records are new and ours: another push may have been quicker."""
        new = set(settled.ids) - {int(each["id"]) for each in before}
        return len(new if self._lost else new & self._writer.answered)

    def _plan(self, existing: Sequence[Existing]) -> Plan:
        return plan(self._wanted, existing, self._client.preferences, self._vendor_id, self._on)

    def _write(self, made: Plan) -> tuple[Plan, list[Existing]]:
        """Write, look, and plan anew: what is left then is what Procore shows otherwise.

        After a lost answer nothing is sent again in this attempt: a slow server may still be at
        it. After a clash with somebody else's write the rest goes on while it gets less.
        """
        trouble: AnswerLost | AlreadyThere | None = None
        try:
            self._writer.write(made)
        except (AnswerLost, AlreadyThere) as caught:
            trouble = caught
            self._lost = self._lost or isinstance(caught, AnswerLost)
        after = self._writer.look()
        settled = self._plan(after)
        if trouble is None or settled.is_settled:
            return settled, after
        if isinstance(trouble, AnswerLost) or settled.creates >= made.creates:
            raise trouble
        return self._write(settled)


def _compare(settled: Plan, after: Sequence[Existing]) -> None:
    """DestinationRefused when Procore shows other values than were sent, with their names."""
    shown = {int(each["id"]): each for each in after}
    wrong = [_difference(step, shown) for step in settled.writes]
    wrong += [_still_shown(shown[id]) for id in settled.lapsed]
    if wrong:
        raise DestinationRefused(
            f"Procore kept other values than we sent. {'; '.join(wrong)}. Check the records there."
        )


def _still_shown(record: Existing) -> str:
    return f"{record.get('insurance_type')} that has run out: status"


def _difference(step: Step, shown: Mapping[int, Existing]) -> str:
    if step.id is None:
        return f"{step.record.insurance_type} is not there"
    found = ", ".join(name.replace("_", " ") for name in step.changes)
    return f"{step.record.insurance_type}: {found}"


def _receipt(made: Plan, settled: Plan, after: Sequence[Existing], *, created: int) -> Receipt:
    """What was done by `made`, with the records as they stand now."""
    changed = len(made.writes) - made.creates
    shown = {int(each["id"]): str(each.get("status") or "") for each in after}
    statuses = {shown[id] for id in settled.ids if id in shown}
    written = created + changed + len(made.lapsed)
    status = PushStatus.PUSHED if written else PushStatus.UNCHANGED
    if made.locked and not settled.ids:
        status = PushStatus.PREPARED
    return Receipt(
        DESTINATION,
        status,
        records_created=created,
        records_updated=changed + len(made.lapsed),
        records_unchanged=len(settled.ids) - created - changed,
        external_ids=tuple(str(id) for id in settled.ids),
        compliance_status=next((s for s in STATUS_ORDER if s in statuses), None),
        next_step=_joined(*made.remarks),
    )
