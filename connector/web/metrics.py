"""GET /metrics: figures for Prometheus, over all accounts, so only with the operator's token.

Requests are counted in files that the server's processes share (`server.py`); jobs are counted
in the database, so that every web process of every machine says the same.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from connector.errors import NotFound
from connector.storage import jobs
from connector.web.auth import secret_of_request, services

routes = Blueprint("metrics", __name__)

REQUESTS = Counter("coi_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "coi_request_seconds",
    "Seconds until the answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request."""
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)


@routes.get("/metrics")
def metrics() -> Response:
    """The figures as text. NotFound without METRICS_TOKEN, or with another one."""
    token = services().settings.metrics_token
    if not token or not _is_same(secret_of_request(), token):
        raise NotFound("There is nothing here. The figures need METRICS_TOKEN as bearer token.")
    text = generate_latest(_requests()) + generate_latest(_jobs())
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _is_same(given: str, token: str) -> bool:
    """Compared as digests, so that not even the token's length shows in the time it takes."""
    first, second = (hashlib.sha256(each.encode()).digest() for each in (given, token))
    return hmac.compare_digest(first, second)


def _requests() -> CollectorRegistry:
    """Of all processes of this server; of this one alone where they share no folder."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:
        return REGISTRY
    return registry


def _jobs() -> CollectorRegistry:
    registry = CollectorRegistry()
    count = Gauge("coi_jobs", "Jobs on file.", ["queue", "status"], registry=registry)
    overdue = Gauge(
        "coi_jobs_overdue_seconds",
        "How long the oldest job that could run has been waiting.",
        registry=registry,
    )
    now = services().clock()
    with services().readers() as session:
        for queue, status, number in jobs.counts(session):
            count.labels(queue, status).set(number)
        since = jobs.due_since(session, now)
    overdue.set((now - since).total_seconds() if since else 0)
    return registry
