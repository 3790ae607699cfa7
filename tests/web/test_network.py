"""Where a request comes from: networks, and whom of those in front is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from connector.actions.services import Services
from connector.settings import load
from connector.web.app import create_app
from connector.web.network import network_of
from connector.web.proxies import OwnProxies

PEER = "10.0.0.5"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_is_counted_as_its_network(address: str, counted: str) -> None:
    assert network_of(address) == counted


def seen(hops: int, peer: str = PEER, **headers: str) -> tuple[str, str]:
    """The caller's address and scheme as the app behind the proxies sees them."""
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    found: list[tuple[str, str]] = []

    def app(there: Any, _: Any) -> Iterable[bytes]:
        found.append((there["REMOTE_ADDR"], there["wsgi.url_scheme"]))
        return []

    OwnProxies(app, hops, load({}).proxy_networks)(environ, lambda *_: lambda _: None)
    return found[0]


@pytest.mark.parametrize(
    ("hops", "told", "believed"),
    [
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        (2, "198.51.100.1, 192.0.2.7, 10.0.0.9", "192.0.2.7"),
        (2, "192.0.2.7", PEER),
        (1, '"198.51.100.1, 192.0.2.7', "192.0.2.7"),
        (1, '"a", "198.51.100.1, 192.0.2.7', "192.0.2.7"),
        (1, "198.51.100.1, not-an-address", PEER),
        (1, "198.51.100.1,", PEER),
        (1, "192.0.2.7:5123", "192.0.2.7"),
        (1, "[2001:db8::1]:5123", "2001:db8::1"),
        (1, '"[2001:db8::1]"', "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(hops: int, told: str, believed: str) -> None:
    assert seen(hops, **{"for": told}) == (believed, "http")


def test_whoever_comes_past_the_proxies_is_believed_nothing() -> None:
    told = {"for": "192.0.2.7", "proto": "https"}
    assert seen(1, peer="203.0.113.9", **told) == ("203.0.113.9", "http")
    assert seen(1, peer="unix", **told) == ("unix", "http")
    assert seen(1, peer="::ffff:10.0.0.5", **told) == ("192.0.2.7", "https")


def test_a_scheme_is_one_of_two() -> None:
    assert seen(1, proto="https")[1] == "https"
    assert seen(1, proto="javascript")[1] == "http"


def test_a_proxy_with_a_public_address_is_named() -> None:
    named = load({"PROXY_NETWORKS": "203.0.113.9, 2001:db8::/32"}).proxy_networks
    assert named == (ip_network("203.0.113.9/32"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize("made_up", ["198.51.100.{}", '"198.51.100.{}', "a{}"])
def test_a_made_up_address_changes_no_count(services: Services, made_up: str) -> None:
    """As behind nginx, which adds the true address to what the caller sent."""
    settings = replace(services.settings, proxies_in_front=1, requests_per_address=12)
    client = create_app(replace(services, settings=settings)).test_client()
    seen = [
        client.get(
            "/v1/openapi.json",
            headers={"X-Forwarded-For": f"{made_up.format(number)}, 192.0.2.7"},
        ).status_code
        for number in range(13)
    ]
    assert seen == [200] * 12 + [429]
