"""/work: what a person still has to carry over or look into, and what went out by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions import acknowledge_push, inputs, preparing, sending_again
from connector.actions.registry import ACTIONS
from connector.actions.sending_again import SENT_BY
from connector.actions.work_lists import delivery_rows
from connector.delivery import MailStatus, PushStatus
from connector.errors import InvalidInput, NotFound
from connector.jobs import state
from connector.storage import (
    accounts,
    arrivals,
    certificates,
    jobs,
    mails,
    prepared_items,
    pushes,
    vendors,
)
from connector.storage.jobs import (
    DELIVER_HOOK,
    MAIL_LOGIN_LINK,
    PROCORE_EVENT,
    PROCORE_POLL,
    Job,
    JobStatus,
)
from connector.storage.pushes import StoredPush
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.review_sheet import PLACES
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.words import moment

routes = Blueprint("work_list", __name__, url_prefix="/work")

MOST = 50
"""Of each list the newest that many are shown."""

STATUS_WORDS = {
    JobStatus.WAITING: "waiting",
    JobStatus.RUNNING: "being done",
    JobStatus.DONE: "arrived",
    JobStatus.FAILED: "failed",
    MailStatus.SENT: "sent",
    MailStatus.UNKNOWN: "nobody knows",
}


WORK_WORDS = {
    PROCORE_POLL: "Look for certificates in Procore",
    MAIL_LOGIN_LINK: "Mail a link to log in",
    PROCORE_EVENT: "Take what Procore told of",
}
"""Work that no step asks for."""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a list: about whom, what is to be done or went wrong, and since when.

    `link` leads to the prepared files; `status` is needs_review where a vendor is to be chosen.
    """

    id: str
    about: str
    place: str
    words: str
    at: str
    certificate_id: str | None = None
    link: str | None = None
    status: str = ""
    status_words: str = ""


