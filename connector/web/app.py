"""The Flask app: routes hung up, nothing else."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from connector.actions.services import Services
from connector.documents.admit import MEGABYTE
from connector.storage import actor
from connector.web import (
    actions,
    description,
    errors,
    evidence,
    files,
    headers,
    health,
    hooks,
    insurer_ratings,
    jobs,
    large_bodies,
    lists,
    metrics,
    notice_templates,
    pages,
    procore_events,
    rate_limits,
    records,
    requests_log,
    rule_trial,
    sent_links,
)
from connector.web.proxies import OwnProxies
from connector.web.strict_json import StrictJSON

MULTIPART_OVERHEAD = 1024 * 1024
"""Room for the other fields and the boundaries around an upload of the largest size."""


def create_app(services: Services) -> Flask:
    """The service's web side over the given services."""
    app = Flask(__name__)
    app.json = StrictJSON(app)
    app.json.sort_keys = False  # users see keys in our order
    app.json.compact = True
    base64_growth = 4 / 3
    largest = services.settings.max_upload_mb * MEGABYTE * base64_growth + MULTIPART_OVERHEAD
    app.config["MAX_CONTENT_LENGTH"] = round(largest)
    app.config["MAX_FORM_MEMORY_SIZE"] = round(largest)
    app.url_map.strict_slashes = False
    app.extensions["services"] = services
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if hops := services.settings.proxies_in_front:
        networks = services.settings.proxy_networks
        app.wsgi_app = OwnProxies(app.wsgi_app, hops, networks)  # type: ignore[method-assign]
    errors.register(app)
    requests_log.register(app)
    app.before_request(lambda: actor.begin(actor.SERVICE))  # a thread serves one after another
    headers.register(app, services.settings)
    rate_limits.register(app, services)
    large_bodies.register(app)
    pages.register(app)
    for blueprint in (
        description.routes,
        actions.routes,
        records.routes,
        jobs.routes,
        lists.routes,
        evidence.routes,
        insurer_ratings.routes,
        rule_trial.routes,
        notice_templates.routes,
        hooks.routes,
        sent_links.routes,
        procore_events.routes,
        files.routes,
        health.routes,
        metrics.routes,
    ):
        app.register_blueprint(blueprint)
    return app
