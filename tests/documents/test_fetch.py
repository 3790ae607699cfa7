"""Documents behind links: hydrated files, share pages, and names of the server's choosing."""

from __future__ import annotations

import pytest

from connector.documents.admit import Limits, admit
from connector.documents.fetch import fetch
from connector.errors import AddressRefused, NotAPdf, TooLarge
from connector.outbound import Outbound
from connector.settings import load
from tests.documents import making
from tests.outbound.servers import answers, redirects, serving

DOOR = Outbound(
    allow_http=True,
    allow_private=load({"ALLOW_PRIVATE_FETCH": "127.0.0.1"}).allow_private_fetch,
)
SHARE_PAGE = b"<!DOCTYPE html><html><head><title>coi.pdf - Google Drive</title></head></html>"


def test_a_signed_link_of_two_thousand_characters_is_followed() -> None:
    """Zapier's hydration links are signed tokens that grow with the payload."""
    path = "/engine/hydrate/123/.eJw" + "Ab-_" * 500 + ":1wB:sig/"
    data = making.pdf()
    name = 'attachment; filename="Acme COI.pdf"'
    with serving({path: answers(data, Content_Disposition=name)}) as server:
        assert fetch(server.url(path), DOOR) == (data, "Acme COI.pdf")
        assert "Authorization" not in server.asked[0].headers


def test_the_name_is_cleaned() -> None:
    name = "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fcoi%00%0d%0a.pdf"
    with serving({"/x": answers(b"x", Content_Disposition=name)}) as server:
        assert fetch(server.url("/x"), DOOR)[1] == "coi.pdf"


def test_a_link_without_any_name_is_a_document() -> None:
    with serving({"/": answers(b"x")}) as server:
        assert fetch(server.url("/"), DOOR)[1] == "document"


def test_a_share_link_that_shows_a_page_is_named_as_such() -> None:
    pages = {"/file/d/1/view": redirects("/signin"), "/signin": answers(SHARE_PAGE)}
    with serving(pages) as server:
        data, name = fetch(server.url("/file/d/1/view"), DOOR)
    with pytest.raises(NotAPdf, match=r"is a web page, not a PDF\. .*use a direct download link"):
        admit(data, name, Limits())


def test_the_limit_of_the_settings_holds_while_fetching() -> None:
    with serving({"/big.pdf": answers(bytes(3_000_000))}) as server, pytest.raises(TooLarge):
        fetch(server.url("/big.pdf"), DOOR, most_bytes=2_000_000)


def test_a_link_into_the_network_is_refused() -> None:
    with serving({"/x": answers(b"x")}) as server, pytest.raises(AddressRefused):
        fetch(server.url("/x"), Outbound(allow_http=True))
