"""/connect/procore: log in to Procore as a person or as the app, then choose company and project.

What ties Procore's answer to the browser that asked (state, PKCE verifier) stands in a cookie that
only we can read, for ten minutes and one use; the tokens never leave the server.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import procore_login
from connector.actions.procore_connection import DESTINATION, LONGEST_NUMBER
from connector.destinations.procore import oauth
from connector.destinations.procore.lists import Choice
from connector.destinations.procore.oauth import Secrets
from connector.errors import ConnectorError, InvalidInput, NotConnected
from connector.jobs.procore_watch import POLL_MINUTES
from connector.outbound import Outbound
from connector.storage import connections
from connector.storage.sealing import seal, unseal
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.headers import is_https
from connector.web.pages.visitor import Visitor, page_for, set_cookie
from connector.wiring import procore_ending
from connector.wiring.procore import app, environment
from connector.worker import procore_watching
from connector.worker.procore_watching import Begun, Wanted

routes = Blueprint("connect_procore", __name__, url_prefix="/connect/procore")

MINUTES = 10
"""As long as Procore's code lives."""

ANOTHER_BROWSER = (
    "This answer of Procore's does not belong to a login that was begun in this browser within the "
    "last ten minutes. Begin again here."
)


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """How the account is connected, and the ways to connect it."""
    return _page(visitor)


@routes.get("/login")
@page_for(Role.ADMIN)
def log_in(visitor: Visitor) -> ResponseReturnValue:
    """Off to Procore's login; `plain` leaves PKCE out, for a Procore that refuses it."""
    try:
        about = procore_login.about_environment(request.args.get("environment", "production"))
        _require_app()
    except ConnectorError as error:
        return _page(visitor, error)
    verifier = None if request.args.get("plain") else oauth.new_verifier()
    begun = {
        "state": oauth.new_state(),
        "verifier": verifier,
        "environment": about["environment"],
        "account_id": visitor.account_id,
        "until": services().clock().timestamp() + MINUTES * 60,
    }
    settings = services().settings
    target = oauth.authorize_url(
        environment(about, settings), app(settings), str(begun["state"]), verifier
    )
    answer: Any = redirect(target, 303)
    set_cookie(answer, _cookie(), seal(json.dumps(begun), settings.secret_keys), MINUTES * 60)
    return answer  # type: ignore[no-any-return]


@routes.get("/back")
@page_for(Role.ADMIN)
def back(visitor: Visitor) -> ResponseReturnValue:
    """Procore's answer: its code becomes tokens, which are stored before anything is done by them."""
    begun = _begun(visitor)
    if begun is None:
        return _used(_page(visitor, NotConnected(ANOTHER_BROWSER)))
    said = request.args.get("error")
    if said == "invalid_request" and begun["verifier"]:
        return redirect(f"/connect/procore/login?plain=1&environment={begun['environment']}", 303)
    about = procore_login.about_environment(begun["environment"])
    try:
        if said or not request.args.get("code"):
            raise NotConnected(_why_not(said))
        secrets = oauth.exchange_code(
            environment(about, services().settings),
            app(services().settings),
            request.args["code"],
            begun["verifier"],
            _login_door(about),
            services().clock().timestamp(),
        )
    except ConnectorError as error:
        return _used(_page(visitor, error))
    _keep(visitor, about, secrets)
    return _used(redirect("/connect/procore/choose", 303))


@routes.post("/service")
@page_for(Role.ADMIN)
def log_in_as_service(visitor: Visitor) -> ResponseReturnValue:
    """Log in as the app's own service account, which must be told its company."""
    try:
        _require_app()
        about = procore_login.about_environment(request.form.get("environment", ""))
        about["company_id"] = _number("company_id", "The company's number")
        secrets = oauth.log_in_as_service(
            environment(about, services().settings),
            app(services().settings),
            _login_door(about),
            services().clock().timestamp(),
        )
    except ConnectorError as error:
        return _page(visitor, error)
    _keep(visitor, about, secrets)
    return redirect(f"/connect/procore/choose?company_id={about['company_id']}", 303)


@routes.get("/choose")
@page_for(Role.ADMIN)
def choose(visitor: Visitor) -> ResponseReturnValue:
    """The companies that the login sees; of the chosen one, or the only one, its projects."""
    try:
        return _choices(visitor)
    except ConnectorError as error:
        return _page(visitor, error)


@routes.post("/choose")
@page_for(Role.ADMIN)
def connect(visitor: Visitor) -> ResponseReturnValue:
    """Connected: with the company, and the project if one was chosen."""
    try:
        company = _chosen(
            procore_login.choosable_companies(visitor.caller, services()), "company_id"
        )
        project = None
        if request.form.get("project_id"):
            found = procore_login.choosable_projects(int(company.id), visitor.caller, services())
            project = _chosen(found, "project_id")
        left = procore_ending.leave_other_company(visitor.account_id, int(company.id), services())
        procore_login.finish(company, project, visitor.caller, services())
    except ConnectorError as error:
        return _page(visitor, error)
    return _page(visitor, ended=left) if left else redirect("/connect/procore", 303)


