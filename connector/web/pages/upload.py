"""/u/{token}: a subcontractor or its agent sends the certificate and sees at once what is missing.

No login: the signed link names one vendor, and lets its holder send for this vendor and read
what is still asked of it; nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions import check_certificate, inputs, parse_certificate, sent_links
from connector.actions.process_certificate import ACTION as PROCESS
from connector.actions.services import Caller
from connector.checking.notice import deficiencies
from connector.checking.verdict_json import verdict_from_json
from connector.errors import ConnectorError, Forbidden, InvalidInput
from connector.extraction.whole import Opened
from connector.storage import accounts, arrivals, board, certificates, checks, jobs, vendors
from connector.storage.accounts import Account
from connector.storage.actor import Actor, Through, acting
from connector.storage.board import Need
from connector.storage.jobs import JobStatus
from connector.storage.sent_links import LinkKind
from connector.storage.vendors import StoredVendor
from connector.web import work
from connector.web.auth import services
from connector.web.pages.words import day

routes = Blueprint("upload", __name__, url_prefix="/u")

MOST_A_DAY = 40
LONGEST_MESSAGE = 2000

ANOTHER_FIRM = (
    "This certificate is made out for another firm. Ask your agent for one that names {name} as "
    "the insured."
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link stands for; `project` is empty when it is for all of them."""

    token: str
    account_id: str
    vendor_id: str
    project: str

    @property
    def caller(self) -> Caller:
        return Caller(self.account_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the vendor stands, as it is told to the vendor. `is_reading`: look again soon."""

    title: str
    words: str
    missing: tuple[str, ...] = ()
    is_reading: bool = False


@routes.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Who asks for what, and how the vendor stands now."""
    return _page(_opened(token))


@routes.post("/<token>")
def receive(token: str) -> ResponseReturnValue:
    """A certificate, or an answer to the office, or both."""
    link = _opened(token)
    message = request.form.get("message", "").strip()[:LONGEST_MESSAGE]
    try:
        _require_room(link)
        with acting(Actor(Through.UPLOAD_LINK, link.vendor_id)):
            _take(link, message)
    except ConnectorError as error:
        return _page(link, error.message, message), error.status
    return redirect(f"/u/{token}?sent=1", 303)


def _take(link: Link, message: str) -> None:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        with sent.stream:
            data, name = sent.stream.read(), Path(sent.filename).name
        _read(link, services().reader.open(data, name), name, message)
    elif message:
        _note(link, message=message)
    else:
        raise InvalidInput("Choose a file first, or write an answer.")


def _read(link: Link, opened: Opened, name: str, message: str) -> None:
    """Read and check it at once where that is quick; a picture is read as a job."""
    with services().readers() as session:
        vendor = vendors.get(session, link.account_id, link.vendor_id)
    about = {
        "vendor_id": vendor.id,
        "vendor_name": vendor.name,
        "project_name": link.project or None,
    }
    said = {key: value for key, value in about.items() if value}
    if opened.found is None:
        asked = {**said, "push": "false", "log": "false"}
        given = {**inputs.load(PROCESS.input, asked), "document": opened}
        answer = work.do(PROCESS, asked, given, link.caller, services(), None)
        _note(link, file_name=name, job_id=str(answer["job_id"]), message=message or None)
        return
    of = {key: said[key] for key in ("vendor_id", "vendor_name")}
    given = {**inputs.load(parse_certificate.Input, of), "document": opened}
    parsed = parse_certificate.read(given, link.caller, services(), hand_over=False)
    certificate_id = str(parsed["certificate_id"])
    _require_theirs(link, certificate_id, vendor)
    asked = {**said, "certificate_id": certificate_id}
    loaded = inputs.load(check_certificate.Input, asked)
    check_certificate.run(loaded, link.caller, services())
    _note(link, file_name=name, certificate_id=certificate_id, message=message or None)


def _require_theirs(link: Link, certificate_id: str, vendor: StoredVendor) -> None:
    """A certificate that is on file for somebody else says nothing about this vendor."""
    with services().readers() as session:
        row = certificates.get(session, link.account_id, certificate_id)
    if row.vendor_id != vendor.id:
        raise InvalidInput(ANOTHER_FIRM.format(name=vendor.name))


def _note(link: Link, **came: str | None) -> None:
    with services().sessions() as session, session.begin():
        arrivals.note(session, link.account_id, link.vendor_id, services().clock(), **came)


def _require_room(link: Link) -> None:
    since = services().clock() - timedelta(days=1)
    with services().readers() as session:
        count = arrivals.count_since(session, link.account_id, link.vendor_id, since)
    if count >= MOST_A_DAY:
        raise Forbidden(
            "This link was used very often today. Send the certificate tomorrow, or by e-mail to "
            "the office that gave you the link."
        )


def _page(link: Link, error: str | None = None, message: str = "") -> str:
    with services().readers() as session:
        account = accounts.get(session, link.account_id)
        vendor = vendors.get(session, link.account_id, link.vendor_id)
        return render_template(
            "upload.html",
            office=account.legal_names[0] if account.legal_names else account.name,
            vendor=vendor.name,
            project=link.project,
            standing=_standing(session, account, link),
            is_sent="sent" in request.args and error is None,
            error=error,
            message=message,
        )


def _standing(session: Session, account: Account, link: Link) -> Standing:
    newest = next(iter(arrivals.of_vendor(session, account.id, link.vendor_id, 1)), None)
    if newest is not None and newest.job_id:
        job = jobs.get(session, account.id, newest.job_id)
        if job.status == JobStatus.FAILED:
            return Standing("The file could not be used", str((job.error or {}).get("message")))
        if job.status != JobStatus.DONE:
            return Standing(
                "Your file is being read", "This takes up to a minute.", is_reading=True
            )
    return _on_file(session, account, link)


def _on_file(session: Session, account: Account, link: Link) -> Standing:
    rows = board.of_vendor(session, account.id, link.vendor_id, services().today(account))
    row = next((row for row in rows if row.project == link.project), rows[0])
    missing = _to_correct(session, account.id, row.check_id)
    if row.need is Need.NOTHING_YET:
        return Standing("No certificate is on file yet", "Send it here: a PDF, a scan or a photo.")
    if row.need is Need.UNCHECKED:
        return Standing("Your certificate is on file", "The office checks it next.")
    if row.need is Need.REVIEW:
        words = "A person in the office looks at what could not be read with certainty."
        return Standing("Your certificate is on file", words, missing)
    if row.need in (Need.EXPIRED, Need.DEFICIENT):
        asked = "Please ask your insurance agent for a new certificate"
        words = f"{asked} that corrects this:" if missing else f"{asked}: a policy has ended."
        return Standing("Something is missing", words, missing)
    return Standing("Nothing is missing", f"The first policy ends on {day(row.ends)}.")


def _to_correct(session: Session, account_id: str, check_id: str | None) -> tuple[str, ...]:
    """What is missing and what to send, in the words of the notice."""
    if check_id is None:
        return ()
    verdict = verdict_from_json(checks.get(session, account_id, check_id).verdict)
    return tuple(f"{each.line} {each.ask}" for each in deficiencies(verdict))


def _opened(token: str) -> Link:
    """LinkRefused or LinkExpired, with a sentence."""
    link = sent_links.opened(LinkKind.UPLOAD, token, services())
    return Link(token, link.account_id, str(link.vendor_id), link.project)
