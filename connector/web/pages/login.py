"""Logging in and out: by password, or once by a link; every failure makes the next try wait."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.errors import InvalidInput, LinkExpired, NotFound
from connector.storage import login_failures, login_links, logins, passwords, users
from connector.storage.users import Role, User
from connector.web.auth import services
from connector.web.pages import login_tries
from connector.web.pages.forms import local_address
from connector.web.pages.visitor import (
    Visitor,
    cookie_name,
    current_visitor,
    forget,
    page_for,
    remember,
)

routes = Blueprint("login", __name__)

WRONG = "The address or the password is not right. Both are asked for; capital letters count."
TOO_MANY = "Too many tries. Wait {wait}, then try again."
BY_MAIL = " Or have a link mailed, which lets you in at once."
BY_LINK = " Or ask an administrator of your office for a link, which lets you in at once."
LINK_GONE = (
    "This link was used already, or has expired. Ask whoever manages the connector in your office "
    "for a new one."
)


@routes.get("/login")
def show() -> ResponseReturnValue:
    """The login form; whoever is logged in already goes on."""
    wanted = local_address(request.args.get("next"))
    if current_visitor() is not None:
        return redirect(wanted, 303)
    return login_page(wanted)


@routes.post("/login")
def log_in() -> ResponseReturnValue:
    """To where the person wanted to go, or the form again with what was typed."""
    email = request.form.get("email", "").strip()
    wanted = local_address(request.form.get("next"))
    seconds = login_tries.take(login_tries.for_a_login(email))
    if seconds:
        said = TOO_MANY.format(wait=in_words(seconds))
        said += BY_MAIL if services().settings.smtp_host else BY_LINK
        return login_page(wanted, email, said, 429, {"Retry-After": str(seconds)})
    user = _check(email, request.form.get("password", ""))
    if user is None:
        login_tries.note_failure(email)
        return login_page(wanted, email, WRONG, 401)
    return _go_in(user, wanted)


@routes.post("/logout")
def log_out() -> ResponseReturnValue:
    """The login ends here and on the server."""
    with services().sessions() as session, session.begin():
        logins.end(session, request.cookies.get(cookie_name(), ""), services().clock())
    return forget(redirect("/login", 303))  # type: ignore[arg-type]


@routes.get("/login/link/<secret>")
def show_link(secret: str) -> ResponseReturnValue:
    """A page with a button: programs that look at the links in mails use nothing up."""
    with services().sessions() as session, session.begin():
        user = login_links.person_of(session, secret, services().clock())
    if user is None:
        raise LinkExpired(LINK_GONE)
    return render_template("login_link.html", user=user, error=None)


@routes.post("/login/link/<secret>")
def use_link(secret: str) -> ResponseReturnValue:
    """Logged in; whoever has no password yet, or types a new one, has it from now on."""
    now, typed = services().clock(), request.form.get("password", "")
    with services().sessions() as session, session.begin():
        user = login_links.person_of(session, secret, now)
        if user is None:
            raise LinkExpired(LINK_GONE)
        if typed or user.password is None:
            try:
                logins.choose_password(session, user, typed, now)  # this link ends with the others
            except InvalidInput as error:
                return render_template("login_link.html", user=user, error=error.message), 422
        else:
            login_links.use(session, secret, now)
        return _inside(session, user, "/")


@routes.get("/password")
@page_for(Role.VIEWER)
def show_password(visitor: Visitor) -> ResponseReturnValue:
    """The form for a new password."""
    return render_template("password.html", error=None)


@routes.post("/password")
@page_for(Role.VIEWER)
def change_password(visitor: Visitor) -> ResponseReturnValue:
    """The new password; all other logins of the person end."""
    if visitor.user_id is None:
        raise NotFound("A link has no password.")
    asked = login_tries.for_the_old_password(visitor.user_id)
    if seconds := login_tries.take(asked):
        said = TOO_MANY.format(wait=in_words(seconds))
        return render_template("password.html", error=said), 429, {"Retry-After": str(seconds)}
    with services().sessions() as session, session.begin():
        user = users.get(session, visitor.account_id, visitor.user_id)
        try:
            if not passwords.fits(user.password, request.form.get("old", "")):
                raise InvalidInput("The present password is not right.", field="old")
            login_failures.forget(session, asked)
            logins.choose_password(
                session, user, request.form.get("password", ""), services().clock()
            )
        except InvalidInput as error:
            return render_template("password.html", error=error.message), 422
        return _inside(session, user, "/")


def login_page(
    wanted: str,
    email: str = "",
    error: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    note: str | None = None,
) -> ResponseReturnValue:
    """The login form with what was typed, and what is wrong or was done."""
    with services().readers() as session:
        anyone = users.is_there_anyone(session)
    mails = bool(services().settings.smtp_host)
    said = {"next": wanted, "email": email, "error": error, "note": note}
    page = render_template("login.html", **said, anyone=anyone, sends_mail=mails)
    return page, status, headers or {}


def _check(email: str, password: str) -> User | None:
    """The person, when the password is theirs."""
    with services().readers() as session:
        user = users.by_email(session, email)
    if not passwords.fits(user.password if user else None, password):
        return None
    return user


def _go_in(user: User, wanted: str) -> ResponseReturnValue:
    with services().sessions() as session, session.begin():
        login_tries.forgive(session, user.email)
        return _inside(session, user, wanted)


def _inside(session: Session, user: User, wanted: str) -> ResponseReturnValue:
    """Logged in, in a browser that is known as this person's from now on."""
    response: Any = redirect(wanted, 303)
    remember(response, logins.begin(session, user, services().clock()))
    login_tries.know_browser(response, user.email)
    return response  # type: ignore[no-any-return]


def in_words(seconds: int) -> str:
    """ "40 seconds", or "3 minutes"."""
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
