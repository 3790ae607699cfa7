"""Pages for people: server-rendered, one file per page, all under one blueprint."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request

from connector.web.pages import (
    assets,
    board,
    forms,
    login,
    pictures,
    report,
    review,
    review_link,
    review_list,
    trial,
    upload,
    vendor,
)
from connector.web.pages.visitor import current_visitor

PAGES = (
    login.routes,
    board.routes,
    vendor.routes,
    report.routes,
    review_list.routes,
    review.routes,
    review_link.routes,
    pictures.routes,
    trial.routes,
    upload.routes,
)
"""Every page's routes."""

NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/", "Board"),
    ("/review", "To review"),
    ("/try", "Try"),
)
"""The links on top of every page: address and label."""


def register(app: Flask) -> None:
    """Hang up all pages: their forms are checked, and nothing of them stays in a shared cache."""
    pages = Blueprint("pages", __name__)
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
            "navigation": NAVIGATION,
            "section": f"/{request.path.split('/')[1]}",
        }
    )


def _private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
