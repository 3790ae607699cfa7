"""Signed links that expire: made and read here.

A token names one subject for one purpose until one moment. It is no secret store: whoever holds
the link can read its subject. Signed by itsdangerous (HMAC-SHA256, compared in constant time)
with keys derived per purpose from the service's secret keys, so that a token for an upload never
opens a review.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer

from connector.errors import LinkExpired, LinkRefused


def sign(purpose: str, subject: str, expires_at: datetime, keys: Sequence[str]) -> str:
    """A token for a URL. `expires_at` is aware; the first of `keys` signs."""
    if expires_at.tzinfo is None:
        raise ValueError("expires_at must name its time zone")
    return _serializer(purpose, keys).dumps([subject, int(expires_at.timestamp())])


def verify(purpose: str, token: str, keys: Sequence[str], now: datetime) -> str:
    """The subject of a token made for this purpose by any of `keys`.

    Raises LinkRefused for one that we did not make, LinkExpired from its last second on.
    """
    try:
        subject, expires = _serializer(purpose, keys).loads(token)
    except BadData:
        raise LinkRefused(
            "This link is not complete or not ours. Copy the whole link from the message."
        ) from None
    if now >= datetime.fromtimestamp(expires, UTC):
        raise LinkExpired("This link has expired. Ask the sender for a new one.")
    return str(subject)


def _serializer(purpose: str, keys: Sequence[str]) -> URLSafeSerializer:
    """Settings list keys newest first; itsdangerous signs with the last."""
    if not keys:
        raise ValueError("no key to sign links with")
    return URLSafeSerializer(
        list(reversed(keys)),
        salt=f"connector.links:{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
