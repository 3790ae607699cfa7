"""Who is looking at a page: the person behind the browser's cookie, and what they may do.

A page is a view under `page_for`, which hands it the visitor first:

    @routes.get("/connect/procore")
    @page_for(Role.ADMIN)
    def begin(visitor: Visitor) -> ResponseReturnValue:
        ... connections.of_destination(session, visitor.account_id, "procore") ...

Nobody logged in: the login page, which leads back here. A role too low: 403. Every query a page
makes is scoped to `visitor.account_id`. Forms need `{{ csrf_field() }}` (see forms.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from connector.actions.services import Caller
from connector.errors import Forbidden, NotFound
from connector.storage import logins
from connector.storage.actor import Actor, Through, acting
from connector.storage.logins import Login
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.headers import is_https

_LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Visitor:
    """A logged-in person. `person` signs what they change.

    Whoever came by a review link has no `user_id` and may see `only_certificate_id` alone.
    """

    account_id: str
    person: str
    role: Role
    user_id: str | None
    only_certificate_id: str | None = None

    def may(self, needed: Role) -> bool:
        return self.role.may(needed)

    @property
    def caller(self) -> Caller:
        """The visitor as actions know whom they work for."""
        return Caller(self.account_id)


View = Callable[..., ResponseReturnValue]


def page_for(needed: Role) -> Callable[[View], View]:
    """A view for people of at least this role; see the module's own words.

    Visitors by a review link see only addresses that name their certificate as `certificate_id`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            visitor = current_visitor()
            if visitor is None:
                return _to_login()
            _require(visitor, needed, kwargs.get("certificate_id"))
            with acting(Actor(Through.PAGE, visitor.user_id, visitor.person)):
                return view(visitor, *args, **kwargs)

        shown.needs_role = needed  # type: ignore[attr-defined]  # asked for by the tests
        return shown

    return decorate


def current_visitor() -> Visitor | None:
    """The person behind this request's cookie, if there is one."""
    if "visitor" not in g:
        g.visitor = _visitor()
    found: Visitor | None = g.visitor
    return found


def cookie_name() -> str:
    """With https the browser itself sees to it that no other host has set it (`__Host-`)."""
    return "__Host-coi" if is_https(services().settings) else "coi"


def remember(response: Response, secret: str) -> Response:
    """Give the browser the secret of its login."""
    set_cookie(response, cookie_name(), secret, max_age=int(logins.LONGEST.total_seconds()))
    return response


def forget(response: Response) -> Response:
    """Take it away again."""
    set_cookie(response, cookie_name(), "", max_age=0)
    return response


def set_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    """A cookie that no script reads and no other site sends with its forms."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=is_https(services().settings),
        httponly=True,
        samesite="Lax",
    )


def _visitor() -> Visitor | None:
    secret, now = request.cookies.get(cookie_name()), services().clock()
    if not secret:
        return None
    with services().readers() as session:
        login = logins.find(session, secret, now)
    if login is None:
        return None
    if logins.is_use_to_be_noted(login, now):
        with services().sessions() as session, session.begin():
            logins.note_use(session, login.id, now)
    return _of(login)


def _of(login: Login) -> Visitor:
    return Visitor(
        login.account_id,
        login.person,
        Role(login.role),
        login.user_id,
        login.only_certificate_id,
    )


def _require(visitor: Visitor, needed: Role, certificate_id: str | None) -> None:
    if visitor.only_certificate_id is not None and visitor.only_certificate_id != certificate_id:
        raise NotFound("Your link opens one certificate only. Log in to see more.")
    if not visitor.may(needed):
        raise Forbidden(
            f"This needs the role {needed.value}; yours is {visitor.role.value}. "
            "Ask whoever manages the connector in your office."
        )


def _to_login() -> ResponseReturnValue:
    """To the login page, and from there back to where a person wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    query = urlencode({"next": wanted}) if 1 < len(wanted) <= _LONGEST_ADDRESS else ""
    return redirect(f"/login?{query}" if query else "/login", 303)
