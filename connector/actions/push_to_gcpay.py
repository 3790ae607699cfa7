"""push_to_gcpay: what a person needs to get a certificate verified in GCPay; mailed where set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.actions import cover_sheets, mailing, preparing, pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.cover_sheets import Place
from connector.actions.inputs import Input, choice, text
from connector.actions.mailing import Sending
from connector.actions.preparing import Desk, Work
from connector.actions.pushing import Parcel
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS, PushStatus, Receipt, Way
from connector.destinations.email.addresses import address, sender
from connector.destinations.email.message import Attachment, Mail
from connector.destinations.gcpay import files
from connector.destinations.gcpay.content import content
from connector.destinations.gcpay.ways import COVER_SHEET, DESTINATION, VERIFY, VERIFY_LIST, WAYS
from connector.errors import ConnectorError, InvalidInput, shorten
from connector.storage import checks, connections
from connector.storage import cover_sheets as stored_sheets
from connector.storage.mails import Letter

LONGEST_REASON = 200
"""Characters of why a mail did not go out, so that the clicks stay in sight."""


class GCPayInput(Input):
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
    mode = choice(
        "Way",
        help="Choose `cover_sheet` for the certificate behind GCPay's cover sheet, ready "
        "to mail; `verify_list` for what a person must click Verify on; `erp_csv` for "
        "a file for the accounting system that GCPay reads. Leave it empty for the "
        "account's own.",
        choices=tuple(WAYS),
    )
    gcpay_name = text(
        "Name in GCPay",
        help="Write the subcontractor's name in GCPay when it differs from the vendor's.",
    )
    cover_sheet_url = text(
        "Cover sheet link",
        help="Give a link to the item's cover sheet as PDF; it is kept for the next certificate.",
    )
    gcpay_item = text(
        "GCPay item", help="Write what GCPay calls the requirement that the cover sheet is for."
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What the account says of GCPay."""

    mode: str | None
    mail_to: str | None


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Prepare the files, mail what can be mailed, and say which clicks are left."""
    with services.sessions() as session:
        stored = connections.of_destination(session, caller.account_id, DESTINATION)
        said = dict(stored.settings) if stored else {}
        setting = Setting(said.get("mode"), said.get("mail_to"))
        parcel = pushing.parcel(session, caller, given, services)
        document = preparing.document_of(session, caller, parcel)
        project = checks.get(session, caller.account_id, parcel.check_id).flat.get("project_name")
    name = given.get("gcpay_name") or parcel.delivery.vendor.name
    if given.get("cover_sheet_url"):
        place = Place(name, given.get("gcpay_item"), project)
        cover_sheets.keep_linked(caller, place, given["cover_sheet_url"], services)
    wanted = COVER_SHEET.name if given.get("cover_sheet_url") else VERIFY_LIST.name
    way = WAYS[given.get("mode") or setting.mode or wanted]
    parcel = replace(parcel, chosen=_kept(parcel.chosen, way))
    covers = _covers(caller, Place(name, None, project), services) if way is COVER_SHEET else []
    found = content(parcel.delivery, name, project)
    if way is COVER_SHEET:  # the lists carry no document, so a new one changes nothing in them
        found |= {"document_sha256": document.sha256, "covers": covers}
    work = Work(DESTINATION, way, name, parcel.delivery.vendor.id, found, project)
    answer = preparing.prepare(caller, parcel, work, services)
    is_open = answer["status"] == PushStatus.PREPARED
    if way is COVER_SHEET and is_open and setting.mail_to and services.settings.smtp_host:
        answer["next_step"] = _mailed(caller, parcel, found, setting.mail_to, answer, services)
        preparing.say(caller, str(answer["push_id"]), str(answer["next_step"]), services)
    return answer


def _kept(chosen: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """What holds when it is sent again: the sheet was taken in, and its link may open no more."""
    kept = {k: v for k, v in chosen.items() if k not in ("cover_sheet_url", "gcpay_item")}
    return kept | {"mode": way.name}


def _covers(caller: Caller, place: Place, services: Services) -> list[dict[str, str]]:
    """The subcontractor's cover sheets for the project. InvalidInput when there is none.

    One that names no project files nothing that was checked for one: it may be another's.
    """
    with services.sessions() as session:
        found = stored_sheets.of_vendor(session, caller.account_id, place.vendor, place.project)
        covers = [{"item": sheet.item, "sha256": sheet.sha256} for sheet in found]
    if not covers:
        about = f"for {place.project_name[:60]}" if place.project_name else "without a project"
        raise InvalidInput(
            f"Cover sheet link: there is no cover sheet of {place.vendor_name[:60]} {about} yet. "
            "Save the item's cover sheet in GCPay as PDF and give a link to it once; or choose the way verify_list.",
            field="cover_sheet_url",
        )
    return covers


def _mailed(
    caller: Caller,
    parcel: Parcel,
    found: dict[str, object],
    mail_to: str,
    answer: Flat,
    services: Services,
) -> str:
    """What is left to do once it is mailed, or why it is not. Errors that may pass are raised."""
    try:
        receipt = _mail(caller, parcel, found, mail_to, answer, services)
    except ConnectorError as error:
        if error.retryable:
            raise
        return _by_hand(f"it could not be mailed: {error.message}")
    if receipt.next_step:
        return _by_hand(receipt.next_step)
    return f"It was mailed to {mail_to}, so once it has arrived {VERIFY}"


def _by_hand(why: str) -> str:
    """What is left to do, and why the connector's own mail did not do it."""
    said = shorten(why.rstrip("."), LONGEST_REASON)
    return f"Mail each linked PDF yourself ({said}), and once it has arrived {VERIFY}"


def _mail(
    caller: Caller,
    parcel: Parcel,
    found: dict[str, object],
    mail_to: str,
    answer: Flat,
    services: Services,
) -> Receipt:
    """The joined PDFs in one mail, each as an attachment of its own, as GCPay asks."""
    joined = files.joined(found, Desk(services))
    about = f"gcpay:{answer['external_ids']}"
    to = address(mail_to, "GCPay's mail address", "mail_to")
    mail = Mail(
        about=about,
        sender=sender(services.settings.mail_from),
        to=(to,),
        cc=(),
        subject=f"Certificate of insurance of {found['vendor_name']}",
        text="The certificate is attached, behind its cover sheet.\n",
        attachments=[Attachment(file.data, file.name) for file in joined],
    )
    letter = Letter(
        "gcpay",
        about,
        str(answer["external_ids"]),
        parcel.certificate_id,
        parcel.check_id,
        mail.message_id,
        mail.subject,
        has_attachment=True,
    )
    return mailing.send(caller, Sending(mail, letter, {to: "gcpay"}), services, again=False)


ACTION = Action(
    name="push_to_gcpay",
    title="Prepare Certificate for GCPay",
    description=(
        "Prepares what a person needs to get a checked certificate verified in GCPay, with a link "
        "and the clicks that are left. Use it after Check Certificate; then acknowledge it."
    ),
    input=GCPayInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=DESTINATION,
)
