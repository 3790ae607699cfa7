"""Tries to log in, counted so that guessing is slow and nobody can lock a colleague out.

A browser in which a person was logged in before is known by a signed cookie (OWASP: "device
cookies"): its tries are counted by itself. All others are counted by address and by login. So
whoever types wrong passwords for somebody else makes strange browsers wait, and not the person in
their own; and from a strange one the person gets in by a link, which no wrong password stops. The
cookie opens nothing: a password is asked for all the same.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask import Response, request
from sqlalchemy.orm import Session

from connector import links
from connector.certificate.field import Scalar
from connector.errors import LinkExpired, LinkRefused
from connector.storage import audit, login_failures, users
from connector.storage.audit import Act
from connector.storage.login_failures import Trier
from connector.web.auth import services
from connector.web.headers import is_https
from connector.web.network import network
from connector.web.pages.visitor import set_cookie

PURPOSE = "known-browser"
KNOWN_FOR = timedelta(days=180)


def for_a_login(email: str) -> Sequence[Trier]:
    """What a try is counted by. A whole office behind one address gets more of them."""
    if browser := _known_browser(email):
        return [Trier(f"browser {browser}", free=5)]
    where = network()
    here = Trier(f"{_plain(email)}@{where}", free=5)
    return [here, Trier(where, free=30), Trier(_plain(email), free=50)]


def forgive(session: Session, email: str) -> None:
    """A good login takes its own failures back, never those that others made elsewhere."""
    own, *shared = for_a_login(email)
    login_failures.forget(session, [own])
    login_failures.take_back(session, shared)


def for_the_old_password(user_id: str) -> Sequence[Trier]:
    """By the person: only somebody who is logged in gets here, so nobody outside adds to it."""
    return [Trier(f"old password of {user_id}", free=5)]


def take(triers: Sequence[Trier]) -> int:
    """Seconds still to wait; 0 when this try is taken.

    It is counted as failed before the password is looked at, so that tries at the same moment
    are counted too; a good one takes the count back.
    """
    now = services().clock()
    with services().sessions() as session, session.begin():
        pause = login_failures.wait(session, triers, now).total_seconds()
        if pause > 0:
            return max(1, round(pause))
        login_failures.note(session, triers, now)
    return 0


def note_failure(email: str) -> None:
    """In the audit log of whose login it is, with where it came from; never what was typed.

    For an address of nobody's as much is written, to no account: how long the answer takes does
    not tell who works here.
    """
    now = services().clock()
    with services().sessions() as session, session.begin():
        user = users.whose_address(session, email)
        if user is None:
            login_failures.note(session, [Trier("nobody", free=0)], now)
            return
        said: dict[str, Scalar] = {"login": user.email, "from": network()}
        said["but"] = "let in no more" if user.ended_at else None
        act = Act.LOGIN_FAILED
        audit.record(session, user.account_id, act, now, subject=user.id, details=said)


def know_browser(response: Response, email: str) -> None:
    """The person was let in here: from now on the browser is one of theirs."""
    if _known_browser(email):
        return
    subject = json.dumps([_digest(email), secrets.token_urlsafe(16)])
    ends = services().clock() + KNOWN_FOR
    token = links.sign(PURPOSE, subject, ends, services().settings.secret_keys)
    set_cookie(response, _cookie(email), token, max_age=int(KNOWN_FOR.total_seconds()))


def _known_browser(email: str) -> str | None:
    """The name of this browser, where this person was logged in before."""
    token = request.cookies.get(_cookie(email), "")
    try:
        said = links.verify(PURPOSE, token, services().settings.secret_keys, services().clock())
    except (LinkRefused, LinkExpired):
        return None
    whose, browser = json.loads(said)
    return str(browser) if hmac.compare_digest(whose, _digest(email)) else None


def _cookie(email: str) -> str:
    """One for each person, because a front desk has one browser for several."""
    name = f"coi_known_{_digest(email)[:8]}"
    return f"__Host-{name}" if is_https(services().settings) else name


def _digest(email: str) -> str:
    """Whoever looks into the browser's cookies reads no address there."""
    return hashlib.sha256(_plain(email).encode()).hexdigest()


def _plain(email: str) -> str:
    return email.strip().lower()
