"""/review/{id}: the doubtful values of a certificate, one after another, until all are settled."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import review
from connector.certificate.entries import entry_at, entry_json
from connector.certificate.field import Field
from connector.certificate.fields import BY_KEY, ENTRY_PATHS
from connector.certificate.model import Certificate
from connector.errors import Conflict, InvalidInput, NotFound
from connector.storage import certificates, corrections
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.review_sheet import SEEN_BY, VERDICT_WORDS, sheet, unmatched
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("review", __name__, url_prefix="/review")

CHANGED = (
    "Somebody else has set this value meanwhile. This is how it stands now; change it again if it "
    "is still not right."
)


@routes.get("/<certificate_id>")
@page_for(Role.VIEWER)
def show(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """The value asked for by `at`, else the first doubtful one, with the rest beside it."""
    return _page(visitor, certificate_id, request.args.get("at"))


@routes.post("/<certificate_id>/value")
@page_for(Role.REVIEWER)
def settle(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """Set one value by what was typed, else by the reading that was chosen; on to the next."""
    field = field_of(request.form.get("field", ""))
    typed = _said(request.form.get("typed", ""), request.form.get("reading"))
    try:
        with services().sessions() as session, session.begin():
            row = certificates.get(session, visitor.account_id, certificate_id)
            if request.form.get("seen") != fingerprint(row.certificate, field):
                raise Conflict(CHANGED)
            if typed is None:
                raise InvalidInput("Choose a reading, or type what the certificate says.")
            review.correct(session, row, field.key, typed, visitor.person, services())
    except (InvalidInput, Conflict) as error:
        page = _page(visitor, certificate_id, field.key, error.message, typed or "")
        return page, error.status
    return _back(certificate_id)


@routes.post("/<certificate_id>/undo")
@page_for(Role.REVIEWER)
def undo(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """Take the last change back and look at its value again."""
    with services().sessions() as session, session.begin():
        row = certificates.get(session, visitor.account_id, certificate_id)
        undone = corrections.undo(session, row, by=visitor.person, now=services().clock())
    return _back(certificate_id, at=undone.path.replace(".", "_") if undone else None)


@routes.post("/<certificate_id>/finish")
@page_for(Role.REVIEWER)
def finish(visitor: Visitor, certificate_id: str) -> ResponseReturnValue:
    """Check again and send what waits."""
    check = review.finish(visitor.caller, certificate_id, services())
    return _back(certificate_id, done=str(check["check_id"]))


def field_of(key: str) -> Field:
    """The field of a flat key that stands on the form. NotFound for any other text."""
    field = BY_KEY.get(key)
    if field is None or field.path not in ENTRY_PATHS:
        raise NotFound("There is no such value on a certificate.")
    return field


def fingerprint(certificate: Certificate, field: Field) -> str:
    """What an entry is like, so that a change by somebody else is noticed."""
    entry = json.dumps(entry_json(entry_at(certificate, field.path)), sort_keys=True)
    return hashlib.sha256(entry.encode()).hexdigest()[:16]


def _said(typed: str, reading: str | None) -> str | None:
    """What was typed wins over what was chosen; None when neither was."""
    return typed.strip() or reading


def _page(
    visitor: Visitor,
    certificate_id: str,
    at: str | None,
    error: str | None = None,
    typed: str = "",
) -> str:
    with services().readers() as session:
        row = certificates.get(session, visitor.account_id, certificate_id)
        found = sheet(session, row, field_of(at) if at else None, services())
    return render_template(
        "review.html",
        sheet=found,
        fingerprint=fingerprint(row.certificate, found.current.field) if found.current else "",
        error=error,
        typed=typed,
        done=request.args.get("done"),
        may_change=visitor.may(Role.REVIEWER),
        seen_by=SEEN_BY,
        verdict_words=VERDICT_WORDS,
        unmatched=unmatched,
    )


def _back(certificate_id: str, **query: str | None) -> ResponseReturnValue:
    """To the review, at its next doubtful value unless the query says where."""
    said = urlencode({name: value for name, value in query.items() if value})
    return redirect(f"/review/{certificate_id}" + (f"?{said}" if said else ""), 303)