@routes.post("/watch")
@page_for(Role.ADMIN)
def watch(visitor: Visitor) -> ResponseReturnValue:
    """Pick up what people put into Procore, or no longer."""
    with services().readers() as session:
        stored = connections.of_destination(session, visitor.account_id, DESTINATION)
    if stored is None:
        return redirect("/connect/procore", 303)
    try:
        if request.form.get("end"):
            procore_watching.end(visitor.account_id, stored.id, services())
            return redirect("/connect/procore", 303)
        begun = procore_watching.begin(visitor.account_id, stored.id, _wanted(), services())
    except ConnectorError as error:
        return _page(visitor, error)
    return _page(visitor, begun=begun)


def _wanted() -> Wanted:
    folder = request.form.get("folder_id", "").strip()
    return Wanted(
        _number("folder_id", "The folder's number") if folder else None,
        bool(request.form.get("commitments")),
        bool(request.form.get("existing")),
    )


@routes.post("/forget")
@page_for(Role.ADMIN)
def disconnect(visitor: Visitor) -> ResponseReturnValue:
    """The login is ended in Procore and forgotten here; what was pushed stays on file."""
    troubles = procore_ending.disconnect(visitor.account_id, services())
    if troubles:
        return _page(visitor, ended=troubles)
    return redirect("/connect/procore?ended=1", 303)


def _page(
    visitor: Visitor,
    error: ConnectorError | None = None,
    ended: tuple[str, ...] = (),
    begun: Begun | None = None,
) -> ResponseReturnValue:
    settings = services().settings
    with services().readers() as session:
        page = render_template(
            "connect_procore.html",
            stored=connections.of_destination(session, visitor.account_id, DESTINATION),
            environments=oauth.ENVIRONMENTS,
            has_app=bool(settings.procore_client_id and settings.procore_client_secret),
            back_address=app(settings).redirect_uri,
            error=error.message if error else None,
            ended="ended" in request.args or bool(ended),
            left_undone=ended,
            begun=begun,
            minutes=POLL_MINUTES,
        )
    return page, error.status if error else 200


def _choices(visitor: Visitor) -> ResponseReturnValue:
    companies = procore_login.choosable_companies(visitor.caller, services())
    if not companies:
        raise NotConnected(
            "This login sees no company in Procore. Is the app installed there, and is it the "
            "right installation (production or sandbox)? docs/procore.md says how."
        )
    wanted = request.args.get("company_id")
    company = next((each for each in companies if each.id == wanted), None)
    if company is None and len(companies) == 1:
        company = companies[0]
    projects = (
        procore_login.choosable_projects(int(company.id), visitor.caller, services())
        if company
        else []
    )
    return render_template(
        "connect_procore_choose.html", companies=companies, company=company, projects=projects
    )


def _chosen(found: list[Choice], name: str) -> Choice:
    """The line of the list that the form names. InvalidInput for one that is not on it."""
    given = request.form.get(name, "")
    for each in found:
        if each.id == given:
            return each
    raise InvalidInput("Choose one of the companies and projects that are listed.", field=name)


def _number(name: str, label: str) -> int:
    given = request.form.get(name, "").strip()
    if not given.isascii() or not given.isdecimal() or len(given) > LONGEST_NUMBER:
        raise InvalidInput(
            f"{label} must be a number. It stands in the address of every page of it in Procore: "
            "app.procore.com/8089/…",
            field=name,
        )
    return int(given)


def _require_app() -> None:
    settings = services().settings
    if not settings.procore_client_id or not settings.procore_client_secret:
        raise NotConnected("PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET are not set.")


def _login_door(about: dict[str, Any]) -> Outbound:
    return services().outbound.trusting(environment(about, services().settings).login_url)


def _keep(visitor: Visitor, about: dict[str, Any], secrets: Secrets) -> None:
    keys, now = services().settings.secret_keys, services().clock()
    with services().sessions() as session, session.begin():
        procore_login.keep(session, visitor.account_id, about, secrets, keys, now)


def _begun(visitor: Visitor) -> dict[str, Any] | None:
    """What this browser began, if it is this answer's beginning; compared in constant time."""
    sealed = request.cookies.get(_cookie())
    if not sealed:
        return None
    try:
        begun: dict[str, Any] = json.loads(
            unseal(sealed, services().settings.secret_keys, "The login")
        )
    except NotConnected:
        return None
    given = request.args.get("state", "")
    is_ours = hmac.compare_digest(given.encode(), str(begun["state"]).encode())
    in_time = services().clock().timestamp() < begun["until"]
    return begun if is_ours and in_time and begun["account_id"] == visitor.account_id else None


def _why_not(said: str | None) -> str:
    if said == "access_denied":
        return "You did not allow the connection in Procore, so nothing was connected."
    return f"Procore did not log in: {(said or 'it sent no code')[:60]}. Try again here."


def _used(answer: ResponseReturnValue) -> Response:
    """The answer, with what was begun taken away: it is good for one use."""
    response = make_response(answer)
    set_cookie(response, _cookie(), "", 0)
    return response


def _cookie() -> str:
    return "__Host-coi_procore" if is_https(services().settings) else "coi_procore"
