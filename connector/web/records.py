"""Single records: a certificate, its evidence and corrections, the account."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions import review
from connector.actions.certificate_answer import flat_certificate
from connector.actions.coverage_changes import tell_of_changes
from connector.actions.inputs import Input, load, text
from connector.certificate.entries import entries
from connector.certificate.entry import Evidence
from connector.certificate.field import scalar
from connector.certificate.fields import BY_PATH
from connector.storage import accounts, certificates, corrections
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
    found = []
    for path, entry in entries(row.certificate).items():
        if entry.is_blank and entry.evidence is None:
            continue
        field = BY_PATH[path]
        found.append(
            {
                "key": field.key,
                "label": field.label,
                "value": scalar(entry.value),
                "words": entry.words,
                "state": entry.state.value,
                "doubt": entry.doubt,
                **_seen(entry.evidence),
                "other_readings": "; ".join(other.text for other in entry.others) or None,
            }
        )
    return jsonify({"items": found, "next": None})


def _seen(seen: Evidence | None) -> dict[str, str | int | float | None]:
    """Page, box (points from the page's upper left corner), text, source, confidence."""
    left, top, right, bottom = seen.box if seen and seen.box else (None,) * 4
    return {
        "page": seen.page if seen else None,
        "left": left,
        "top": top,
        "right": right,
        "bottom": bottom,
        "text": seen.text if seen else None,
        "source": seen.source.value if seen else None,
        "confidence": seen.confidence if seen else None,
    }


@routes.post("/certificates/<certificate_id>/corrections")
def correct(certificate_id: str) -> Response:
    """Set one value by a person's word; answers the certificate as it stands then.

    With the last doubtful value settled, what waits for the review is checked again and sent.
    """
    who = caller()
    given = load(CorrectionInput, request.get_json(force=True, silent=True))
    with services().sessions() as session, session.begin():
        row = certificates.get(session, who.account_id, certificate_id)
        corrections.apply(
            session,
            row,
            given["field"],
            given["value"] or "",
            by=given["by"],
            now=services().clock(),
        )
        tell_of_changes(session, row, services())
        answer = flat_certificate(session, row, services())
    review.finish_if_settled(who, certificate_id, services())
    return jsonify(answer)
