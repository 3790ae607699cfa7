"""An account with checked certificates on file, and the worker's way of doing its jobs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from connector.actions import check_certificate
from connector.actions.registry import ACTIONS
from connector.actions.services import Caller, Services
from connector.actions.vendors import vendor_of
from connector.jobs import hand_over
from connector.storage import accounts, certificates, connections, documents, jobs
from connector.storage.jobs import Job, JobStatus
from connector.worker.duties import make_work
from connector.worker.perform import perform
from connector.worker.start import duties, teller
from tests.simulators.google_sheets.connection import connect_account
from tests.simulators.google_sheets.server import SheetsSimulator
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, TOKEN
from tests.storage.readings import reading


def on_file(
    services: Services,
    account_id: str,
    number: int,
    *,
    data: bytes | None = None,
    kind: str = "pdf",
    **said: Any,
) -> str:
    """A certificate that was read and checked; its id."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        document = documents.save(
            session,
            account_id,
            sha256=services.documents.put(data or f"document {number}".encode()),
            name=f"coi-{number}.pdf",
            kind=kind,
            size=10,
            page_count=1,
            now=now,
        )
        said = {"insured": f"Northfield {number} LLC", "expires": date(2099, 3, 1), **said}
        certificate = reading(**said)
        account = accounts.get(session, account_id)
        row = certificates.save(
            session,
            account_id,
            document,
            certificate,
            now=now,
            vendor=vendor_of(session, account, {}, certificate, now),
        )
    check_certificate.run({"certificate_id": row.id}, Caller(account_id), services)
    return row.id


def connect_sheet(
    services: Services, account_id: str, google: SheetsSimulator, **more: Any
) -> None:
    """The account's log is in the simulator's spreadsheet."""
    with services.sessions() as session, session.begin():
        connect_account(
            session,
            account_id,
            google,
            keys=services.settings.secret_keys,
            now=services.clock(),
            **more,
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
        services,
        lambda name, account, kept: dict(hand_over.run(name, account, kept, services)),
        duties(services),
        tell=teller(services),
    )
    with services.sessions() as session:
        dispatch = jobs.locked(session, job_id).dispatch
        session.rollback()
    perform(job_id, dispatch, work)
    with services.sessions() as session:
        return jobs.locked(session, job_id)


def connect_procore(
    services: Services, account_id: str, procore: ProcoreSimulator, **more: Any
) -> str:
    """The account is connected to the simulator's company; the connection's id."""
    about = {"company_id": COMPANY, "api_url": procore.url, "login_url": procore.url}
    with services.sessions() as session, session.begin():
        return connections.create(
            session,
            account_id,
            "procore",
            name="Procore",
            settings={**about, **more},
            secrets={"access_token": TOKEN},
            keys=services.settings.secret_keys,
            now=services.clock(),
        ).id


def work_off_all(services: Services) -> list[Job]:
    """Make the next attempt of every job that waits, until none does; the jobs in order."""
    done = []
    while waiting := _waiting(services):
        done += [work_off(services, job_id) for job_id in waiting]
    return done


def _waiting(services: Services) -> list[str]:
    with services.sessions() as session:
        found = select(Job.id).where(Job.status == JobStatus.WAITING.value, Job.next_at.is_(None))
        return list(session.scalars(found.order_by(Job.number)))
