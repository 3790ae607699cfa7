"""The login host: authorize, token, revoke. Codes and refresh tokens are good for one use."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from urllib.parse import urlencode

from tests.simulators.procore.routing import Answer, Given, route
from tests.simulators.procore.world import CLIENT_ID, CLIENT_SECRET, USER, Grant, Refusal, World

TOKEN_SECONDS = 5400
CODE_SECONDS = 600


@route("oauthAuthorize")
def authorize(world: World, given: Given) -> Answer:
    """Plays the user who logs in and clicks Allow."""
    challenge = given.first("code_challenge")
    if given.first("client_id") != CLIENT_ID:
        raise Refusal(401, "invalid_client")
    if world.switches.pkce == "refused" and challenge:
        raise Refusal(400, "invalid_request")
    code = secrets.token_urlsafe(24)
    world.codes[code] = {
        "redirect_uri": given.first("redirect_uri"),
        "challenge": challenge,
        "until": time.time() + CODE_SECONDS,
    }
    back = urlencode({"code": code, "state": given.first("state")})
    return Answer(302, None, {"Location": f"{given.first('redirect_uri')}?{back}"})


@route("oauthToken")
def token(world: World, given: Given) -> Answer:
    body = given.body
    if (body["client_id"], body["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
        raise Refusal(401, "invalid_client")
    match body["grant_type"]:
        case "client_credentials":
            return _issue(world, is_service_account=True)
        case "authorization_code":
            _use_code(world, body)
        case "refresh_token":
            _use_refresh_token(world, body["refresh_token"])
    return _issue(world, is_service_account=False)


def _use_code(world: World, body: dict[str, str]) -> None:
    kept = world.codes.pop(body["code"], None)
    if not kept or kept["until"] < time.time() or kept["redirect_uri"] != body["redirect_uri"]:
        raise Refusal(400, "invalid_grant")
    if world.switches.pkce == "enforced":
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != kept["challenge"]:
            raise Refusal(400, "invalid_grant")


def _use_refresh_token(world: World, refresh_token: str) -> None:
    for access, grant in world.grants.items():
        if grant.refresh_token == refresh_token:
            del world.grants[access]
            return
    raise Refusal(400, "invalid_grant")


def _issue(world: World, *, is_service_account: bool) -> Answer:
    access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    now = time.time()
    world.grants[access] = Grant(
        CLIENT_ID,
        USER,
        is_service_account,
        now + TOKEN_SECONDS,
        None if is_service_account else refresh,
    )
    issued = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
        "created_at": int(now),
    }
    return Answer(200, issued if is_service_account else issued | {"refresh_token": refresh})


@route("oauthRevoke")
def revoke(world: World, given: Given) -> Answer:
    world.grants.pop(given.body["token"], None)
    return Answer(200, None)
