"""GET /v1/openapi.json, and the addresses in it that are neither an action nor a list."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify

from connector.actions import sent_links
from connector.actions.coverage import CoverageFilters
from connector.actions.notice_templates import TemplatesInput
from connector.actions.registry import ACTIONS
from connector.catalog.endpoint import Endpoint, page_of, row_of
from connector.catalog.openapi import openapi
from connector.checking.verdict import Status
from connector.web.auth import services
from connector.web.evidence import EvidenceQuery
from connector.web.hooks import HookInput
from connector.web.jobs import CallbackInput
from connector.web.records import CorrectionInput
from connector.web.rule_trial import TryInput
from connector.web.sent_links import LinkInput

routes = Blueprint("description", __name__, url_prefix="/v1")


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


CERTIFICATE = _schema("FlatCertificate")
JOB = {"anyOf": [_schema(action.output_name) for action in ACTIONS.values()]}
JOB_ANSWERS = {
    "200": "It is over: its action's whole answer, with `error_code` set where it failed.",
    "202": "It is not done yet: every value but the job's is null.",
}
ACTION = row_of(name="string", title="string", description="string")
ACCOUNT = row_of(
    account_id="string", account_name="string", time_zone="string", legal_names="string?"
)
SEEN = {
    "key": "string",
    "label": "string",
    "words": "string?",
    "state": "string",
    "doubt": "string?",
    "page": "integer?",
    "left": "number?",
    "top": "number?",
    "right": "number?",
    "bottom": "number?",
    "text": "string?",
    "source": "string?",
    "confidence": "number?",
    "other_readings": "string?",
}
EVIDENCE = row_of(**SEEN)
EVIDENCE["properties"]["value"] = {"description": "Of the key's own type; null while in doubt."}
TEMPLATES = row_of(subject="string", text="string", html="string", is_own="boolean")
RATINGS = row_of(insurers="integer", checked_again="integer", is_duplicate="boolean")
CHANGE = row_of(key="string", name="string", before="string?", after="string", why="string?")
COUNTS = {f"{when}_{status}": "integer" for when in ("now", "then") for status in Status}
HEALTH = row_of(status="string", problems="string?", notes="string?")
HEALTH_ANSWERS = {"200": "Yes.", "503": "No; `problems` says why."}
HOOKED = {
    "id": "string",
    "event": "string",
    "target_url": "string",
    "filters": "object",
    "days": "integer?",
    "created_at": "string",
}
LINK = {field.key: "string?" for field in sent_links.FIELDS}
NEW_HOOK = {**HOOKED, "secret": "string"}

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("describe", "GET", "/v1/openapi.json", "This description.", {"type": "object"}, needs_key=False, refusals=("429",)),
    Endpoint("list_actions", "GET", "/v1/actions", "The actions.", {"type": "array", "items": ACTION}),
    Endpoint("get_account", "GET", "/v1/account", "Whose key this is.", ACCOUNT),
    Endpoint("get_certificate", "GET", "/v1/certificates/{certificate_id}", "One certificate as it stands today.", CERTIFICATE),
    Endpoint("get_evidence", "GET", "/v1/certificates/{certificate_id}/evidence", "Where each value was seen, in points from the page's upper left corner.", page_of(EVIDENCE)),
    Endpoint("correct_certificate", "POST", "/v1/certificates/{certificate_id}/corrections", "Set one value by a person's word; the reading is kept.", CERTIFICATE, given=CorrectionInput),
    Endpoint("get_job", "GET", "/v1/jobs/{job_id}", "How a job stands.", JOB, answers=JOB_ANSWERS),
    Endpoint("retry_job", "POST", "/v1/jobs/{job_id}/retry", "Start a failed job anew, or a waiting one at once.", JOB, answers=JOB_ANSWERS),
    Endpoint("cancel_job", "POST", "/v1/jobs/{job_id}/cancel", "Call off a job that does not run yet.", JOB, answers=JOB_ANSWERS),
    Endpoint("call_back", "PUT", "/v1/jobs/{job_id}/callback", "Have the finished answer posted to an address.", JOB, given=CallbackInput, answers=JOB_ANSWERS),
    Endpoint("resend_delivery", "POST", "/v1/hook_deliveries/{delivery_id}/resend", "Send an event to its hook once more.", _schema("HookDeliveriesRow"), answers={"202": "It is on its way."}),
    Endpoint("vendor_coverage", "GET", "/v1/vendors/{vendor}/coverage", "One vendor's coverage on file, by its number or name.", page_of(_schema("CoverageRow")), query=CoverageFilters),
    Endpoint("vendor_evidence", "GET", "/v1/vendors/{vendor}/evidence", "Everything on file about one vendor, as a ZIP for an audit or a dispute.", media="application/zip", query=EvidenceQuery),
    Endpoint("put_insurer_ratings", "PUT", "/v1/insurer_ratings", "Replace the account's table of insurers: CSV with naic, name, rating, size.", RATINGS, body="text/csv"),
    Endpoint("try_rule_set", "POST", "/v1/rule_sets/try", "Who would stand otherwise with a changed rule set; nothing is kept.", page_of(CHANGE, checked="integer", changed="integer", **COUNTS), given=TryInput),
    Endpoint("get_notice_templates", "GET", "/v1/notice_templates", "The deficiency notice's templates as they are used now.", TEMPLATES),
    Endpoint("put_notice_templates", "PUT", "/v1/notice_templates", "Replace them; what is left out is the shipped one again.", TEMPLATES, given=TemplatesInput),
    Endpoint("list_hooks", "GET", "/v1/hooks", "Who is told of what.", page_of(row_of(**HOOKED))),
    Endpoint("subscribe", "POST", "/v1/hooks", "Be told of an event.", row_of(**NEW_HOOK), given=HookInput, answers={"201": "With the secret that messages are signed with, only this once."}),
    Endpoint("unsubscribe", "DELETE", "/v1/hooks/{hook_id}", "Be told no more; ending it twice is no error.", row_of(id="string")),
    Endpoint("make_link", "POST", "/v1/links", "A link by which a vendor sends its certificate without a login.", row_of(**LINK, url="string"), given=LinkInput, answers={"201": "With the address to send, only this once."}),
    Endpoint("end_link", "DELETE", "/v1/links/{link_id}", "Take an upload or review link back; ending it twice is no error.", row_of(**LINK)),
    Endpoint("download", "GET", "/v1/files/{token}", "Prepared files; the link is its own key and expires.", media="application/octet-stream", needs_key=False, refusals=("403", "404", "409", "429")),
    Endpoint("health", "GET", "/health", "Does it work, and what is reduced.", HEALTH, answers=HEALTH_ANSWERS, needs_key=False),
    Endpoint("ready", "GET", "/ready", "Can new work be accepted.", HEALTH, answers=HEALTH_ANSWERS, needs_key=False),
    Endpoint("metrics", "GET", "/metrics", "Figures for Prometheus; METRICS_TOKEN is their key.", media="text/plain", needs_key=False, refusals=("404", "429")),
)  # fmt: skip
"""Each of the service's own addresses that is neither an action nor a list nor an event.

Procore's own way in (`/v1/procore/events/…`) and the pages are for nobody else to call."""


def describe(address: str) -> dict[str, Any]:
    """The whole OpenAPI description of a service that is reached at `address`."""
    return openapi(version("coi-connector"), address, ENDPOINTS)


@routes.get("/openapi.json")
def description() -> Response:
    """The API's own description; no key needed."""
    return jsonify(describe(services().settings.public_url))
