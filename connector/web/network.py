"""Where a request comes from, as limits and waiting count it: one line of one customer counts once."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import request


def network() -> str:
    """The network of the request's address."""
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """An IPv6 line has a whole network of addresses (a /64): they count as one.

    An IPv4 address that is written as one of version 6 (`::ffff:192.0.2.1`, as a socket for both
    has it) stays itself: all of them are in one /64.
    """
    found = parse_address(address)
    if found is None:
        return address
    return str(IPv6Network((int(found), 64), strict=False)) if found.version == 6 else str(found)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, also in brackets or with a port behind it, as some proxies write it; None for what is none."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
