"""Pages for people: server-rendered, one file per page, all under one blueprint."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request

from connector.storage import actor
from connector.storage.actor import Actor, Through
from connector.storage.users import Role
from connector.web.pages import (
    assets,
    audit_log,
    board,
    connect_procore,
    connect_sheets,
    first,
    forms,
    links_out,
    login,
    login_by_mail,
    people,
    pictures,
    procore_settings,
    procore_vendor,
    report,
    review,
    review_link,
    review_list,
    rules,
    setup,
    trial,
    upload,
    vendor,
    work_list,
)
from connector.web.pages.ended_logins import ended_logins
from connector.web.pages.visitor import current_visitor

PAGES = (
    login.routes,
    login_by_mail.routes,
    first.routes,
    board.routes,
    vendor.routes,
    report.routes,
    review_list.routes,
    review.routes,
    review_link.routes,
    pictures.routes,
    trial.routes,
    upload.routes,
    links_out.routes,
    work_list.routes,
    rules.routes,
    setup.routes,
    people.routes,
    connect_sheets.routes,
    connect_procore.routes,
    procore_settings.routes,
    procore_vendor.routes,
    audit_log.routes,
)
"""Every page's routes."""

NAVIGATION: tuple[tuple[str, str, Role], ...] = (
    ("/", "Board", Role.VIEWER),
    ("/review", "To review", Role.VIEWER),
    ("/work", "Work", Role.VIEWER),
    ("/rules", "Rules", Role.VIEWER),
    ("/try", "Try", Role.VIEWER),
    ("/audit", "Audit", Role.ADMIN),
    ("/setup", "Set up", Role.ADMIN),
)
"""The links on top of every page: address, label, and the role that it takes to see it."""


def register(app: Flask) -> None:
    """Hang up all pages: their forms are checked, and nothing of them stays in a shared cache."""
    pages = Blueprint("pages", __name__)
    pages.before_request(lambda: actor.begin(Actor(Through.PAGE)))  # who, a page for people says
    pages.before_request(forms.check)
    pages.after_request(_private)
    for routes in PAGES:
        pages.register_blueprint(routes)
    app.register_blueprint(pages)
    app.after_request(forms.keep_visit)
    assets.register(app)
    app.context_processor(
        lambda: {
            "csrf_field": forms.csrf_field,
            "visitor": current_visitor(),
            "navigation": _navigation(),
            "section": _section(request.path),
            "ended_logins": ended_logins,
        }
    )


def _navigation() -> list[tuple[str, str]]:
    visitor = current_visitor()
    return [(a, label) for a, label, role in NAVIGATION if visitor and visitor.may(role)]


def _section(path: str) -> str:
    """The link on top that the page belongs to."""
    if path.startswith("/connect/"):
        return "/setup"
    return next((a for a, _, _ in NAVIGATION if path == a or path.startswith(f"{a}/")), "")


def _private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
