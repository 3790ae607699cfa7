"""What would change if a rule set did: the vendors on file, checked with both, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.all_packets import all_packets
from connector.actions.packets import of_vendor, packet_of
from connector.actions.services import Caller, Services
from connector.checking.rule import RuleSet
from connector.checking.verdict import Context
from connector.checking.verdict_json import context_from_json
from connector.checking.what_if import OnFile, Trial, try_rule_set
from connector.storage import accounts, board, checks
from connector.storage.accounts import Account
from connector.storage.board import BoardRow

MOST_VENDORS = 100
"""So many are looked at, those first that need a person: an answer should not take a minute."""


def try_rules(
    session: Session, caller: Caller, current: RuleSet, changed: RuleSet, services: Services
) -> Trial:
    """The vendors of the account with the present rule set and with the changed one, as of today."""
    account = accounts.get(session, caller.account_id)
    today = services.today(account)
    rows = board.rows(session, account.id, today, limit=MOST_VENDORS)
    on_file = _on_file(session, account, rows, changed)
    return try_rule_set(changed, on_file, today, current)


def try_on_all(session: Session, caller: Caller, changed: RuleSet, services: Services) -> Trial:
    """Everything on file with the rule set of this name as it is, and as changed, as of today.

    Where no rule set has this name yet, all are new to it.
    """
    account = accounts.get(session, caller.account_id)
    told = checks.latest_contexts(session, account.id)
    names = tuple(account.legal_names)
    on_file = (
        OnFile(
            owned.vendor.key if owned.vendor else owned.id,
            owned.packet,
            _told(told.get(owned.id), owned.vendor.name if owned.vendor else None, names),
        )
        for owned in all_packets(session, account.id)
    )
    current = services.rule_sets.get(changed.name)
    return try_rule_set(changed, on_file, services.today(account), current)


def _told(
    check: Mapping[str, Any] | None, name: str | None, legal_names: tuple[str, ...]
) -> Context:
    """What the newest check was told, else the vendor's name alone."""
    if check is None:
        return Context(vendor_name=name, legal_names=legal_names)
    return replace(context_from_json(check), legal_names=legal_names)


def _on_file(
    session: Session, account: Account, rows: list[BoardRow], rule_set: RuleSet
) -> Iterator[OnFile]:
    for row in rows:
        found = of_vendor(session, account.id, row.vendor_id)
        if found:
            packet = packet_of(session, found, looks_back=rule_set.looks_back)
            yield OnFile(row.vendor_id, packet, _context(session, account, row))


def _context(session: Session, account: Account, row: BoardRow) -> Context:
    """What the vendor's last check was told."""
    names = tuple(account.legal_names)
    if row.check_id is None:
        return Context(vendor_name=row.name, trade=row.trade, legal_names=names)
    check = checks.get(session, account.id, row.check_id)
    return replace(context_from_json(check.context), legal_names=names)
