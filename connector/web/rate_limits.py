"""How often one key and one address may ask: Flask-Limiter, counting in memory or in the database.

The limits are far above what Zapier, Make or an office sends; they stop a loop that went wild and
somebody who tries keys. On SQLite each web process counts for itself in memory (a write for every
request would cost more than the limit saves), so there the true limit is at most WEB_WORKERS times
as high. On PostgreSQL all processes of all machines count together.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from connector.actions.services import Services
from connector.errors import NotAuthorized, TooManyRequests
from connector.storage import request_counts
from connector.web.errors import answer_of

WRONG_KEYS = "100 per minute"
"""Of one address. It may be shared (Zapier's are), so one wrong key in an old Zap must not close
it; 256 random bits are not guessed at this pace, nor at any other."""
REFUSAL = (
    "Too many requests came in one minute. Nothing of this one was done; wait a minute and send it "
    "again. A Zap or scenario that calls itself in a loop is the usual cause."
)
_NEVER_COUNTED = ("/health", "/ready", "/metrics", "/static/")


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


def register(app: Flask, services: Services) -> None:
    """Count every request of the app by its key and by its address."""
    settings = services.settings
    is_alone = settings.database_url.startswith("sqlite")
    limiter = Limiter(
        _address,
        app=app,
        application_limits=[
            _limit(f"{settings.requests_per_key} per minute", "key", key_function=_key),
            _limit(f"{settings.requests_per_address} per minute", "address"),
            _limit(WRONG_KEYS, "wrong keys", deduct_when=_is_unknown),
        ],
        storage_uri="memory://" if is_alone else f"{DatabaseCounts.STORAGE_SCHEME[0]}://",
        storage_options=dict[str, Any]({} if is_alone else {"sessions": services.sessions}),
        swallow_errors=True,
        key_prefix="coi",
    )  # fmt: skip

    @app.errorhandler(RateLimitExceeded)
    def refuse(_: RateLimitExceeded) -> Response:
        ends = limiter.current_limit.reset_at if limiter.current_limit else time.time()
        return answer_of(TooManyRequests(REFUSAL, retry_after=max(1.0, ends - time.time())))


def _limit(words: str, scope: str, **how: Any) -> ApplicationLimit:
    return ApplicationLimit(words, scope=scope, exempt_when=_is_never_counted, **how)


def _is_never_counted() -> bool:
    return request.path.startswith(_NEVER_COUNTED)


def _key() -> str:
    """The key of the request, never as it is; the address of one without a key."""
    given = request.headers.get("Authorization", "").partition(" ")[2].strip()
    return hashlib.sha256(given.encode()).hexdigest() if given else _address()


def _address() -> str:
    return request.remote_addr or "unknown"


def _is_unknown(response: Response) -> bool:
    return response.status_code == NotAuthorized.status
