"""GET /v1/vendors/VENDOR/evidence: everything on file about a vendor as one ZIP."""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, send_file

from connector.actions import evidence_pack
from connector.actions.coverage import vendor_named
from connector.actions.inputs import Input, text
from connector.actions.services import Caller
from connector.errors import NotFound
from connector.storage.api_keys import Scope
from connector.storage.vendors import StoredVendor
from connector.web.auth import caller, services
from connector.web.files import HEADERS
from connector.web.queries import load_query

routes = Blueprint("evidence", __name__, url_prefix="/v1")


class EvidenceQuery(Input):
    class Meta(Input.Meta):
        exclude = ("callback_url", "deduplication_key")

    project = text("Project", help="Only what was checked for this project; all when left empty.")


@routes.get("/vendors/<path:vendor>/evidence")
def download(vendor: str) -> Response:
    """The pack of one vendor, by its number or its name; for keys with the right admin."""
    who = caller(Scope.ADMIN)
    given = load_query(EvidenceQuery)
    with services().readers() as session:
        found = vendor_named(session, who.account_id, vendor, vendor)
    if found is None:
        raise NotFound(f"There is no vendor “{vendor[:60]}” in this account.")
    return pack_answer(found, given["project"], who)


def pack_answer(
    vendor: StoredVendor, project: str | None, who: Caller, *, is_export: bool = False
) -> Response:
    """The pack as a download; it is written to the disk first, so that it never lies in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answer has been sent
    try:
        evidence_pack.write(vendor, project, who, services(), file, is_export=is_export)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=evidence_pack.file_name(vendor),
    )
    answer.headers.update(HEADERS)
    return answer
