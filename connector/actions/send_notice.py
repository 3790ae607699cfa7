"""send_notice: the deficiency notice by mail to the subcontractor and the producer."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import replace

from sqlalchemy.orm import Session

from connector.actions import mailing, pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, flag, text
from connector.actions.mailing import DESTINATION, Sending, answers_go_to
from connector.actions.pushing import Parcel
from connector.actions.sending_again import show_notice
from connector.actions.services import Caller, Services
from connector.checking.verdict import Status
from connector.delivery import PUSH_FIELDS, REVIEW_FIRST, PushStatus, Receipt
from connector.destinations.email.addresses import addresses, sender
from connector.destinations.email.message import Attachment, Mail
from connector.errors import ConnectorError, InvalidInput
from connector.storage import accounts, certificates, checks, documents
from connector.storage.checks import StoredCheck
from connector.storage.mails import Letter
from connector.storage.pushes import Key

COMPLIANT = "The certificate is compliant, so there is no notice to send."
OUTDATED = (
    "There is a newer check of this certificate with another result, so this notice was not sent. "
    "Leave “Check” empty to send the notice of the newest."
)


REMIND = (
    "Everybody has got the notice of this check, which goes to nobody twice. To remind them, check the "
    "certificate again on a later day and send the notice of that check with “Send again”."
)


class NoticeInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="Choose the check whose notice is sent. Leave it empty for the certificate's newest.",
        choices_from="checks",
    )
    subcontractor_email = text(
        "Subcontractor e-mail",
        help="Give the address that the notice goes to, several separated by semicolons. "
        "Leave it empty for the vendor's e-mail on file.",
    )
    producer_email = text(
        "Producer e-mail",
        help="Give the agent's or broker's address. Leave it empty for the one on the certificate.",
    )
    to_subcontractor = flag(
        "To subcontractor", help="Choose whether the subcontractor gets the notice.", default=True
    )
    to_producer = flag(
        "To producer", help="Choose whether the producer gets the notice.", default=True
    )
    attach_certificate = flag(
        "Attach certificate",
        help="Choose whether the certificate goes with the notice.",
        default=True,
    )
    send_again = flag(
        "Send again",
        help="Choose yes to send a reminder that says the same as an earlier notice, or a "
        "notice of which nobody knows whether it arrived. One check's notice never "
        "reaches anybody twice.",
        default=False,
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Send the notice of a check to everybody who has not got it yet."""
    with services.sessions() as session:
        parcel = pushing.parcel(session, caller, given, services)
        check = checks.get(session, caller.account_id, parcel.check_id)
        nothing_to_send = _nothing_to_send(session, caller, check)
        sending, trouble = None, None
        if nothing_to_send is None:
            try:
                sending = _sending(session, caller, given, parcel, check, services)
            except ConnectorError as error:  # kept with the push: somebody must see it
                trouble = error
    recipients = list(sending.roles) if sending else []
    key = Key(None, DESTINATION, "notice", parcel.certificate_id, _digest(check, recipients))
    again = bool(given["send_again"])

    def send() -> Receipt:
        if trouble is not None:
            raise trouble
        if sending is None:
            return Receipt(DESTINATION, PushStatus.UNCHANGED, next_step=nothing_to_send)
        sent = mailing.send(caller, sending, services, again=again)
        return _with_hint(sending, sent, again=again)

    answer = pushing.push(caller, parcel, key, send, services)
    show_notice(caller, parcel.certificate_id, parcel.check_id, services)
    return answer


def _with_hint(sending: Sending, receipt: Receipt, *, again: bool) -> Receipt:
    """What the office may want to know of a mail that needs nothing more to be done."""
    if receipt.status is PushStatus.UNCHANGED and again:
        return replace(receipt, next_step=REMIND)
    if receipt.status is PushStatus.PUSHED and not sending.mail.reply_to:
        return replace(receipt, next_step=answers_go_to(sending.mail.sender))
    return receipt


