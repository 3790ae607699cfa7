"""The account's own words and language for the deficiency notice: three Jinja texts."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from connector.actions import inputs
from connector.actions.action import Flat
from connector.actions.services import Caller, Services
from connector.checking.notice import NoticeTemplates, load_templates, prove_templates
from connector.storage import accounts
from connector.storage.accounts import Account

LONGEST = 200_000
_SETTING = "notice_templates"


class TemplatesInput(inputs.Input):
    subject = inputs.text("Subject", help="The subject line.")
    text = inputs.text("Text", help="The notice as plain text.", longest=LONGEST)
    html = inputs.text(
        "HTML", help="The notice as HTML; every value in it is escaped.", longest=LONGEST
    )


def templates_of(account: Account) -> NoticeTemplates:
    """The account's own templates; the shipped one where it has none."""
    shipped = load_templates()
    return NoticeTemplates(**{**asdict(shipped), **account.settings.get(_SETTING, {})})


def digest_of(account: Account) -> str | None:
    """A fingerprint of the account's own templates; None while it has none."""
    own = account.settings.get(_SETTING)
    return hashlib.sha256(repr(sorted(own.items())).encode()).hexdigest() if own else None


def put(given: dict[str, str | None], caller: Caller, services: Services) -> Flat:
    """Let the account's templates be these; what is not given is the shipped one.

    InvalidInput says which template is broken and where; nothing is changed then.
    """
    own = {name: given[name] for name in ("subject", "text", "html") if given.get(name)}
    with services.sessions() as session, session.begin():
        account = accounts.get(session, caller.account_id)
        kept = {name: value for name, value in account.settings.items() if name != _SETTING}
        account.settings = {**kept, _SETTING: own} if own else kept
        prove_templates(templates_of(account))
        return answer(account)


def answer(account: Account) -> Flat:
    """The templates as they are used now, and whether any is the account's own."""
    return {**asdict(templates_of(account)), "is_own": digest_of(account) is not None}
