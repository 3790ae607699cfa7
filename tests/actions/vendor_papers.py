"""What arrives for one vendor: a certificate drawn a while ago, and notices that come after it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from connector.actions.services import Services
from connector.storage import jobs
from connector.storage.accounts import DEFAULT_TIME_ZONE
from demo.draw import STYLE
from demo.endorsements import Endorsement
from demo.firms import NORTHFIELD, compliant
from demo.layout import acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Party
from tests.actions.office import work_off
from tests.drawing.pages import (
    Cancellation,
    Page,
    cancellation_notice,
    endorsement,
    pdf_of_pages,
)
from tests.web.conftest import Caller

TODAY = datetime.now(ZoneInfo(DEFAULT_TIME_ZONE)).date()
"""The day where the account is: Greenwich is a day ahead of it every evening."""

ISSUED = TODAY - timedelta(days=60)
"""The day the certificate was drawn for; its policies are in force on it and today."""

POLICY = "GL-4481902"


def certificate(on: date = ISSUED, *, insured: Party = NORTHFIELD, **cells: str) -> bytes:
    """A certificate that meets the standard rule set, with changes; "" makes a box blank."""
    sheet = compliant(on)
    parties = {**sheet.parties, "insured": insured}
    kept = {key: text for key, text in {**sheet.cells, **cells}.items() if text}
    layout, into = acord_25_2016(), io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, STYLE)
    draw_values(canvas, layout, replace(sheet, cells=kept, parties=parties), STYLE)
    canvas.save()
    return into.getvalue()


def american(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def notice(
    policy: str = POLICY,
    *,
    mailed: date = TODAY - timedelta(days=20),
    ends: date = TODAY - timedelta(days=5),
    insured: str = "Northfield Roofing LLC",
) -> bytes:
    """A carrier's notice of cancellation."""
    about = Cancellation("Granite Mutual", insured, policy, american(mailed), american(ends))
    return pdf_of_pages([cancellation_notice(about)])


def exemption(
    *, name: str = "Northfield Roofing LLC", state: str = "ILLINOIS", expires: str = "01/01/2099"
) -> bytes:
    """A state's certificate of exemption."""
    return pdf_of_pages([_exemption(name, state, expires)])


def _exemption(name: str, state: str, expires: str) -> Page:
    lines = (
        f"STATE OF {state}",
        f"CERTIFICATE OF ELECTION TO BE EXEMPT FROM {state} WORKERS' COMPENSATION LAW",
        "Certificate number: EX-2201",
        f"Business name: {name}",
        f"Expiration date: {expires}",
    )

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row, line in enumerate(lines):
            canvas.drawString(72, 700 - 20 * row, line)

    return draw


def endorsement_pages(
    *forms: str,
    policy: str = POLICY,
    names: str = "Summit Builders Inc",
    statement: str = "This endorsement changes the policy.",
) -> bytes:
    """Endorsement pages of the general liability policy, without a certificate."""
    schedule = (("Name of person(s) or organization(s):", names),)
    pages = [
        Endorsement(form, "Additional insured", policy, NORTHFIELD.name, schedule, statement)
        for form in forms or BOTH_FORMS
    ]
    return pdf_of_pages([endorsement(page) for page in pages])


BOTH_FORMS = ("CG 20 10 12 19", "CG 20 37 12 19")


def send(caller: Caller, folder: Path, data: bytes, **given: str) -> Any:
    """The document parsed through the service."""
    path = folder / f"document-{len(list(folder.iterdir()))}.pdf"
    path.write_bytes(data)
    return caller.send("parse_certificate", path, **given)


def check(caller: Caller, **asked: str) -> Any:
    """A check's flat answer."""
    answer = caller.post("/v1/actions/check_certificate", json=asked)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def work_off_all(services: Services, caller: Caller) -> list[str]:
    """Do the jobs that wait, as the worker would; the actions they were."""
    with services.sessions() as session:
        waiting = [
            (job.id, job.action)
            for job in jobs.search(session, caller.account_id)
            if not job.is_ended
        ]
    for job_id, _ in waiting:
        assert work_off(services, job_id).status == "done"
    return [action for _, action in waiting]
