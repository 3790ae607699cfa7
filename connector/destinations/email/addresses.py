"""Mail addresses as people write them, made fit for an envelope and a header."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

import idna

from connector.errors import InvalidInput

MOST_RECIPIENTS = 5
"""Of one side; a box with more addresses is no address box."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_SEPARATORS = re.compile(r"[;,\s]+")


def addresses(given: str, label: str, field: str | None = None) -> tuple[str, ...]:
    """One or several addresses, separated by semicolons, commas or blanks; each once.

    InvalidInput names the first that is none. What passes has no blank, no control character and
    nothing else that could end a header line.
    """
    found = [part for part in _SEPARATORS.split(given.strip()) if part]
    if len(found) > MOST_RECIPIENTS:
        raise InvalidInput(
            f"{label}: {len(found)} addresses are too many. Give at most {MOST_RECIPIENTS}.",
            field=field,
        )
    return tuple(dict.fromkeys(address(each, label, field) for each in found))


def address(given: str, label: str, field: str | None = None) -> str:
    """One address, its domain in ASCII and lower case. InvalidInput when it is none."""
    local, _, domain = given.rpartition("@")
    name = _domain(domain)
    if not _LOCAL.fullmatch(local) or name is None or len(local) > 64:
        raise InvalidInput(
            f"{label}: “{given[:80]}” is no e-mail address. Write it like office@example.com.",
            field=field,
        )
    return f"{local}@{name}"


def sender(given: str) -> Address:
    """MAIL_FROM: an address, or a name with an address in angle brackets. InvalidInput."""
    name, spec = parseaddr(given)
    return Address(" ".join(name.split()), addr_spec=address(spec, "MAIL_FROM"))


def _domain(given: str) -> str | None:
    try:
        name = idna.encode(given, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return None
    labels = name.split(".")
    return name if len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) else None
