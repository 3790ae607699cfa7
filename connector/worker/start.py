"""Services -> a running worker: what its jobs do, and what happens at their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from connector.actions import failed_push, login_by_mail, vendor_erasure
from connector.actions.certificate_answer import flat_certificate
from connector.actions.services import Services
from connector.jobs import hand_over
from connector.jobs.answer import job_answer
from connector.storage.jobs import (
    DAILY,
    DELIVER_HOOK,
    MAIL_LOGIN_LINK,
    PROCORE_EVENT,
    PROCORE_POLL,
    SEND_CALLBACK,
)
from connector.worker import callbacks, daily, hook_delivery, procore_intake, reopening, retention
from connector.worker.duties import Duty, Ended, make_work
from connector.worker.perform import Answer
from connector.worker.process import run, stopped_by_signals


def start(services: Services) -> bool:
    """Perform jobs until a signal; False when work still runs and the process must end at once."""

    def run_action(action: str, account_id: str, given: dict[str, Any]) -> Answer:
        return dict(hand_over.run(action, account_id, given, services))

    work = make_work(services, run_action, duties(services), tell=teller(services))
    with stopped_by_signals(work):
        return run(work, services.settings.database_url, services.settings.data_dir)


def teller(services: Services) -> Ended:
    """What the worker says of a job's end, beside its callback."""
    return lambda session, job: failed_push.tell(session, job, services)


def duties(services: Services) -> Mapping[str, Duty]:
    """The worker's own jobs by name."""

    def send_callback(account_id: str, given: dict[str, Any]) -> Answer:
        return callbacks.send(account_id, given, services, lambda job: job_answer(job, services))

    def deliver_hook(account_id: str, given: dict[str, Any]) -> Answer:
        return hook_delivery.deliver(account_id, given, services, services.settings.secret_keys)

    def do_the_day(account_id: str, given: dict[str, Any]) -> Answer:
        day = date.fromisoformat(given["day"])
        told = daily.tell_of_expirations(
            account_id,
            day,
            services.sessions,
            flat_of=lambda session, row: flat_certificate(session, row, services),
            now=services.clock(),
        )
        reopened = reopening.reopen(account_id, day, services)
        removed = retention.remove_old(
            account_id, services.sessions, services.documents, services.clock()
        )
        vendor_erasure.remove_files(account_id, services)
        return {**told, **reopened, **removed}

    return {
        SEND_CALLBACK: send_callback,
        DELIVER_HOOK: deliver_hook,
        DAILY: do_the_day,
        MAIL_LOGIN_LINK: lambda account_id, given: login_by_mail.send(account_id, given, services),
        PROCORE_EVENT: lambda account_id, given: procore_intake.on_event(
            account_id, given, services
        ),
        PROCORE_POLL: lambda account_id, given: procore_intake.on_poll(account_id, given, services),
    }
