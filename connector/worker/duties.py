"""The worker's own kinds of work beside the actions, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from connector.storage.jobs import Job
from connector.worker import callbacks
from connector.worker.callbacks import Door
from connector.worker.perform import Answer, RunAction, Work


class Services(Protocol):
    """What the worker needs of `connector.actions.services.Services`."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...

    @property
    def outbound(self) -> Door: ...


def make_work(
    services: Services,
    run_action: RunAction,
    answer_of: Callable[[Job], Mapping[str, Any]],
) -> Work:
    """The worker's work over these services.

    `run_action` runs one of the actions; `answer_of` is an ended job as the flat object that its
    status link would answer.
    """

    def run(action: str, account_id: str, given: dict[str, Any]) -> Answer:
        if action == callbacks.ACTION:
            return callbacks.send(account_id, given, services, answer_of)
        return run_action(action, account_id, given)

    return Work(services=services, run_action=run, on_end=callbacks.accept_callback)