@routes.get("")
@page_for(Role.VIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """All lists, what needs a person first."""
    with services().readers() as session:
        lists = _Lists(session, visitor.account_id)
        return render_template(
            "work.html",
            prepared=lists.prepared(),
            failed=lists.failed(),
            jobs=lists.jobs(),
            deliveries=lists.deliveries(),
            mails=lists.mails(),
            arrivals=lists.arrivals(),
            may_act=visitor.may(Role.REVIEWER),
            is_sent="sent" in request.args,
        )


@routes.post("/pushes/<push_id>/done")
@page_for(Role.REVIEWER)
def done(visitor: Visitor, push_id: str) -> ResponseReturnValue:
    """A person carried the packet over."""
    said = {"push_id": push_id, "acknowledged_by": visitor.person}
    given = inputs.load(acknowledge_push.AcknowledgeInput, said)
    acknowledge_push.run(given, visitor.caller, services())
    return _back()


@routes.post("/pushes/<push_id>/retry")
@page_for(Role.REVIEWER)
def send_again(visitor: Visitor, push_id: str) -> ResponseReturnValue:
    """Send it once more, as a job of its own; what arrived meanwhile is not doubled."""
    with services().sessions() as session, session.begin():
        push = pushes.get(session, visitor.account_id, push_id)
        if push.check_id is None:
            raise NotFound("This push has no check to be sent with. Check the certificate again.")
        sending_again.send_again(session, visitor.caller, push, push.check_id, services())
    return _back()


@routes.post("/jobs/<job_id>/retry")
@page_for(Role.REVIEWER)
def retry(visitor: Visitor, job_id: str) -> ResponseReturnValue:
    """Start a failed job anew."""
    with services().sessions() as session, session.begin():
        state.retry(session, visitor.account_id, job_id, services().clock())
    return _back()


@routes.post("/deliveries/<job_id>/resend")
@page_for(Role.REVIEWER)
def resend(visitor: Visitor, job_id: str) -> ResponseReturnValue:
    """Tell a hook once more."""
    with services().sessions() as session, session.begin():
        state.resend(session, visitor.account_id, job_id, services().clock())
    return _back()


def _work(action: str) -> str:
    return ACTIONS[action].title if action in ACTIONS else WORK_WORDS.get(action, action)


def _back() -> ResponseReturnValue:
    return redirect("/work", 303)


class _Lists:
    """The lists of one account, each read at once."""

    def __init__(self, session: Session, account_id: str) -> None:
        self.session, self.account_id = session, account_id
        self.zone = ZoneInfo(accounts.get(session, account_id).time_zone)

    def prepared(self) -> list[Task]:
        found = pushes.search(self.session, self.account_id, status=PushStatus.PREPARED, limit=MOST)
        return self._pushes(found)

    def failed(self) -> list[Task]:
        """Failed ones and those that wait for a choice, unless the same place was reached since."""
        found: list[StoredPush] = []
        for status in (PushStatus.FAILED, PushStatus.NEEDS_REVIEW):
            found += pushes.search(self.session, self.account_id, status=status, limit=MOST)
        return self._pushes(push for push in found if self._is_newest(push))

    def _is_newest(self, push: StoredPush) -> bool:
        newest = pushes.newest_of_each_place(self.session, self.account_id, push.certificate_id)
        return any(each.id == push.id for each in newest)

    def _pushes(self, found: Iterable[StoredPush]) -> list[Task]:
        rows = list(found)
        names = self._names([row.certificate_id for row in rows])
        return [
            Task(
                id=row.id,
                about=names.get(row.certificate_id, ""),
                place=PLACES.get(row.destination, row.destination),
                words=row.error_message or str((row.receipt or {}).get("next_step") or ""),
                at=self._at(row.updated_at),
                certificate_id=row.certificate_id,
                link=self._link(row),
                status=row.status,
            )
            for row in rows
        ]

    def _link(self, push: StoredPush) -> str | None:
        """Where the packet's files are, while nobody has acknowledged them."""
        if push.status != PushStatus.PREPARED:
            return None
        item = prepared_items.of_push(self.session, self.account_id, push.id)
        return preparing.link(item, services()) if item else None

    def jobs(self) -> list[Task]:
        """Failed work that is neither a push's nor a hook's; of looks into Procore the last."""
        found = jobs.search(self.session, self.account_id, status=JobStatus.FAILED, limit=MOST)
        looks = [job.id for job in found if job.action == PROCORE_POLL]
        return [
            Task(
                id=job.id,
                about=_work(job.action),
                place="",
                words=str((job.error or {}).get("message") or ""),
                at=self._at(job.finished_at or job.created_at),
            )
            for job in found
            if job.action != DELIVER_HOOK
            and job.id not in looks[1:]
            and not self._is_told_by_its_push(job)
        ]

    def _is_told_by_its_push(self, job: Job) -> bool:
        """Whether what the job tried stands among the pushes, as it was then or as it went on.

        What was refused before it came to be a push (InvalidInput) stands nowhere else.
        """
        places = {place for place, action in SENT_BY.items() if action == job.action}
        certificate_id = (job.given.get("input") or {}).get("certificate_id")
        if not places or not certificate_id:
            return False
        newest = pushes.newest_of_each_place(self.session, self.account_id, certificate_id)
        error, there = job.error or {}, [push for push in newest if push.destination in places]
        if error.get("code") == InvalidInput.code:
            return any(push.error_message == error.get("message") for push in there)
        return any(push.updated_at >= job.created_at for push in there)

    def deliveries(self) -> list[Task]:
        found = list(jobs.search(self.session, self.account_id, action=DELIVER_HOOK, limit=MOST))
        rows = delivery_rows(self.session, self.account_id, found)
        return [
            Task(
                id=job.id,
                about=str(row["event"] or "An event"),
                place=str(row["target_url"] or ""),
                words=str(row["error_message"] or ""),
                at=self._at(job.finished_at or job.created_at),
                status=job.status,
                status_words=STATUS_WORDS[JobStatus(job.status)],
            )
            for job, row in zip(found, rows, strict=True)
        ]

    def mails(self) -> list[Task]:
        found = mails.search(self.session, self.account_id, limit=MOST)
        return [
            Task(
                id=row.id,
                about=row.subject,
                place=row.recipient,
                words=row.why or "",
                at=self._at(row.sent_at or row.created_at),
                certificate_id=row.certificate_id,
                status="done" if row.status == MailStatus.SENT else row.status,
                status_words=STATUS_WORDS.get(MailStatus(row.status), row.status),
            )
            for row in found
        ]

    def arrivals(self) -> list[Task]:
        found = arrivals.newest(self.session, self.account_id, MOST)
        return [
            Task(
                id=row.vendor_id,
                about=vendors.get(self.session, self.account_id, row.vendor_id).name,
                place=row.file_name or "",
                words=row.message or "",
                at=self._at(row.created_at),
                certificate_id=row.certificate_id,
            )
            for row in found
        ]

    def _names(self, certificate_ids: Sequence[str]) -> dict[str, str]:
        return certificates.insured_names(self.session, self.account_id, certificate_ids)

    def _at(self, at: datetime) -> str:
        return moment(at, self.zone)
