"""/setup/people: an administrator lets colleagues in, gives them a new link, and lets them out."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.certificate.values import tidy
from connector.errors import InvalidInput
from connector.storage import login_links, logins, users
from connector.storage.users import Role, User
from connector.web.auth import services
from connector.web.pages.setup import page
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("people", __name__, url_prefix="/setup/people")

LINK_LASTS = timedelta(days=3)


@routes.post("")
@page_for(Role.ADMIN)
def add(visitor: Visitor) -> ResponseReturnValue:
    """A colleague, and the link that lets them choose a password; it is shown this once."""
    said = {name: request.form.get(name, "") for name in ("email", "called", "role")}
    now = services().clock()
    try:
        with services().sessions() as session, session.begin():
            person = users.add(
                session,
                visitor.account_id,
                said["email"],
                name=tidy(said["called"])[:100] or said["email"].partition("@")[0],
                role=_role(said["role"]),
                now=now,
            )
            link = _link(session, person)
            name = person.name
    except InvalidInput as error:
        return page(visitor, colleague=said, error=error.message), error.status
    return page(visitor, link=(name, link))


@routes.post("/<user_id>/link")
@page_for(Role.ADMIN)
def new_link(visitor: Visitor, user_id: str) -> ResponseReturnValue:
    """For a forgotten password, or a link that has run out; older ones end."""
    with services().sessions() as session, session.begin():
        person = users.get(session, visitor.account_id, user_id)
        if person.ended_at is not None:
            raise InvalidInput(f"{person.name} is let in no more. Let them in anew.")
        name, link = person.name, _link(session, person)
    return page(visitor, link=(name, link))


@routes.post("/<user_id>/end")
@page_for(Role.ADMIN)
def end(visitor: Visitor, user_id: str) -> ResponseReturnValue:
    """Somebody who is let in no more, in any browser; never oneself, so that somebody stays."""
    if user_id == visitor.user_id:
        said = "You cannot let yourself out. Another administrator can."
        return page(visitor, error=said), 422
    with services().sessions() as session, session.begin():
        person = users.get(session, visitor.account_id, user_id)
        logins.let_out(session, person, services().clock())
    return page(visitor, kept="person")


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError:
        raise InvalidInput("Choose one of the roles.", field="role") from None


def _link(session: Session, person: User) -> str:
    secret = login_links.create(session, person, LINK_LASTS, services().clock())
    return f"{services().settings.public_url}/login/link/{secret}"
