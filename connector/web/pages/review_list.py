"""/review: the certificates that wait for a person, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import review
from connector.storage import certificates
from connector.storage.certificates import Search, StoredCertificate
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("review_list", __name__)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list."""

    id: str
    insured: str
    words: str


@routes.get("/review")
@page_for(Role.VIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """A page of them; `before` is the number of the last one of the page before."""
    before = request.args.get("before", type=int)
    wanted = Search(needs_review=True, before=before)
    with services().readers() as session:
        found = list(certificates.search(session, visitor.account_id, wanted, PAGE_SIZE + 1))
    rows = [_waiting(row) for row in found[:PAGE_SIZE]]
    following = found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None
    return render_template("review_list.html", rows=rows, next=following)


def _waiting(row: StoredCertificate) -> Waiting:
    doubtful = review.doubts(row.certificate)
    labels = [each.field.label for each in doubtful[:3]]
    more = f" and {len(doubtful) - 3} more" if len(doubtful) > 3 else ""
    said = f"{'; '.join(labels)}{more}" if labels else "more than one certificate in the document"
    return Waiting(row.id, row.insured_name or "Insured not read", said)
