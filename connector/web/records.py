"""Single records: a certificate, its evidence and corrections, the account."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import review
from connector.actions.certificate_answer import flat_certificate
from connector.actions.evidence_rows import evidence_rows
from connector.actions.inputs import Input, load, text
from connector.storage import accounts, certificates
from connector.web.auth import caller, services

routes = Blueprint("records", __name__, url_prefix="/v1")


class CorrectionInput(Input):
    field = text("Field", help="The key of the value, for example insured_name.", required=True)
    value = text("Value", help="What the certificate really says; empty for a blank box.")
    by = text("Reviewer", help="Who says so: a name or an e-mail address.", required=True)


@routes.get("/account")
def account() -> Response:
    """Whose key this is: for connection tests and labels. Never a secret."""
    with services().sessions() as session:
        found = accounts.get(session, caller().account_id)
    return jsonify(
        {
            "account_id": found.id,
            "account_name": found.name,
            "time_zone": found.time_zone,
            "legal_names": "; ".join(found.legal_names) or None,
        }
    )


@routes.get("/certificates/<certificate_id>")
def certificate(certificate_id: str) -> Response:
    """One certificate, flat, as it stands today."""
    with services().sessions() as session:
        row = certificates.get(session, caller().account_id, certificate_id)
        return jsonify(flat_certificate(session, row, services()))


@routes.get("/certificates/<certificate_id>/evidence")
def evidence(certificate_id: str) -> Response:
    """Where each value was seen: one flat row per key that says something or is in doubt."""
    with services().sessions() as session:
        row = certificates.get(session, caller().account_id, certificate_id)
    return jsonify({"items": evidence_rows(row.certificate), "next": None})


@routes.post("/certificates/<certificate_id>/corrections")
def correct(certificate_id: str) -> Response:
    """Set one value by a person's word; answers the certificate as it stands then.

    With the last doubtful value settled, what waits for the review is checked again and sent.
    """
    who = caller()
    given = load(CorrectionInput, request.get_json(force=True, silent=True))
    with services().sessions() as session, session.begin():
        row = certificates.get(session, who.account_id, certificate_id)
        review.correct(session, row, given["field"], given["value"] or "", given["by"], services())
        answer = flat_certificate(session, row, services())
    review.finish_if_settled(who, certificate_id, services())
    return jsonify(answer)
