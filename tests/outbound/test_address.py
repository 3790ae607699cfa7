"""Which URLs and addresses may be visited. The tables are the promise."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from connector.errors import AddressRefused
from connector.outbound.address import is_public, is_web_port, may_visit, parse
from connector.settings import load

REFUSED_URLS = [
    # no web address
    "",
    "certificate.pdf",
    "//example.com/a.pdf",
    "https://",
    "https:///a.pdf",
    "ftp://example.com/a.pdf",
    "file:///etc/passwd",
    "gopher://example.com/",
    "data:application/pdf;base64,JVBERi0=",
    "javascript:alert(1)",
    "dict://example.com:11211/stats",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    # read differently by different parsers
    "https://example.com\\@127.0.0.1/",
    "https://127.0.0.1\\.example.com/",
    "https://user@example.com/a.pdf",
    "https://user:password@example.com/a.pdf",
    "https://example.com@127.0.0.1/",
    "https://@example.com/",
    "https://example.com:443@127.0.0.1/",
    "https://exa mple.com/",
    "https://example.com/a b.pdf",
    "https://example.com/a\r\nHost: inner",
    "https://example.com/\x00",
    "https://example.com\t.evil.example/",
    "https://%31%32%37.0.0.1/",
    "https://example.com%00.evil.example/",
    "https://exam%70le.com/",
    "https://[::1/",
    "https://::1/",
    "https://[::1]x/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[v1.fe80::a]/",
    "https://example.com:99999/",
    "https://example.com:port/",
    "https://example.com:0/",
    "https://example.com:/",
    "https://example.com:-1/",
    # numbers in disguise
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.01/",
    "https://0x7f.1/",
    "https://127.0.0.0x1/",
    "https://example.1/",
    "https://256.256.256.256/",
    "https://1.2.3.4.5/",
    # hosts that cannot be
    "https://.example.com/",
    "https://exa..mple.com/",
    "https://-example.com/",
    "https://example-.com/",
    "https://exam<ple.com/",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 130 + "com/",
]

ACCEPTED_URLS = [
    ("https://example.com", "https://example.com/"),
    ("HTTPS://Example.COM/A.pdf", "https://example.com/A.pdf"),
    ("https://example.com./a", "https://example.com/a"),
    ("https://example.com:443/a", "https://example.com/a"),
    ("https://example.com:8443/a", "https://example.com:8443/a"),
    ("  https://example.com/a  ", "https://example.com/a"),
    ("https://example.com/a#page=2", "https://example.com/a"),
    ("https://example.com/a?b=c&d=e%20f", "https://example.com/a?b=c&d=e%20f"),
    ("https://example.com?b=c", "https://example.com/?b=c"),
    ("https://example.com/ä.pdf", "https://example.com/%C3%A4.pdf"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://8.8.8.8/", "https://8.8.8.8/"),
    ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ("https://[2606:4700:0:0::1111]:8443/", "https://[2606:4700::1111]:8443/"),
    ("https://a_b.example.com/", "https://a_b.example.com/"),
    ("https://ⓔxample.com/", "https://example.com/"),
    ("https://example.com/a@b", "https://example.com/a@b"),
    ("https://example.com//double", "https://example.com//double"),
]

PRIVATE_ADDRESSES = [
    "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]

PUBLIC_ADDRESSES = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1", "2003::1"]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_url_that_could_mislead_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        parse(url)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(("url", "meant"), ACCEPTED_URLS)
def test_a_plain_url_is_taken_as_it_is_meant(url: str, meant: str) -> None:
    assert parse(url).url == meant
    assert parse(meant).url == meant


@pytest.mark.parametrize("host", ["①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1"])
def test_digits_of_other_scripts_are_the_address_they_look_like(host: str) -> None:
    assert parse(f"https://{host}/").host == "127.0.0.1"


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_an_address_inside_a_network_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not may_visit("files.example.com", address, ())


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert may_visit("files.example.com", address, ())


def test_a_listed_network_opens_its_own_addresses_only() -> None:
    listed = load({"ALLOW_PRIVATE_FETCH": "10.20.0.0/16"}).allow_private_fetch
    assert may_visit("anything.example", "10.20.3.4", listed)
    assert not may_visit("anything.example", "10.21.0.1", listed)
    assert not may_visit("anything.example", "127.0.0.1", listed)


def test_a_listed_host_opens_itself_only() -> None:
    listed = load({"ALLOW_PRIVATE_FETCH": "files.office.example"}).allow_private_fetch
    assert may_visit("files.office.example", "192.168.1.5", listed)
    assert not may_visit("evil.files.office.example", "192.168.1.5", listed)
    assert not may_visit("office.example", "192.168.1.5", listed)


@pytest.mark.parametrize("port", [443, 1024, 5678, 8000, 8443, 65535])
def test_web_ports_are_visited(port: int) -> None:
    assert is_web_port(parse(f"https://example.com:{port}/"))


@pytest.mark.parametrize("port", [1, 21, 22, 25, 80, 110, 445, 993, 3306, 5432, 6379, 9200, 11211, 27017])  # fmt: skip
def test_ports_of_other_services_are_not(port: int) -> None:
    assert not is_web_port(parse(f"https://example.com:{port}/"))


def test_the_standard_port_depends_on_the_scheme() -> None:
    assert is_web_port(parse("http://example.com/"))
    assert not is_web_port(parse("http://example.com:443/"))
