"""Links for one named reviewer: signed, good for one certificate and a few days, logged as them."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector import links
from connector.certificate.values import tidy
from connector.errors import Forbidden, InvalidInput, LinkRefused
from connector.storage import audit, certificates, logins
from connector.storage.audit import Act
from connector.storage.certificates import StoredCertificate
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.visitor import Visitor, current_visitor, page_for, remember

routes = Blueprint("review_link", __name__, url_prefix="/review")

PURPOSE = "review"
LASTS = timedelta(days=3)
LONGEST_NAME = 80


@routes.get("/<certificate_id>/ask")
@page_for(Role.REVIEWER)
def show(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """The form: who is to look at this certificate."""
    _require_user(visitor)
    row = _row(visitor.account_id, certificate_id)
    return render_template(
        "review_ask.html", row=row, person="", link=None, error=None, days=LASTS.days
    )


@routes.post("/<certificate_id>/ask")
@page_for(Role.REVIEWER)
def make(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """The link, to be copied into a message to that person."""
    _require_user(visitor)
    row = _row(visitor.account_id, certificate_id)
    person = tidy(request.form.get("person", ""))[:LONGEST_NAME]
    try:
        link = link_for(row, person)
        _note(row, person)
    except InvalidInput as error:
        said = {"person": person, "link": None, "error": error.message, "days": LASTS.days}
        return render_template("review_ask.html", row=row, **said), error.status
    said = {"person": person, "link": link, "error": None, "days": LASTS.days}
    return render_template("review_ask.html", row=row, **said)


@routes.get("/link/<token>")
def arrive(token: str) -> ResponseReturnValue:
    """Who was asked to do what, and a button: looking at a link is not yet a login."""
    row, person = _opened(token)
    visitor = current_visitor()
    if visitor is not None and visitor.account_id == row.account_id and visitor.user_id:
        return redirect(f"/review/{row.id}", 303)
    return render_template("review_link.html", row=row, person=person)


@routes.post("/link/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Log the named person in for this one certificate."""
    row, person = _opened(token)
    with services().sessions() as session, session.begin():
        secret = logins.begin_review(session, row.account_id, row.id, person, services().clock())
    return remember(redirect(f"/review/{row.id}", 303), secret)  # type: ignore[arg-type]


def link_for(row: StoredCertificate, person: str) -> str:
    """A link that opens this certificate's review to `person`. InvalidInput without a name."""
    if not person:
        raise InvalidInput("Write who is asked: the changes are signed with this name.")
    subject = json.dumps([row.account_id, row.id, person])
    now, keys = services().clock(), services().settings.secret_keys
    token = links.sign(PURPOSE, subject, now + LASTS, keys)
    return services().page_url(f"/review/link/{token}")


def _note(row: StoredCertificate, person: str) -> None:
    with services().sessions() as session, session.begin():
        audit.record(
            session,
            row.account_id,
            Act.REVIEW_LINK_MADE,
            services().clock(),
            vendor_id=row.vendor_id,
            certificate_id=row.id,
            details={"for": person, "days": LASTS.days},
        )


def _require_user(visitor: Visitor) -> None:
    """Whoever came by a link passes none on: the office chose that person."""
    if visitor.user_id is None:
        raise Forbidden("Only people of the office can ask somebody else.")


def _opened(token: str) -> tuple[StoredCertificate, str]:
    """The certificate and the person of a link. LinkRefused or LinkExpired."""
    subject = links.verify(PURPOSE, token, services().settings.secret_keys, services().clock())
    try:
        account_id, certificate_id, person = json.loads(subject)
    except ValueError:
        raise LinkRefused("This link is not ours.") from None
    return _row(account_id, certificate_id), f"{person} (by link)"


def _row(account_id: str, certificate_id: str) -> StoredCertificate:
    with services().readers() as session:
        return certificates.get(session, account_id, certificate_id)