def _nothing_to_send(session: Session, caller: Caller, check: StoredCheck) -> str | None:
    """Why no notice goes out, or None. A certificate in review is held back by the push itself."""
    of_projects = checks.newest_of_each_project(session, caller.account_id, check.certificate_id)
    newest = of_projects.get(check.project)
    if newest is not None and newest.verdict["findings"] != check.verdict["findings"]:
        return OUTDATED
    if check.status == Status.NON_COMPLIANT:
        return None
    return COMPLIANT if check.status == Status.COMPLIANT else REVIEW_FIRST


def _sending(
    session: Session,
    caller: Caller,
    given: Given,
    parcel: Parcel,
    check: StoredCheck,
    services: Services,
) -> Sending:
    roles = _roles(given, parcel, check)
    account = accounts.get(session, caller.account_id)
    office = account.settings.get("office_email")
    mailing.mail_server(services.settings)
    attached = (
        _certificate(session, caller, parcel, services) if given["attach_certificate"] else ()
    )
    mail = Mail(
        about=check.id,
        sender=sender(services.settings.mail_from),
        to=_of_role(roles, "subcontractor") or _of_role(roles, "producer"),
        cc=_of_role(roles, "producer") if _of_role(roles, "subcontractor") else (),
        subject=str(check.flat["notice_subject"]),
        text=str(check.flat["notice_text"]),
        html=str(check.flat["notice_html"]),
        reply_to=str(office) if office else None,
        attachments=attached,
    )
    letter = Letter(
        "notice",
        check.id,
        pushing.digest(parcel.delivery),
        parcel.certificate_id,
        check.id,
        mail.message_id,
        mail.subject,
        bool(attached),
    )
    return Sending(mail, letter, roles)


def _roles(given: Given, parcel: Parcel, check: StoredCheck) -> dict[str, str]:
    """Who gets it. A producer's address that is in doubt is not used: somebody else might get it."""
    vendor = check.flat.get("vendor_email") or parcel.delivery.vendor.email
    printed = parcel.delivery.certificate.producer.email
    known = {
        "subcontractor": given.get("subcontractor_email") or vendor,
        "producer": given.get("producer_email") or (printed.value if printed.is_read else None),
    }
    roles: dict[str, str] = {}
    for role, found in known.items():
        if found and given[f"to_{role}"]:
            label = f"{role.title()} e-mail"
            for recipient in addresses(str(found), label, f"{role}_email"):
                roles.setdefault(recipient, role)
    if not roles:
        raise InvalidInput(
            "Subcontractor e-mail: nobody is known to send the notice to. Map the vendor's "
            "address, or the producer's.",
            field="subcontractor_email",
        )
    return roles


def _of_role(roles: dict[str, str], role: str) -> tuple[str, ...]:
    return tuple(recipient for recipient, of in roles.items() if of == role)


def _certificate(
    session: Session, caller: Caller, parcel: Parcel, services: Services
) -> tuple[Attachment, ...]:
    row = certificates.get(session, caller.account_id, parcel.certificate_id)
    document = documents.get(session, caller.account_id, row.document_id)
    kind = mimetypes.guess_type(document.name)[0] if document.kind != "pdf" else "application/pdf"
    data = services.documents.get(document.sha256)
    return (Attachment(data, document.name, kind or "application/octet-stream"),)


def _digest(check: StoredCheck, recipients: list[str]) -> str:
    """What makes two requests the same push: the check, and who is to be told of it."""
    return hashlib.sha256("\n".join([check.id, *sorted(recipients)]).encode()).hexdigest()


ACTION = Action(
    name="send_notice",
    title="Send Deficiency Notice",
    description=(
        "Sends the deficiency notice of a non-compliant check by mail to the subcontractor and the "
        "producer. Use it after Check Certificate; a notice is never sent twice for one check."
    ),
    input=NoticeInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=DESTINATION,
)
