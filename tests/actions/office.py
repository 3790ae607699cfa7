"""An account with checked certificates on file, and the worker's way of doing its jobs."""

from __future__ import annotations

from datetime import date
from typing import Any

from connector.actions import check_certificate
from connector.actions.registry import ACTIONS
from connector.actions.services import Caller, Services
from connector.jobs import hand_over
from connector.storage import certificates, connections, documents, jobs
from connector.storage.jobs import Job
from connector.worker.duties import make_work
from connector.worker.perform import perform
from tests.simulators.google_sheets.server import ROBOT, SPREADSHEET, SheetsSimulator
from tests.storage.readings import reading


def on_file(services: Services, account_id: str, number: int, **said: Any) -> str:
    """A certificate that was read and checked; its id."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        document = documents.save(
            session,
            account_id,
            sha256=services.documents.put(f"document {number}".encode()),
            name=f"coi-{number}.pdf",
            kind="pdf",
            size=10,
            page_count=1,
            now=now,
        )
        said = {"insured": f"Northfield {number} LLC", "expires": date(2099, 3, 1), **said}
        row = certificates.save(session, account_id, document, reading(**said), now=now)
    check_certificate.run({"certificate_id": row.id}, Caller(account_id), services)
    return row.id


def connect_sheet(
    services: Services, account_id: str, google: SheetsSimulator, **more: Any
) -> None:
    """The account's log is in the simulator's spreadsheet."""
    about = {"spreadsheet": SPREADSHEET, "login": ROBOT, "api_url": google.url}
    with services.sessions() as session, session.begin():
        connections.create(
            session,
            account_id,
            "google_sheets",
            name="Google Sheets",
            settings={**about, "seconds_between_batches": 0, **more},
            secrets={"key_file": google.key_file(), "access_token": ""},
            keys=services.settings.secret_keys,
            now=services.clock(),
        )


def ask(services: Services, account_id: str, action: str, **given: Any) -> str:
    """Accept the action as a job; its id."""
    with services.sessions() as session, session.begin():
        return hand_over.hand_over(
            session, ACTIONS[action], Caller(account_id), given, None, services.clock()
        ).job.id


def work_off(services: Services, job_id: str) -> Job:
    """Make the job's next attempt as the worker does."""
    work = make_work(
        services, lambda name, account, kept: dict(hand_over.run(name, account, kept, services)), {}
    )
    with services.sessions() as session:
        dispatch = jobs.locked(session, job_id).dispatch
        session.rollback()
    perform(job_id, dispatch, work)
    with services.sessions() as session:
        return jobs.locked(session, job_id)
