"""Which addresses may be visited: the shape of a URL, and the kind of an IP address. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

import idna

from connector.errors import AddressRefused
from connector.settings import Reachable

STANDARD_PORTS = {"https": 443, "http": 80}

NO_WEB_PORTS = frozenset(
    {1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 5984, 6379, 9042, 9200, 11211}
    | {1719, 1720, 1723, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6697, 10080, 27017}
    | set(range(6665, 6670))
)
"""From 1024 up: databases, caches and desktops, and what browsers block (Fetch standard, 2.9)."""

_NOT_PUBLIC_V4 = tuple(
    ip_network(each)
    for each in (
        "192.0.0.0/24",  # protocol assignments, RFC 6890; Oracle's cloud answers on .192
        "100.64.0.0/10",  # shared by a carrier's customers, RFC 6598
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "168.63.129.16/32",  # Azure's platform: a public address answered by the host itself
    )
)
_GLOBAL_V6 = ip_network("2000::/3")
"""All of IPv6 that is handed out; NAT64 64:ff9b::/96, mapped and local addresses lie outside."""

_NOT_PUBLIC_V6 = tuple(
    ip_network(each)
    for each in (
        "2001::/23",  # Teredo, ORCHID and other protocols, RFC 2928
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation, RFC 9637
    )
)

_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LOOKS_NUMERIC = re.compile(r"\d+|0x[0-9a-f]*", re.I)
_NETLOC = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:]+)(:\d{1,5})?", re.I)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: every part checked, the host in ASCII and lower case."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == STANDARD_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str) -> Target:
    """`url` taken apart. AddressRefused for everything that two parsers could read differently."""
    if _FORBIDDEN.search(url.strip()):
        raise AddressRefused("The link contains a space or a character no link may have.")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise AddressRefused("The link is not a web address.") from None
    scheme = parts.scheme.lower()
    if scheme not in STANDARD_PORTS or not parts.hostname:
        raise AddressRefused("The link must start with https:// and name a host.")
    if "@" in parts.netloc:
        raise AddressRefused("The link carries a user name or password; give one without.")
    if port == 0 or not _NETLOC.fullmatch(parts.netloc):
        raise AddressRefused("The link names a host or port that cannot exist.")
    return Target(scheme, _host(parts.hostname), port or STANDARD_PORTS[scheme], _path(parts))


def _path(parts: SplitResult) -> str:
    """Path and query, with what is not ASCII escaped; the part after # stays here."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._[]|{}^`\"<>")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|{}^`\"<>")
    return f"{path}?{query}" if query else path


def _host(given: str) -> str:
    """The host as an exact IP address or a name in ASCII."""
    if ":" in given:
        return _ipv6(given)
    try:
        host = given if given.isascii() else idna.encode(given, uts46=True).decode()
    except idna.IDNAError:
        raise AddressRefused("The link names a host that cannot exist.") from None
    labels = host.lower().rstrip(".").split(".")
    if _LOOKS_NUMERIC.fullmatch(labels[-1]):
        return _ipv4(".".join(labels))
    if len(host) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("The link names a host that cannot exist.")
    return ".".join(labels)


def _ipv6(given: str) -> str:
    try:
        address = IPv6Address(given)
    except ValueError:
        address = None
    if address is None or address.scope_id is not None:
        raise AddressRefused("The link names a host that cannot exist.")
    return str(address)


def _ipv4(given: str) -> str:
    """Only four plain decimal numbers: 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 disguised."""
    try:
        return str(IPv4Address(given))
    except ValueError:
        raise AddressRefused("The link spells its host as a number; give its name.") from None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """True for an address of the public internet that belongs to one host.

    The standard library's `is_global` alone lets NAT64, 6to4 and multicast pass.
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in each for each in _NOT_PUBLIC_V4)
    return address in _GLOBAL_V6 and not any(address in each for each in _NOT_PUBLIC_V6)


def is_listed(host: str, address: IPv4Address | IPv6Address, listed: Sequence[Reachable]) -> bool:
    """True when the operator has listed this host, or a network with this address."""
    return any(host == each if isinstance(each, str) else address in each for each in listed)


def may_visit(host: str, address: str, listed: Sequence[Reachable]) -> bool:
    """True for a public address, and for one inside that the operator has listed."""
    parsed = ip_address(address)
    return is_public(parsed) or is_listed(host, parsed, listed)


def is_web_port(target: Target) -> bool:
    """The standard port, or a high one that no database or desktop listens on."""
    if target.port == STANDARD_PORTS[target.scheme]:
        return True
    return target.port >= 1024 and target.port not in NO_WEB_PORTS
