"""How often one key and one address may ask: Flask-Limiter, counting in memory or in the database.

The limits are far above what Zapier, Make or an office sends; they stop a loop that went wild and
somebody who tries keys. A good key is held back by its own count alone, whatever else comes from
its address: an office, and all of Zapier, stand behind a few. On SQLite each web process counts for itself in memory (a write for every
request would cost more than the limit saves), so there the true limit is at most WEB_WORKERS times
as high. On PostgreSQL all processes of all machines count together.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded
from limits import parse
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from connector.actions.services import Services
from connector.errors import NotAuthorized, NotFound, TooManyRequests
from connector.storage import request_counts
from connector.web.auth import key_of_request, secret_of_request
from connector.web.errors import answer_of
from connector.web.network import network

WRONG_KEYS = "100 per minute"
"""Of one address, before every further key that is not known is refused unanswered. 256 random bits
are not guessed at this pace, nor at any other."""
FIRST_SIGHTS = "1000 per minute"
"""Keys of one address that are looked up although they have not been good here lately. Beyond that
nothing is looked up for it, so that refusals tell nobody whether a guess was right."""
WRONG_TOKENS = "10 per minute"
"""Of one address at /metrics. A person chose that token: beyond these none is compared at all."""
PROVEN_FOR = 3600.0
"""Seconds that a key which was good passes without counting as a first sight."""
REFUSAL = (
    "Too many requests came in one minute. Nothing of this one was done; wait a minute and send it "
    "again. A Zap or scenario that calls itself in a loop is the usual cause."
)
_NEVER_COUNTED = ("/health", "/ready", "/metrics", "/static/")
_FIRST_SIGHTS = parse(FIRST_SIGHTS)


class DatabaseCounts(Storage):
    """The windows of `limits` as rows of the service's own database."""

    STORAGE_SCHEME = ["connector-database"]  # noqa: RUF012 - the library's own declaration

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        *,
        sessions: sessionmaker[Session],
        clock: Callable[[], float] = time.time,
        **_: Any,
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._sessions, self._clock = sessions, clock

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._sessions() as session, session.begin():
            return request_counts.add(session, key, amount, self._clock(), expiry)

    def get(self, key: str) -> int:
        return self._found(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._found(key)[1]

    def check(self) -> bool:
        try:
            self._found("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Remove what is over: a window that runs is nobody's to reset."""
        with self._sessions() as session, session.begin():
            return request_counts.forget_ended(session, self._clock())

    def clear(self, key: str) -> None:
        with self._sessions() as session, session.begin():
            request_counts.forget(session, key)

    def _found(self, key: str) -> tuple[int, float]:
        with self._sessions() as session:
            return request_counts.find(session, key, self._clock())


class Proven:
    """Digests of keys that were good lately, in this process; at most as many as there are keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._until = clock, dict[str, float]()

    def __contains__(self, digest: str) -> bool:
        return self._until.get(digest, 0.0) > self._clock()

    def note(self, digest: str, is_good: bool) -> None:
        if is_good:
            self._until[digest] = self._clock() + PROVEN_FOR
        else:
            self._until.pop(digest, None)


def register(app: Flask, services: Services) -> None:
    """Count every request of the app by its key, or by its address when it has none that is good."""
    settings = services.settings
    is_alone = settings.database_url.startswith("sqlite")
    limiter = Limiter(
        network,
        app=app,
        application_limits=[
            _limit(f"{settings.requests_per_key} per minute", "key", key_function=_key),
            _limit(f"{settings.requests_per_address} per minute", "address", exempt_when=_is_good),
            _limit(WRONG_KEYS, "wrong keys", deduct_when=_is_unknown, exempt_when=_is_no_guess),
            ApplicationLimit(
                WRONG_TOKENS, scope="tokens", deduct_when=_is_nothing, exempt_when=_is_elsewhere
            ),
        ],
        storage_uri="memory://" if is_alone else f"{DatabaseCounts.STORAGE_SCHEME[0]}://",
        storage_options=dict[str, Any]({} if is_alone else {"sessions": services.sessions}),
        swallow_errors=True,
        key_prefix="coi",
    )
    app.extensions["first_sights"] = FirstSights(limiter)

    @app.errorhandler(RateLimitExceeded)
    def refuse(_: RateLimitExceeded) -> Response:
        ends = limiter.current_limit.reset_at if limiter.current_limit else time.time()
        return answer_of(TooManyRequests(REFUSAL, retry_after=max(1.0, ends - time.time())))


class FirstSights:
    """Which keys are looked up at all: those proven lately, and some new ones of each address."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter, self._proven = limiter, Proven()

    def is_good(self, secret: str) -> bool:
        digest = _digest(secret)
        if digest not in self._proven and not self._is_room():
            return False
        found = key_of_request() is not None
        self._proven.note(digest, found)
        return found

    def _is_room(self) -> bool:
        return self._limiter.limiter.hit(_FIRST_SIGHTS, "coi", "first sights", network())


def _limit(
    words: str, scope: str, exempt_when: Callable[[], bool] = lambda: False, **how: Any
) -> ApplicationLimit:
    def is_exempt() -> bool:
        return request.path.startswith(_NEVER_COUNTED) or exempt_when()

    return ApplicationLimit(words, scope=scope, exempt_when=is_exempt, **how)


def _is_good() -> bool:
    """Whether a good key was sent; asked once for each request."""
    if "has_good_key" not in g:
        secret, sights = secret_of_request(), current_app.extensions["first_sights"]
        try:
            g.has_good_key = bool(secret) and sights.is_good(secret)
        except SQLAlchemyError:  # whoever needs the database says so in words
            return False
    return bool(g.has_good_key)


def _is_no_guess() -> bool:
    """No key at all, or a good one. Procore sends another value there, which it alone can have."""
    return not secret_of_request() or request.blueprint == "procore_events" or _is_good()


def _is_elsewhere() -> bool:
    return request.path != "/metrics"


def _key() -> str:
    """The key of the request, never as it is; the network of one without a good key."""
    return _digest(secret_of_request()) if _is_good() else network()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_unknown(response: Response) -> bool:
    return response.status_code == NotAuthorized.status


def _is_nothing(response: Response) -> bool:
    return response.status_code == NotFound.status
