"""Jobs and hook deliveries one by one: how they stand, try again, call off, call back."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from connector.actions.inputs import Input, load, text
from connector.actions.work_lists import delivery_rows
from connector.jobs import state
from connector.jobs.answer import job_answer
from connector.jobs.call_back import call_back
from connector.web.actions import respond
from connector.web.auth import caller, services

routes = Blueprint("jobs", __name__, url_prefix="/v1")


class CallbackInput(Input):
    callback_url = text(
        "Callback link", help="Where the finished answer is posted, once.", required=True
    )


@routes.get("/jobs/<job_id>")
def job(job_id: str) -> Response:
    """How a job stands: 202 until it is done, then its whole answer."""
    with services().sessions() as session:
        found = state.state(session, caller().account_id, job_id)
    return respond(job_answer(found, services()))


@routes.post("/jobs/<job_id>/retry")
def retry(job_id: str) -> Response:
    """Start a failed job anew, or one that waits for its next attempt at once."""
    who = caller()
    with services().sessions() as session, session.begin():
        found = state.retry(session, who.account_id, job_id, services().clock())
    return respond(job_answer(found, services()))


@routes.post("/jobs/<job_id>/cancel")
def cancel(job_id: str) -> Response:
    """Call off a job that does not run yet. Calling it off twice is no error."""
    who = caller()
    with services().sessions() as session, session.begin():
        found = state.cancel(session, who.account_id, job_id, services().clock())
    return respond(job_answer(found, services()))


@routes.put("/jobs/<job_id>/callback")
def call_when_done(job_id: str) -> Response:
    """Have a job's finished answer posted to an address, however late it is asked for."""
    who = caller()
    given = load(CallbackInput, request.get_json(force=True, silent=True))
    services().outbound.require_possible(given["callback_url"], field="callback_url")
    with services().sessions() as session, session.begin():
        found = call_back(
            session, who.account_id, job_id, given["callback_url"], services().clock()
        )
        return respond(job_answer(found, services()))


@routes.post("/hook_deliveries/<delivery_id>/resend")
def resend(delivery_id: str) -> Response:
    """Send an event to its hook once more, whether or not it had arrived."""
    who = caller()
    with services().sessions() as session, session.begin():
        found = state.resend(session, who.account_id, delivery_id, services().clock())
        (row,) = delivery_rows(session, who.account_id, [found])
    answer = jsonify(row)
    answer.status_code = 202
    return answer
