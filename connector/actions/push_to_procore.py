"""push_to_procore: a checked certificate's lines as the vendor's insurance records."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from connector.actions import procore_place, pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, flag, text
from connector.actions.procore_connection import (
    DESTINATION,
    OpenProcore,
    open_procore,
    procore_number,
)
from connector.actions.procore_holds import Invoices
from connector.actions.pushing import Parcel
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS, Delivery, Paper, Receipt
from connector.destinations.procore.deliver import VendorNotThere, deliver
from connector.storage import accounts, procore_files, vendor_matches
from connector.storage.pushes import Key
from connector.storage.vendor_matches import VendorMatch


def invoice() -> Any:
    """The input of the invoice that a push may hold."""
    return text(
        "Procore invoice",
        help="Map the number of the pay application that is held while the certificate is "
        "deficient. It counts where the connection is switched to holding.",
    )


class PushInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="Choose the check it is pushed with. Leave it empty for the certificate's newest.",
        choices_from="checks",
    )
    procore_company_id = procore_place.company()
    procore_project_id = procore_place.project()
    procore_vendor_id = procore_place.vendor()
    procore_invoice_id = invoice()
    notice_sent = flag(
        "Notice sent",
        help="Choose whether the deficiency notice went out by a step of yours (Gmail, "
        "Outlook). What Send Deficiency Notice mails is known without it.",
        default=False,
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Bring Procore to what the certificate and its check say; sending again changes nothing."""
    with services.sessions() as session:
        own = open_procore(session, caller, services)
    procore = procore_place.in_place(own, given)
    named = procore_place.vendor_id(procore, given)
    with services.sessions() as session:
        account = accounts.get(session, caller.account_id)
        parcel = pushing.parcel(session, caller, given, services)
        match = _match(session, caller, parcel, procore)
        paper = _noted(pushing.paper(session, caller, parcel, services), caller, procore, services)
    remembered = None if named or match is None else match.external_id
    chosen = named or (remembered if match and match.is_chosen else None)
    told = parcel.delivery.notice_sent or given.get("notice_sent")
    delivery = replace(parcel.delivery, known_vendor_id=chosen, paper=paper, notice_sent=bool(told))
    parcel = replace(parcel, delivery=delivery)
    key = Key(
        procore.stored.id,
        DESTINATION,
        procore.level,
        chosen or delivery.vendor.id or delivery.vendor.name,
        pushing.digest_with_notice(delivery),
    )
    today = services.today(account)
    invoice_id = procore_number(given, "procore_invoice_id", "Procore invoice")

    def send() -> Receipt:
        receipt = _deliver(delivery, procore, remembered, today)
        _remember(caller, parcel, procore, receipt, services, is_chosen=chosen is not None)
        if delivery.verdict is None:
            return receipt
        return Invoices(caller, procore, services).settle(receipt, delivery.verdict, invoice_id)

    return pushing.push(
        caller,
        parcel,
        key,
        send,
        services,
        waits_for_review=False,  # `deliver` holds it back, unless the connection sends undecided
    )


def _noted(paper: Paper, caller: Caller, procore: OpenProcore, services: Services) -> Paper:
    """The paper, its content noted before it goes out and each file made of it after: what we
    filed ourselves is no certificate that somebody put into Procore."""

    def note(key: str) -> None:
        with services.sessions() as session, session.begin():
            procore_files.note(
                session, caller.account_id, procore.place, key, services.clock(),
                name=paper.name, why_not=procore_files.OURS,
            )  # fmt: skip

    def read() -> bytes:
        data = paper.read()
        note(procore_files.content_key(data))
        return data

    return replace(paper, read=read, filed=note)


def _match(
    session: Session, caller: Caller, parcel: Parcel, procore: OpenProcore
) -> VendorMatch | None:
    """What is remembered of our vendor in this directory."""
    if parcel.vendor_id is None:
        return None
    return vendor_matches.known(session, caller.account_id, parcel.vendor_id, procore.place)


def _deliver(
    delivery: Delivery, procore: OpenProcore, remembered: str | None, today: date
) -> Receipt:
    """To the vendor that is remembered; looked for anew where Procore no longer shows that one."""
    if remembered is not None:
        known = replace(delivery, known_vendor_id=remembered)
        with contextlib.suppress(VendorNotThere):
            return deliver(known, procore.connection, procore.door, today)
        delivery = replace(delivery, known_vendor_id=None)
    return deliver(delivery, procore.connection, procore.door, today)


def _remember(
    caller: Caller,
    parcel: Parcel,
    procore: OpenProcore,
    receipt: Receipt,
    services: Services,
    *,
    is_chosen: bool,
) -> None:
    """Keep which vendor it went to, for the next certificate of this subcontractor."""
    found = receipt.vendor
    if parcel.vendor_id is None or found is None or found.id is None:
        return
    with services.sessions() as session, session.begin():
        vendor_matches.remember(
            session,
            caller.account_id,
            parcel.vendor_id,
            procore.place,
            external_id=found.id,
            is_chosen=is_chosen and found.id == parcel.delivery.known_vendor_id,
            now=services.clock(),
        )


ACTION = Action(
    name="push_to_procore",
    title="Push Certificate to Procore",
    description=(
        "Writes a checked certificate into Procore: one vendor insurance per coverage line, with "
        "status, dates and limit. Use it after Check Certificate; sending it again changes nothing."
    ),
    input=PushInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=DESTINATION,
)
