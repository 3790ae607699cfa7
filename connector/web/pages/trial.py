"""/try: drop a certificate and see what is read, how it is checked, and what would be sent."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions.check_certificate import DEFAULT_RULE_SET
from connector.actions.trial import Trial, try_out
from connector.errors import ConnectorError, InvalidInput
from connector.settings import PROJECT_DIR
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.review_sheet import VERDICT_WORDS
from connector.web.pages.values import sections
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("trial", __name__)

SAMPLE = PROJECT_DIR / "demo" / "not-compliant.pdf"
"""The bundled certificate, where the project's own folder is there."""


@routes.get("/try")
@page_for(Role.VIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """The empty form."""
    return _page(request.args.get("rule_set", DEFAULT_RULE_SET))


@routes.post("/try")
@page_for(Role.VIEWER)
def look(visitor: Visitor) -> ResponseReturnValue:
    """What the file says. Nothing is kept; the rule set stays chosen when something is wrong."""
    rule_set = request.form.get("rule_set") or DEFAULT_RULE_SET
    try:
        data, name = _file()
        found = try_out(data, name, rule_set, visitor.caller, services())
    except ConnectorError as error:
        return _page(rule_set, error=error.message), error.status
    return _page(rule_set, found, name)


def _file() -> tuple[bytes, str]:
    if "sample" in request.form and SAMPLE.exists():
        return SAMPLE.read_bytes(), SAMPLE.name
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput("Choose a file first: a PDF, or a photo of the certificate.")
    with sent.stream:
        return sent.stream.read(), Path(sent.filename).name


def _page(
    rule_set: str, found: Trial | None = None, name: str = "", error: str | None = None
) -> str:
    picture = base64.b64encode(found.picture).decode() if found else ""
    answer = {**found.flat, **{f"check_{k}": v for k, v in found.check.items()}} if found else {}
    return render_template(
        "try.html",
        rule_sets=services().rule_sets.values(),
        rule_set=rule_set,
        has_sample=SAMPLE.exists(),
        found=found,
        name=name,
        error=error,
        picture=picture,
        sections=sections(found.certificate) if found else (),
        json=json.dumps(answer, indent=2, ensure_ascii=False),
        verdict_words=VERDICT_WORDS,
    )
