"""process_certificate: parse, check, push, log and notice in one step, answered as one flat object."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from connector.actions import (
    check_certificate,
    log_to_sheet,
    parse_certificate,
    procore_place,
    push_to_buildertrend,
    push_to_gcpay,
    push_to_procore,
    recheck_certificate,
    send_notice,
)
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import ContextInput, DocumentInput, flag, load
from connector.actions.procore_place import PLACE
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, nothing
from connector.certificate.fields import FIELDS
from connector.checking.outcome import CHECK_FIELDS
from connector.checking.verdict import Status
from connector.delivery import PUSH_FIELDS
from connector.errors import ConnectorError
from connector.storage import certificates, checks, connections, standing
from connector.storage.certificates import StoredCertificate

NOT_CONNECTED = (
    "Nothing was pushed: Procore is not connected. Connect it on the page /connect/procore, or set "
    "“Push” to no."
)
WRITTEN_SOON = "The row is written within a minute, together with others; nothing needs to be done."
TRIED_AGAIN = "It is tried again by itself; nothing needs to be done."


class ProcessInput(DocumentInput, ContextInput):
    push = flag(
        "Push",
        help="Choose whether the result is pushed to Procore, and prepared for "
        "Buildertrend and GCPay, where the account has them.",
        default=True,
    )
    procore_company_id = procore_place.company()
    procore_project_id = procore_place.project()
    procore_vendor_id = procore_place.vendor()
    procore_invoice_id = push_to_procore.invoice()
    log = flag("Log", help="Choose whether a row is written into the tracking log.", default=True)
    notice = flag(
        "Notice",
        help="Choose whether the deficiency notice is mailed when the certificate is not "
        "compliant. While it needs a review, the notice waits, too.",
        default=False,
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Every step. A destination that fails does not undo the others: its own keys say so."""
    certificate = parse_certificate.run(given, caller, services)
    about = {"certificate_id": certificate["certificate_id"]}
    check = check_certificate.run_for_vendor({**given, **about}, caller, services)
    about["check_id"] = check["check_id"]
    _ask_the_others_again(str(certificate["certificate_id"]), caller, services)
    in_procore = {name: given.get(name) for name in (*PLACE, "procore_invoice_id")}
    pushed = {
        "procore": _push(push_to_procore.ACTION, given, about | in_procore, caller, services),
        "google_sheets": _log(about, caller, services) if given["log"] else nothing(PUSH_FIELDS),
        "buildertrend": _push(push_to_buildertrend.ACTION, given, about, caller, services),
        "gcpay": _push(push_to_gcpay.ACTION, given, about, caller, services),
        "notice": _notice(given, check, caller, services),
    }
    if given["push"] and not any(step["status"] for step in _systems(pushed)):
        pushed["procore"]["next_step"] = NOT_CONNECTED
    steps = (certificate, check, *pushed.values())
    repeated = [step.pop("is_duplicate", None) for step in steps]
    answer = {**certificate, **_prefixed("check", check)}
    for name, step in pushed.items():
        answer |= _prefixed(name, step)
    return answer | {"is_duplicate": all(said is not False for said in repeated)}


def _ask_the_others_again(certificate_id: str, caller: Caller, services: Services) -> None:
    """What was missing on the vendor's other certificates may have come with this one: a policy of
    another broker makes the first certificate compliant, too, and its row and pushes follow."""
    with services.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, certificate_id)
        if row.vendor_id is None:
            return
        for other in standing.of_vendor(session, caller.account_id, row.vendor_id):
            if other != certificate_id and _was_bounced_before(session, other, row):
                again = {"certificate_id": other}
                services.enqueue(session, caller, recheck_certificate.NAME, again)


def _was_bounced_before(session: Session, other: str, row: StoredCertificate) -> bool:
    last = checks.latest(session, row.account_id, other)
    return (
        last is not None
        and last.status == Status.NON_COMPLIANT.value
        and last.created_at < row.created_at
        and standing.counts_whole(session, row.account_id, other)
    )


def _systems(pushed: Mapping[str, Flat]) -> list[Flat]:
    """What became of the certificate in each system that pays or lets in; the log is none."""
    return [step for name, step in pushed.items() if name != "google_sheets"]


def _push(action: Action, given: Given, about: Given, caller: Caller, services: Services) -> Flat:
    """A push where the account has that system, else nothing."""
    if not given["push"] or not _is_connected(str(action.destination), caller, services):
        return nothing(PUSH_FIELDS)
    return _attempt(action, about, caller, services)


def _notice(given: Given, check: Flat, caller: Caller, services: Services) -> Flat:
    """The notice where one is due, or may be once a person has looked."""
    if not given["notice"] or check["status"] == Status.COMPLIANT:
        return nothing(PUSH_FIELDS)
    asked = {name: check[name] for name in ("certificate_id", "check_id")}
    return _attempt(send_notice.ACTION, load(send_notice.NoticeInput, asked), caller, services)


def _is_connected(destination: str, caller: Caller, services: Services) -> bool:
    with services.readers() as session:
        found = connections.of_destination(session, caller.account_id, destination)
    return found is not None


def _log(about: Given, caller: Caller, services: Services) -> Flat:
    """A row in the local log at once; one in Google Sheets with all others that wait for it."""
    sheet = log_to_sheet.ACTION.destination
    if sheet is None or not _is_connected(sheet, caller, services):
        return _attempt(log_to_sheet.ACTION, about, caller, services)
    asked = {name: about[name] for name in ("certificate_id", "check_id")}
    with services.sessions() as session, session.begin():
        services.enqueue(session, caller, log_to_sheet.ACTION.name, asked)
    return nothing(PUSH_FIELDS) | {
        **asked,
        "destination": sheet,
        "status": "queued",
        "next_step": WRITTEN_SOON,
    }


def _attempt(action: Action, about: Given, caller: Caller, services: Services) -> Flat:
    """One push; what fails for now goes on as a job of its own, what fails for good says why."""
    try:
        return action.run(about, caller, services)
    except ConnectorError as error:
        if error.retryable:
            with services.sessions() as session, session.begin():
                services.enqueue(session, caller, action.name, about)
        return nothing(PUSH_FIELDS) | {
            "destination": action.destination,
            "status": "queued" if error.retryable else "failed",
            "next_step": f"{error.message} {TRIED_AGAIN}" if error.retryable else error.message,
            "is_duplicate": False,
        }


def _prefixed(prefix: str, flat: Flat) -> Flat:
    return {f"{prefix}_{key}": value for key, value in flat.items()}


def _all(prefix: str, label: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field.prefixed(prefix, label) for field in fields)


ACTION = Action(
    name="process_certificate",
    title="Process Certificate",
    description=(
        "Reads a certificate, checks it against a rule set, pushes the result to Procore where "
        "connected and logs a row: all in one step. Use it when a certificate has just arrived."
    ),
    input=ProcessInput,
    fields=(
        *FIELDS,
        *_all("check", "Check", CHECK_FIELDS),
        *_all("procore", "Procore", PUSH_FIELDS),
        *_all("google_sheets", "Log", PUSH_FIELDS),
        *_all("buildertrend", "Buildertrend", PUSH_FIELDS),
        *_all("gcpay", "GCPay", PUSH_FIELDS),
        *_all("notice", "Notice", PUSH_FIELDS),
    ),
    run=run,
    takes_document=True,
    destination="procore",
    refuse=check_certificate.refuse,
)
