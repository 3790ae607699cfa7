"""Addresses from people and from certificates: what passes is safe in an envelope and a header."""

from __future__ import annotations

import pytest

from connector.destinations.email.addresses import address, addresses, sender
from connector.errors import InvalidInput


def test_several_addresses_in_one_box() -> None:
    found = addresses(
        "A.Smith+coi@Broker.Example; office@sub.example,\n A.Smith+coi@broker.example", "To"
    )
    assert found == ("A.Smith+coi@broker.example", "office@sub.example")


def test_a_domain_with_umlauts_goes_out_as_ascii() -> None:
    assert address("buero@müller.example", "To") == "buero@xn--mller-kva.example"


@pytest.mark.parametrize(
    "given",
    [
        "nobody", "@sub.example", "a@", "a@b", "a@@b.example", "a..b@c.example", ".a@c.example",
        "a@b..example", "a@-b.example", "<a@b.example>", "a@b.example>", "a@b.example\x00",
        '"a b"@c.example', "a@[127.0.0.1]", "ä@b.example", "x" * 65 + "@b.example",
        "a@b.example%0d%0aBcc:x", "a\u2028@b.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_so(given: str) -> None:
    with pytest.raises(InvalidInput, match="Producer e-mail"):
        addresses(given, "Producer e-mail", "producer_email")


def test_line_breaks_never_get_into_an_address() -> None:
    with pytest.raises(InvalidInput):
        addresses("a@b.example\r\nBcc: all@rival.example", "To")


def test_too_many_addresses_are_no_address_box() -> None:
    with pytest.raises(InvalidInput, match="too many"):
        addresses(" ".join(f"a{n}@b.example" for n in range(6)), "To")


def test_a_sender_may_have_a_name() -> None:
    assert str(sender("Summit  Builders <certs@summit.example>")) == (
        "Summit Builders <certs@summit.example>"
    )
    with pytest.raises(InvalidInput, match="MAIL_FROM"):
        sender("Summit Builders")
