"""Secrets that must be readable again, encrypted with the service's keys (Fernet)."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connector.errors import NotConnected


def seal(secret: str, keys: Sequence[str]) -> str:
    """The secret under the newest key, which stands first."""
    return _fernet(keys).encrypt(secret.encode()).decode()


def unseal(sealed: str, keys: Sequence[str], of_what: str) -> str:
    """The secret again. NotConnected when no key fits; `of_what` begins the sentence's object."""
    try:
        return _fernet(keys).decrypt(sealed).decode()
    except InvalidToken:
        raise NotConnected(
            f"{of_what} cannot be read with the present CONNECTOR_SECRET_KEY. "
            "Put the old key back behind the new one, or connect again."
        ) from None


def reseal(sealed: str, keys: Sequence[str]) -> str:
    """The same secret under the newest key, so that an old one can go."""
    return _fernet(keys).rotate(sealed.encode()).decode()


def _fernet(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
