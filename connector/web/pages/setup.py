"""/setup: from an empty service to the first certificate, in steps that can be left and returned to."""

from __future__ import annotations

from collections.abc import Sequence
from re import fullmatch
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions import keeping
from connector.actions.check_certificate import DEFAULT_RULE_SET
from connector.actions.mail_trial import send_test
from connector.certificate.values import tidy
from connector.destinations.email.addresses import address
from connector.errors import ConnectorError, InvalidInput
from connector.storage import accounts, api_keys, certificates, connections, hooks, users
from connector.storage.accounts import Account
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.board import DEFAULT_MINUTES
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("setup", __name__, url_prefix="/setup")

ROLES = {
    Role.VIEWER: "looks",
    Role.REVIEWER: "corrects and sends",
    Role.ADMIN: "also connects other systems",
}
MOST_MINUTES = 240
LONGEST_NAME = 100


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """All steps, each with whether it is done."""
    return page(visitor)


@routes.post("/office")
@page_for(Role.ADMIN)
def office(visitor: Visitor) -> ResponseReturnValue:
    """The firm's names, its time zone, its rule set, its figure for a review by hand."""
    asked = ("names", "zone", "rule_set", "minutes", "mail_notices")
    said = {name: request.form.get(name, "") for name in asked}
    try:
        with services().sessions() as session, session.begin():
            _keep_office(accounts.get(session, visitor.account_id), said)
    except InvalidInput as error:
        return page(visitor, said=said, error=error.message), error.status
    return page(visitor, kept="office")


@routes.post("/key")
@page_for(Role.ADMIN)
def make_key(visitor: Visitor) -> ResponseReturnValue:
    """A new API key, shown this once."""
    name = tidy(request.form.get("name", ""))[:LONGEST_NAME] or "Zapier"
    with services().sessions() as session, session.begin():
        _, secret = api_keys.create(
            session, visitor.account_id, name, services().clock(), scopes=api_keys.USUAL
        )
    return page(visitor, secret=secret)


@routes.post("/keys/<key_id>/revoke")
@page_for(Role.ADMIN)
def revoke_key(visitor: Visitor, key_id: str) -> ResponseReturnValue:
    """A key that opens nothing any more."""
    with services().sessions() as session, session.begin():
        api_keys.revoke(session, visitor.account_id, key_id, services().clock())
    return page(visitor, kept="key")


@routes.post("/hooks/<hook_id>/end")
@page_for(Role.ADMIN)
def end_hook(visitor: Visitor, hook_id: str) -> ResponseReturnValue:
    """Nobody is told at this address any more; ending what is not there is no error."""
    with services().sessions() as session, session.begin():
        hooks.get(session, visitor.account_id, hook_id)
        hooks.remove(session, visitor.account_id, hook_id, services().clock())
    return page(visitor, kept="hook")


@routes.post("/kept")
@page_for(Role.ADMIN)
def keep_for(visitor: Visitor) -> ResponseReturnValue:
    """How long documents and jobs are kept."""
    said = {name: request.form.get(name, "") for name in keeping.LABELS}
    try:
        with services().sessions() as session, session.begin():
            keeping.keep(accounts.get(session, visitor.account_id), said)
    except InvalidInput as error:
        return page(visitor, error=error.message), error.status
    return page(visitor, kept="office")


def _keep_office(account: Account, said: dict[str, str]) -> None:
    """InvalidInput with a sentence for what cannot be."""
    names = [name for line in said["names"].splitlines() if (name := tidy(line))]
    if not names:
        raise InvalidInput("Write at least one name that certificates are issued to.")
    if said["zone"] not in available_timezones():
        raise InvalidInput("Choose a time zone from the list, for example America/Chicago.")
    if said["rule_set"] not in services().rule_sets:
        raise InvalidInput("Choose one of the rule sets.")
    if (
        not fullmatch(r"(?a)\d{1,4}", said["minutes"])
        or not 1 <= int(said["minutes"]) <= MOST_MINUTES
    ):
        raise InvalidInput(f"Minutes: write a whole number from 1 to {MOST_MINUTES}.")
    account.legal_names, account.time_zone = names, said["zone"]
    chosen = {"rule_set": said["rule_set"], "review_minutes": int(said["minutes"])}
    chosen["mail_notices"] = said["mail_notices"] == "on"
    account.settings = {**account.settings, **chosen}


@routes.post("/mail")
@page_for(Role.ADMIN)
def try_mail(visitor: Visitor) -> ResponseReturnValue:
    """Where answers go is kept; with a mail server a mail goes to the visitor, to see it work."""
    office = request.form.get("office_email", "").strip()
    try:
        kept = address(office, "Office e-mail", "office_email") if office else ""
        with services().sessions() as session, session.begin():
            account = accounts.get(session, visitor.account_id)
            account.settings = {**account.settings, "office_email": kept or None}
        sent = _send_test(visitor, kept) if request.form.get("try") else None
    except ConnectorError as error:
        return page(visitor, office_email=office, error=error.message), error.status
    return page(visitor, sent=sent, kept="mail")


def _send_test(visitor: Visitor, office: str) -> str:
    with services().readers() as session:
        person = users.get(session, visitor.account_id, visitor.user_id or "")
    return send_test(person.email, office or None, services().settings, services().clock())


def page(
    visitor: Visitor,
    *,
    said: dict[str, str] | None = None,
    error: str | None = None,
    secret: str | None = None,
    kept: str | None = None,
    link: tuple[str, str] | None = None,
    colleague: dict[str, str] | None = None,
    office_email: str | None = None,
    sent: str | None = None,
    known_keys: Sequence[str] = (),
) -> str:
    """All steps; what was typed into one that could not be kept stands in it again."""
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
        keys = [key for key in api_keys.of_account(session, account.id) if not key.revoked_at]
        return render_template(
            "setup.html",
            said=said or _known(account),
            is_named=bool(account.legal_names),
            error=error,
            secret=secret,
            kept=kept,
            keys=keys,
            days={name: account.settings.get(name, "") for name in keeping.LABELS},
            zones=sorted(zone for zone in available_timezones() if "/" in zone),
            rule_sets=services().rule_sets.values(),
            connected=_connected(session, account.id),
            sends_mail=bool(services().settings.smtp_host),
            has_certificate=bool(certificates.search(session, account.id, limit=1)),
            address=services().settings.public_url,
            people=[each for each in users.of_account(session, account.id) if not each.ended_at],
            let_out=[each for each in users.of_account(session, account.id) if each.ended_at],
            roles=ROLES,
            link=link,
            colleague=colleague or {"email": "", "called": "", "role": Role.REVIEWER.value},
            office_email=office_email or account.settings.get("office_email") or "",
            sent=sent,
            known_keys=known_keys,
            going_on=[
                (hook, urlsplit(hook.target_url).hostname)
                for hook in hooks.of_revoked_keys(session, account.id)
            ],
        )


def _known(account: Account) -> dict[str, str]:
    return {
        "names": "\n".join(account.legal_names),
        "zone": account.time_zone,
        "rule_set": str(account.settings.get("rule_set") or DEFAULT_RULE_SET),
        "minutes": str(account.settings.get("review_minutes", DEFAULT_MINUTES)),
        "mail_notices": "on" if account.settings.get("mail_notices") else "",
    }


def _connected(session: Session, account_id: str) -> dict[str, bool]:
    places = ("procore", "google_sheets", "buildertrend", "gcpay")
    return {p: connections.of_destination(session, account_id, p) is not None for p in places}
