"""Pictures of documents: drawn anew from the page in a child process, never the bytes that came."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from connector.certificate.entries import entry_at
from connector.certificate.entry import Box
from connector.errors import NotFound
from connector.extraction.whole import View
from connector.storage import certificates, documents, endorsement_pages
from connector.storage.certificates import StoredCertificate
from connector.storage.documents import StoredDocument
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.review import field_of
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("pictures", __name__, url_prefix="/review")

ONE_HOUR = 3600


@routes.get("/<certificate_id>/value/<key>.png")
@page_for(Role.VIEWER)
def value(visitor: Visitor, certificate_id: str, key: str) -> Response:
    """What stands around a value on its page, less of it for a `narrow` screen.

    NotFound when nobody knows where that is.
    """
    row, document = _found(visitor, certificate_id)
    seen = entry_at(row.certificate, field_of(key).path).evidence
    if seen is None or seen.box is None:
        raise NotFound("Nobody knows where on the page this value stands.")
    view = View.NARROW_VALUE if "narrow" in request.args else View.VALUE
    return _picture(document, seen.page, seen.box, view)


@routes.get("/<certificate_id>/page/<int:number>.png")
@page_for(Role.VIEWER)
def page(visitor: Visitor, certificate_id: str, number: int) -> Response:
    """A whole page, with the place of the value `at` outlined where it stands on it."""
    row, document = _found(visitor, certificate_id)
    if not 1 <= number <= (document.page_count or 1):
        raise NotFound("The document has no such page.")
    seen = None
    if at := request.args.get("at"):
        seen = entry_at(row.certificate, field_of(at).path).evidence
    box = seen.box if seen is not None and seen.page == number else None
    return _picture(document, number, box, View.PAGE)


@routes.get("/<certificate_id>/endorsement/<page_id>.png")
@page_for(Role.VIEWER)
def endorsement(visitor: Visitor, certificate_id: str, page_id: str) -> Response:
    """An endorsement page of the certificate's vendor that came alone, its form number outlined."""
    with services().readers() as session:
        row = certificates.get(session, visitor.account_id, certificate_id)
        mine = endorsement_pages.of_vendor(session, row.account_id, row.vendor_id or "")
        page = next((each for each in mine if each.id == page_id), None)
        if page is None:
            raise NotFound("There is no such endorsement page.")
        document = documents.get(session, row.account_id, page.document_id)
    return _picture(document, page.page, page.said.evidence.box, View.PAGE)


def _found(visitor: Visitor, certificate_id: str) -> tuple[StoredCertificate, StoredDocument]:
    with services().readers() as session:
        row = certificates.get(session, visitor.account_id, certificate_id)
        return row, documents.get(session, visitor.account_id, row.document_id)


def _picture(document: StoredDocument, number: int, box: Box | None, view: View) -> Response:
    """The PNG, which the browser keeps for an hour for this person alone."""
    of = hashlib.sha256(f"{document.sha256} {number} {box} {view}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(of):
        response = Response(status=304)
    else:
        data = services().documents.get(document.sha256)
        drawn = services().reader.show(data, document.name, number, box, view)
        response = Response(drawn, mimetype="image/png")
    response.set_etag(of)
    response.headers["Cache-Control"] = f"private, max-age={ONE_HOUR}"
    return response
