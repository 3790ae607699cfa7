"""Links for one named reviewer: signed, good for one certificate and a few days, logged as them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import sent_links
from connector.certificate.values import tidy
from connector.errors import Forbidden, InvalidInput
from connector.storage import certificates, logins
from connector.storage.certificates import StoredCertificate
from connector.storage.sent_links import LinkKind, SentLink
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.links_out import out
from connector.web.pages.visitor import Visitor, current_visitor, page_for, remember

routes = Blueprint("review_link", __name__, url_prefix="/review")


@routes.get("/<certificate_id>/ask")
@page_for(Role.REVIEWER)
def show(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """The form: who is to look at this certificate."""
    _require_user(visitor)
    return _page(_row(visitor.account_id, certificate_id))


@routes.post("/<certificate_id>/ask")
@page_for(Role.REVIEWER)
def make(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """The link, to be copied into a message to that person."""
    _require_user(visitor)
    row = _row(visitor.account_id, certificate_id)
    person = tidy(request.form.get("person", ""))
    try:
        with services().sessions() as session, session.begin():
            link = sent_links.make_review(session, row, person, services())
    except InvalidInput as error:
        return _page(row, error=error.message), error.status
    return _page(row, link=link)


@routes.get("/link/<token>")
def arrive(token: str) -> ResponseReturnValue:
    """Who was asked to do what, and a button: looking at a link is not yet a login."""
    link, row = _opened(token)
    visitor = current_visitor()
    if visitor is not None and visitor.account_id == row.account_id and visitor.user_id:
        return redirect(f"/review/{row.id}", 303)
    return render_template("review_link.html", row=row, person=link.person)


@routes.post("/link/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Log the named person in for this one certificate."""
    link, row = _opened(token)
    with services().sessions() as session, session.begin():
        secret = logins.begin_review(session, link, services().clock())
    return remember(redirect(f"/review/{row.id}", 303), secret)  # type: ignore[arg-type]


def _page(row: StoredCertificate, *, link: SentLink | None = None, error: str | None = None) -> str:
    """The form, or the link that was made; and the links that are out, to be taken back."""
    return render_template(
        "review_ask.html",
        row=row,
        person=link.person if link else "",
        link=sent_links.address(link, services()) if link else None,
        error=error,
        days=sent_links.LASTS[LinkKind.REVIEW].days,
        out=out(row.account_id, certificate_id=row.id),
        back=f"/review/{row.id}/ask",
    )


def _require_user(visitor: Visitor) -> None:
    """Whoever came by a link passes none on: the office chose that person."""
    if visitor.user_id is None:
        raise Forbidden("Only people of the office can ask somebody else.")


def _opened(token: str) -> tuple[SentLink, StoredCertificate]:
    """The link and its certificate. LinkRefused or LinkExpired."""
    link = sent_links.opened(LinkKind.REVIEW, token, services())
    return link, _row(link.account_id, str(link.certificate_id))


def _row(account_id: str, certificate_id: str) -> StoredCertificate:
    with services().readers() as session:
        return certificates.get(session, account_id, certificate_id)
