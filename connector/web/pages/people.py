"""/setup/people: an administrator lets colleagues in, gives them a new link, and lets them out."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.actions import person_erasure
from connector.certificate.values import tidy
from connector.errors import Conflict, InvalidInput
from connector.storage import api_keys, login_links, logins, users
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
        known = api_keys.made_by(session, person, services().clock())
    return page(visitor, kept="person", known_keys=[key.name for key in known])


@routes.get("/<user_id>/erase")
@page_for(Role.ADMIN)
def ask_to_erase(visitor: Visitor, user_id: str) -> ResponseReturnValue:
    """What would change, and a field for the person's address."""
    return _erase_page(visitor, _let_out(visitor, user_id))


@routes.post("/<user_id>/erase")
@page_for(Role.ADMIN)
def erase(visitor: Visitor, user_id: str) -> ResponseReturnValue:
    """Erased, once the address was typed as it stands."""
    person = _let_out(visitor, user_id)
    if request.form.get("email", "").strip().lower() != person.email:
        said = "Type the address exactly as it stands above."
        return _erase_page(visitor, person, said), 422
    gone = person_erasure.erase(person.email, visitor.caller, services())
    return render_template("person_erased.html", left=person_erasure.told(gone))


def _let_out(visitor: Visitor, user_id: str) -> User:
    """The person. Conflict while they are let in still: nobody erases themselves."""
    with services().readers() as session:
        person = users.get(session, visitor.account_id, user_id)
    if person.ended_at is None:
        raise Conflict(f"{person.name} is still let in. Let them out first.")
    return person


def _erase_page(visitor: Visitor, person: User, error: str | None = None) -> str:
    planned = person_erasure.plan(person.email, visitor.caller, services())
    return render_template(
        "person_erase.html",
        person=person,
        counts=planned.counts,
        left=person_erasure.told(planned),
        error=error,
    )


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError:
        raise InvalidInput("Choose one of the roles.", field="role") from None


def _link(session: Session, person: User) -> str:
    secret = login_links.create(session, person, LINK_LASTS, services().clock())
    return f"{services().settings.public_url}/login/link/{secret}"
