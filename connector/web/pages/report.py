"""/report: the compliance report of a project or over all, on screen and as PDF, XLSX and CSV."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from connector.storage import accounts, board
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.board_file import as_file
from connector.web.pages.report_pdf import pdf
from connector.web.pages.report_rows import REPORT_FIELDS, flat, report
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.words import day, dollars

routes = Blueprint("report", __name__)

SHOWN = 100
"""Vendors on screen; the files hold all."""


@routes.get("/report")
@page_for(Role.VIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """The beginning of the report, and the files to hand over."""
    project = request.args.get("project", "")
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
        today = services().today(account)
        return render_template(
            "report.html",
            report=report(session, account.id, project, today, most=SHOWN),
            projects=board.projects(session, account.id),
            shown=SHOWN,
            day=day,
            dollars=dollars,
        )


@routes.get("/report.pdf")
@routes.get("/report.xlsx")
@routes.get("/report.csv")
@page_for(Role.VIEWER)
def download(visitor: Visitor) -> ResponseReturnValue:
    """The whole report as a file."""
    project = request.args.get("project", "")
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
        today = services().today(account)
        found = report(session, account.id, project, today)
    name = f"compliance-report-{today}"
    if request.path.endswith(".pdf"):
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return Response(pdf(found, account.name), mimetype="application/pdf", headers=headers)
    return as_file(REPORT_FIELDS, list(flat(found)), name, "Compliance")
