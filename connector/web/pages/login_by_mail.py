"""/login/mail: a one-time link to log in, sent to the address that was typed."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connector.errors import NotFound
from connector.jobs.accept import accept
from connector.jobs.queues import EMAIL
from connector.storage import login_failures, users
from connector.storage.jobs import MAIL_LOGIN_LINK
from connector.storage.login_failures import Trier
from connector.web.auth import services
from connector.web.network import network
from connector.web.pages.forms import local_address
from connector.web.pages.login import in_words, login_page

routes = Blueprint("login_by_mail", __name__)

EMPTY = "Type your e-mail address first; the link goes there."
ON_ITS_WAY = (
    "If {email} may log in here, a link is on its way there. It works once, for 30 minutes. "
    "Nothing comes? Look among the unwanted mail, or ask whoever manages the connector."
)


@routes.post("/login/mail")
def ask() -> ResponseReturnValue:
    """The same answer whether the address is anybody's: nobody learns who works here."""
    if not services().settings.smtp_host:
        raise NotFound("No mail goes out from here. Ask whoever manages the connector for a link.")
    email = request.form.get("email", "").strip()
    wanted = local_address(request.form.get("next"))
    if not email:
        return login_page(wanted, error=EMPTY, status=422)
    seconds = _send(email)
    if seconds:
        said = f"A link was asked for several times. Wait {in_words(seconds)}, then ask again."
        return login_page(wanted, email, said, 429, {"Retry-After": str(seconds)})
    return login_page(wanted, email, note=ON_ITS_WAY.format(email=email))


def _send(email: str) -> int:
    """Let the worker mail a link; seconds to wait where too many were asked for, else 0.

    Every asking counts, so that nobody's mailbox is filled from here.
    """
    where = network()
    triers = Trier(f"link to {email.lower()}", free=3), Trier(f"links from {where}", free=20)
    now = services().clock()
    with services().sessions() as session, session.begin():
        pause = login_failures.wait(session, triers, now).total_seconds()
        if pause > 0:
            return max(1, round(pause))
        login_failures.note(session, triers, now)
        user = users.by_email(session, email)
        if user is not None:
            given = {"user_id": user.id}
            accept(session, user.account_id, None, MAIL_LOGIN_LINK, given, queue=EMAIL, now=now)
    return 0
