"""/first/TOKEN: the first person of an empty service lets themselves in.

`connector serve` prints the link while nobody can log in. It opens nothing once somebody can, and
its token is signed by this service, so that being the first to find the address is not enough.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector import links
from connector.actions.first_person import PURPOSE
from connector.certificate.values import tidy
from connector.errors import InvalidInput, LinkExpired
from connector.storage import accounts, logins, passwords, users
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.locks import alone
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages import login_tries
from connector.web.pages.visitor import remember

routes = Blueprint("first", __name__, url_prefix="/first")

SOMEBODY_IS_IN = (
    "Somebody can log in to this connector already, so this link opens nothing any more. Ask them "
    "to let you in: Set up, Colleagues."
)


@routes.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """The form for address, name and password."""
    _require_empty(token)
    return _page()


@routes.post("/<token>")
def let_in(token: str) -> ResponseReturnValue:
    """An administrator, logged in and at the set-up."""
    _require_empty(token)
    now = services().clock()
    said = {name: request.form.get(name, "") for name in ("email", "name")}
    try:
        with services().sessions() as session, session.begin():
            alone(session, "first person")  # of two who come at once, one is let in
            if users.is_there_anyone(session):
                raise LinkExpired(SOMEBODY_IS_IN)
            account = accounts.named(session, FIRST_ACCOUNT, now)
            name = tidy(said["name"])[:100] or said["email"].partition("@")[0]
            person = users.add(
                session, account.id, said["email"], name=name, role=Role.ADMIN, now=now
            )
            person.password = passwords.digest(request.form.get("password", ""), person.email)
            secret = logins.begin(session, person, now)
    except InvalidInput as error:
        return _page(said, error.message), error.status
    answer: Response = redirect("/setup", 303)  # type: ignore[assignment]
    login_tries.know_browser(answer, person.email)
    return remember(answer, secret)


def _require_empty(token: str) -> None:
    """LinkRefused, LinkExpired: not our link, its time is over, or somebody is in."""
    links.verify(PURPOSE, token, services().settings.secret_keys, services().clock())
    with services().readers() as session:
        if users.is_there_anyone(session):
            raise LinkExpired(SOMEBODY_IS_IN)


def _page(said: dict[str, str] | None = None, error: str | None = None) -> str:
    return render_template("first.html", said=said or {"email": "", "name": ""}, error=error)
