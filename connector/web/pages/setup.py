"""/setup: from an empty service to the first certificate, in steps that can be left and returned to."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions.check_certificate import DEFAULT_RULE_SET
from connector.certificate.values import tidy
from connector.errors import InvalidInput
from connector.storage import accounts, api_keys, certificates, connections
from connector.storage.accounts import Account
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.board import DEFAULT_MINUTES
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("setup", __name__, url_prefix="/setup")

MOST_MINUTES = 240
LONGEST_NAME = 100


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """All steps, each with whether it is done."""
    return _page(visitor)


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
        return _page(visitor, said=said, error=error.message), error.status
    return _page(visitor, kept="office")


@routes.post("/key")
@page_for(Role.ADMIN)
def make_key(visitor: Visitor) -> ResponseReturnValue:
    """A new API key, shown this once."""
    name = tidy(request.form.get("name", ""))[:LONGEST_NAME] or "Zapier"
    with services().sessions() as session, session.begin():
        _, secret = api_keys.create(
            session, visitor.account_id, name, services().clock(), scopes=api_keys.USUAL
        )
    return _page(visitor, secret=secret)


@routes.post("/keys/<key_id>/revoke")
@page_for(Role.ADMIN)
def revoke_key(visitor: Visitor, key_id: str) -> ResponseReturnValue:
    """A key that opens nothing any more."""
    with services().sessions() as session, session.begin():
        api_keys.revoke(session, visitor.account_id, key_id, services().clock())
    return _page(visitor, kept="key")


def _keep_office(account: Account, said: dict[str, str]) -> None:
    """InvalidInput with a sentence for what cannot be."""
    names = [name for line in said["names"].splitlines() if (name := tidy(line))]
    if not names:
        raise InvalidInput("Write at least one name that certificates are issued to.")
    if said["zone"] not in available_timezones():
        raise InvalidInput("Choose a time zone from the list, for example America/Chicago.")
    if said["rule_set"] not in services().rule_sets:
        raise InvalidInput("Choose one of the rule sets.")
    if not said["minutes"].isdecimal() or not 1 <= int(said["minutes"]) <= MOST_MINUTES:
        raise InvalidInput(f"Minutes: write a whole number from 1 to {MOST_MINUTES}.")
    account.legal_names, account.time_zone = names, said["zone"]
    chosen = {"rule_set": said["rule_set"], "review_minutes": int(said["minutes"])}
    chosen["mail_notices"] = said["mail_notices"] == "on"
    account.settings = {**account.settings, **chosen}


def _page(
    visitor: Visitor,
    *,
    said: dict[str, str] | None = None,
    error: str | None = None,
    secret: str | None = None,
    kept: str | None = None,
) -> str:
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
            zones=sorted(zone for zone in available_timezones() if "/" in zone),
            rule_sets=services().rule_sets.values(),
            connected=_connected(session, account.id),
            sends_mail=bool(services().settings.smtp_host),
            has_certificate=bool(certificates.search(session, account.id, limit=1)),
            address=services().settings.public_url,
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
