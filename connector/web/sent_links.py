"""POST /v1/links makes an upload link for a vendor, DELETE takes any link back; GET is a list."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from connector.actions import sent_links
from connector.actions.inputs import Input, load, text
from connector.errors import NotFound
from connector.storage import vendors
from connector.web.auth import caller, services

routes = Blueprint("sent_links", __name__, url_prefix="/v1/links")


class LinkInput(Input):
    vendor_id = text(
        "Vendor number", help="Your own number of the vendor, or our id.", required=True
    )
    project_name = text("Project", help="Only for this project; empty for all of them.")


@routes.post("")
def make() -> Response:
    """201 with the link and, only this once, its address."""
    who, given = caller(), load(LinkInput, request.get_json(force=True, silent=True))
    with services().sessions() as session, session.begin():
        vendor = vendors.find(session, who.account_id, given["vendor_id"], None)
        if vendor is None:
            raise NotFound("There is no such vendor in this account.")
        link = sent_links.make_upload(
            session,
            who.account_id,
            vendor.id,
            given["project_name"],
            services(),
            no_later_than=g.key.expires_at,
        )
        said = sent_links.flat_of(session, link, services())
        answer = jsonify(said | {"url": sent_links.address(link, services())})
    answer.status_code = 201
    return answer


@routes.delete("/<link_id>")
def end(link_id: str) -> Response:
    """The link opens nothing any more; ending it twice is no error."""
    who = caller()
    with services().sessions() as session, session.begin():
        link = sent_links.end(session, who.account_id, link_id, services())
        return jsonify(sent_links.flat_of(session, link, services()))
