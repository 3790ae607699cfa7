"""Erase a whole account: rows, files, local log, the engine's rows, and its login in Procore."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connector.actions import vendor_erasure
from connector.actions.log_to_sheet import log_path
from connector.actions.services import Services
from connector.actions.vendor_erasure import Plan
from connector.delivery import MailStatus
from connector.jobs import engine
from connector.storage import erase_account, erase_vendor, hooks
from connector.storage.mails import StoredMail
from connector.storage.pushes import StoredPush
from connector.wiring import procore_ending


def plan(account_id: str, services: Services) -> Plan:
    """What would go, and what others hold."""
    with services.readers() as session:
        counts = erase_account.counts(session, account_id)
        return Plan(counts, tuple(_elsewhere(session, account_id)))


def erase(account_id: str, services: Services) -> list[str]:
    """Remove all of it; what is still to come or could not be done, in sentences.

    Conflict while a job of the account runs; nothing is changed then. The rows are cleared twice,
    because a request that had been let in before may have written meanwhile.
    """
    _require_no_work(account_id, services)
    said = procore_ending.disconnect(account_id, services)
    now = services.clock()
    with services.sessions() as session, session.begin():
        workflows = erase_account.workflow_ids(session, account_id)
        erase_account.erase(session, account_id, now)
    with services.sessions() as session:
        engine.forget(session, workflows)
    shutil.rmtree(log_path(services.settings, account_id).parent, ignore_errors=True)
    with services.sessions() as session, session.begin():
        erase_account.clear(session, account_id)
    waiting = vendor_erasure.remove_files(account_id, services)
    is_compact = erase_vendor.compact(services.sessions.kw["bind"])
    return [*said, *vendor_erasure.still_to_come(waiting, is_compact=is_compact)]


def _require_no_work(account_id: str, services: Services) -> None:
    """Before Procore is told anything."""
    with services.readers() as session:
        erase_account.require_rest(session, account_id)


def _elsewhere(session: Session, account_id: str) -> Iterator[str]:
    sent = select(StoredPush.destination, func.count()).where(
        StoredPush.account_id == account_id,
        StoredPush.status.in_(("pushed", "unchanged", "prepared")),
    )
    for destination, number in session.execute(sent.group_by(StoredPush.destination)):
        if place := vendor_erasure.BY_HAND.get(destination):
            yield f"{place} ({number} results)"
    mails = select(func.count()).where(
        StoredMail.account_id == account_id, StoredMail.status != MailStatus.REFUSED.value
    )
    if mailed := session.scalar(mails):
        yield f"{mailed} e-mails in the mailboxes of those who got them"
    if hooks.active(session, account_id):
        yield "Zapier, Make and other hooks: their histories, and what your automations wrote"
    yield "Backups of the database, the documents and the local log, until they are replaced"
    yield "The service's own log, where you send it: ids and addresses, no word of a document"
