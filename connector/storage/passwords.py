"""Passwords: hashed by argon2id, a few at a time."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from connector.errors import InvalidInput

SHORTEST, LONGEST = 12, 256
"""Characters. Length is what counts (NIST SP 800-63B); nothing is asked about their kinds."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The parameters of OWASP's Password Storage Cheat Sheet for argon2id."""

_places = threading.BoundedSemaphore(4)
"""Each hash takes 19 MiB: a rush of logins waits instead of filling the memory."""

_NOBODYS = _hasher.hash("nobody has this password")


def digest(password: str, email: str) -> str:
    """What is kept of a new password. InvalidInput when it is too easily guessed."""
    _check(password, email)
    with _places:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one whose digest is `stored`.

    Without a digest as much time is spent, so that an answer's time does not tell who has a login.
    """
    with _places:
        try:
            _hasher.verify(stored or _NOBODYS, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def _check(password: str, email: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            f"Choose a password of at least {SHORTEST} characters; a few words in a row are good.",
            field="password",
        )
    name = email.partition("@")[0]
    if len(set(password.lower())) < 5 or password.lower() in (email, name * 2, name * 3):
        raise InvalidInput(
            "This password is guessed at the first try. Take a few words that you can remember.",
            field="password",
        )
