"""Payment holds that follow a push: on while the certificate is deficient, off once it complies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from connector.actions.procore_connection import OpenProcore
from connector.actions.services import Caller, Services
from connector.checking.verdict import Status, Verdict
from connector.delivery import PushStatus, Receipt
from connector.destinations.procore.holds import apply_hold, release_holds
from connector.errors import ConnectorError, shorten
from connector.storage import payment_holds

ARRIVED = (PushStatus.PUSHED, PushStatus.UNCHANGED, PushStatus.PREPARED)


@dataclass(frozen=True, slots=True)
class Invoices:
    """The payments that one push may hold or release: the invoice that the caller named, if one
    was, and those that we hold for the vendor."""

    caller: Caller
    procore: OpenProcore
    services: Services

    def settle(self, receipt: Receipt, verdict: Verdict, invoice_id: int | None) -> Receipt:
        """Hold or release by the verdict, where the connection is switched to it; what waits or
        goes to nobody yet changes nothing."""
        vendor = receipt.vendor
        if receipt.status not in ARRIVED or vendor is None or vendor.id is None:
            return receipt
        if not self.procore.client.preferences.hold_payments:
            return _said(receipt, _switched_off(invoice_id))
        if verdict.status is Status.NON_COMPLIANT and invoice_id is not None:
            return _attempt(receipt, lambda: self._hold(vendor.id or "", invoice_id, verdict))
        if verdict.status is Status.COMPLIANT:
            return _attempt(receipt, lambda: self._release(vendor.id or ""))
        return receipt

    def _hold(self, vendor_id: str, invoice_id: int, verdict: Verdict) -> int:
        """How many holds are new."""
        services, account_id = self.services, self.caller.account_id
        with services.sessions() as session, session.begin():
            payment_holds.begin(
                session, account_id, self._place, str(invoice_id), vendor_id, services.clock()
            )
        reason = f"not compliant ({verdict.rule_set}@{verdict.rule_set_version})."
        return int(apply_hold(self.procore.client, invoice_id, reason).is_new)

    def _release(self, vendor_id: str) -> int:
        """How many holds were released."""
        services, account_id = self.services, self.caller.account_id
        with services.readers() as session:
            held = payment_holds.of_vendor(session, account_id, self._place, vendor_id)
        count = 0
        for invoice_id in held:
            count += len(release_holds(self.procore.client, int(invoice_id)))
            with services.sessions() as session, session.begin():
                payment_holds.end(session, account_id, self._place, invoice_id, services.clock())
        return count

    @property
    def _place(self) -> str:
        return f"{self.procore.place}/projects/{self.procore.level}"


def _switched_off(invoice_id: int | None) -> str | None:
    if invoice_id is None:
        return None
    return f"Invoice {invoice_id} was left alone: hold_payments is off on the Procore connection."


def _attempt(receipt: Receipt, do: Callable[[], int]) -> Receipt:
    """The receipt with what was changed; what Procore refuses for good is left to a person."""
    try:
        changed = do()
    except ConnectorError as error:
        if error.retryable:
            raise
        left = replace(receipt, status=PushStatus.PREPARED)
        return _said(left, f"The payment hold was not changed: {error.message}")
    if not changed:
        return receipt
    is_left = receipt.status is PushStatus.PREPARED
    status = receipt.status if is_left else PushStatus.PUSHED
    return replace(receipt, status=status, records_updated=receipt.records_updated + changed)


def _said(receipt: Receipt, sentence: str | None) -> Receipt:
    if sentence is None:
        return receipt
    said = " ".join(filter(None, (sentence, receipt.next_step)))
    return replace(receipt, next_step=shorten(said))
