"""The worker's own kinds of work beside the actions, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from connector.worker.callbacks import accept_callback
from connector.worker.perform import Answer, RunAction, Services, Work

Duty: TypeAlias = Callable[[str, dict[str, Any]], Answer]
"""(account_id, given) -> what came of it, or a ConnectorError."""


def make_work(services: Services, run_action: RunAction, duties: Mapping[str, Duty]) -> Work:
    """The worker's work: the duties by the name of their job, everything else by `run_action`."""

    def run(action: str, account_id: str, given: dict[str, Any]) -> Answer:
        duty = duties.get(action)
        return duty(account_id, given) if duty else run_action(action, account_id, given)

    return Work(services=services, run_action=run, on_end=accept_callback)
