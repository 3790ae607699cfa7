"""The door to the network, tried against real servers on loopback.

`127.0.0.1` is a private address, so that every test which gets through had to be let through.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.errors import AddressRefused, FetchFailed, NoAnswer, NotReached, TooLarge
from connector.outbound import Outbound, Patience
from connector.settings import Reachable, load
from tests.outbound import servers
from tests.outbound.authority import certify
from tests.outbound.rebinding import rebinding_dns
from tests.outbound.servers import Server, answers, gzipped, redirects, serving

LOOPBACK: tuple[Reachable, ...] = load({"ALLOW_PRIVATE_FETCH": "127.0.0.1"}).allow_private_fetch
SHORT = Patience(connect=1, read=1, total=1)


def names(table: dict[str, Sequence[str]]) -> Callable[[str, int], list[str]]:
    """A resolver with fixed answers: DNS is the wall here."""

    def resolve(host: str, port: int) -> list[str]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown name")
        return list(table[host])

    return resolve


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(
        {
            "/ok.pdf": answers(b"%PDF-1.7", Content_Type="Application/PDF; charset=x"),
            "/echo": answers(b"{}"),
            "/empty": answers(b""),
            "/gzipped": gzipped(b"%PDF-1.7 unpacked"),
            "/drip": servers.drips,
            "/drip-headers": servers.drips_headers,
            "/endless": servers.never_ends,
            "/endless-chunked": servers.never_ends_chunked,
            "/short": servers.breaks_off,
            "/hang-up": servers.hangs_up,
            "/lie": servers.lies_about_length,
            "/bomb": servers.gzip_bomb,
            "/damaged-gzip": servers.damaged_gzip,
            "/login": answers(b"who are you?", 401),
            "/forbidden": answers(b"no", 403),
            "/gone": answers(b"", 410),
            "/broken": answers(b"oops", 500),
            "/busy": answers(b"later", 429),
            "/round": redirects("/round"),
        }
    ) as running:
        yield running


@pytest.fixture(scope="module")
def inside() -> Outbound:
    """A door that may visit loopback without TLS."""
    return Outbound(allow_http=True, allow_private=LOOPBACK)


@dataclass(frozen=True)
class TlsServer:
    server: Server
    believed: Path

    def door(self, resolved: str = "127.0.0.1") -> Outbound:
        """A door that believes the server, and finds every name at one address."""
        return Outbound(
            allow_private=LOOPBACK, resolver=lambda host, port: [resolved], ca_file=self.believed
        )


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[TlsServer]:
    context, believed = certify("files.example.com", tmp_path)
    with serving({"/ok.pdf": answers(b"%PDF-1.7"), "/drip": servers.drips}, context) as running:
        yield TlsServer(running, believed)


def test_a_file_is_fetched_over_tls_by_its_name(tls: TlsServer) -> None:
    url = tls.server.url("/ok.pdf", "files.example.com")
    assert tls.door().get(url).data == b"%PDF-1.7"
    assert tls.server.asked[0].headers["Host"].startswith("files.example.com")


def test_a_certificate_for_another_name_is_not_believed(tls: TlsServer) -> None:
    with pytest.raises(NotReached, match="no secure connection"):
        tls.door().get(tls.server.url("/ok.pdf", "other.example.com"))
    assert not tls.server.asked


def test_a_certificate_nobody_signed_is_not_believed(tls: TlsServer) -> None:
    door = Outbound(allow_private=LOOPBACK, resolver=lambda host, port: ["127.0.0.1"])
    with pytest.raises(NotReached, match="no secure connection"):
        door.get(tls.server.url("/ok.pdf", "files.example.com"))


def test_trust_does_not_switch_off_certificates(tls: TlsServer) -> None:
    url = tls.server.url("/ok.pdf", "files.example.com")
    door = Outbound(resolver=lambda host, port: ["127.0.0.1"]).trusting(url)
    with pytest.raises(NotReached, match="no secure connection"):
        door.get(url)


def test_a_server_that_drips_over_tls_is_cut_off_in_time(tls: TlsServer) -> None:
    with pytest.raises(NoAnswer, match="took longer than"):
        tls.door().get(tls.server.url("/drip", "files.example.com"), patience=SHORT)


def test_a_file_is_fetched_with_its_name_and_kind(server: Server, inside: Outbound) -> None:
    fetched = inside.get(server.url("/ok.pdf?token=1"))
    assert fetched.data == b"%PDF-1.7"
    assert fetched.name == "ok.pdf"
    assert fetched.content_type == "application/pdf"
    assert server.asked[0].path == "/ok.pdf?token=1"
    assert server.asked[0].headers["User-Agent"].startswith("coi-connector/")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="COI Acme.pdf"', "COI Acme.pdf"),
        ("attachment; filename=coi.pdf", "coi.pdf"),
        ("inline; filename=coi.pdf; size=3", "coi.pdf"),
        ("attachment; filename*=UTF-8''%E2%82%AC%20rates.pdf", "€ rates.pdf"),
        ("attachment; filename=\"plain.pdf\"; filename*=UTF-8''na%C3%AFve.pdf", "naïve.pdf"),
        ("attachment; filename*=UTF-8''na%C3%AFve.pdf; filename=\"plain.pdf\"", "naïve.pdf"),
        ("attachment; filename*=iso-8859-1'en'%A3%20rates.pdf", "£ rates.pdf"),
        ("attachment; filename=\"plain.pdf\"; filename*=no-such''%41.pdf", "plain.pdf"),
        ('attachment; filename="a \\"quoted\\" name.pdf"', 'a "quoted" name.pdf'),
        ('attachment; filename="semi;colon.pdf"', "semi;colon.pdf"),
        ('ATTACHMENT; FILENAME="upper.pdf"', "upper.pdf"),
        ("attachment", "download"),
        ("", "download"),
        ('attachment; filename=""', "download"),
        ("attachment; filename*=UTF-8''", "download"),
        ("attachment; filename*=UTF-8''%FF%FE.pdf", "download"),
    ],
)
def test_the_name_comes_from_the_header_then_the_path(
    server: Server, inside: Outbound, disposition: str, name: str
) -> None:
    server.behaviours["/a/download"] = answers(b"x", Content_Disposition=disposition)
    assert inside.get(server.url("/a/download?file=x")).name == name


def test_a_name_in_raw_utf_8_is_read(server: Server, inside: Outbound) -> None:
    raw = 'attachment; filename="naïve.pdf"'.encode().decode("latin-1")
    server.behaviours["/x"] = answers(b"x", Content_Disposition=raw)
    assert inside.get(server.url("/x")).name == "naïve.pdf"


def test_a_private_address_is_refused_before_anything_is_sent(server: Server) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        Outbound(allow_http=True).get(server.url("/ok.pdf"))
    assert not server.asked


def test_a_name_that_leads_inside_is_refused(server: Server) -> None:
    door = Outbound(allow_http=True, resolver=names({"files.example.com": ["127.0.0.1"]}))
    with pytest.raises(AddressRefused, match="private network"):
        door.get(server.url("/ok.pdf", "files.example.com"))
    assert not server.asked


def test_of_several_addresses_only_the_allowed_are_tried(server: Server) -> None:
    listed = load({"ALLOW_PRIVATE_FETCH": "127.0.0.1"}).allow_private_fetch
    resolver = names({"files.example.com": ["10.0.0.1", "::ffff:127.0.0.1", "127.0.0.1"]})
    door = Outbound(allow_http=True, allow_private=listed, resolver=resolver)
    assert door.get(server.url("/ok.pdf", "files.example.com")).data == b"%PDF-1.7"
    assert server.asked[0].headers["Host"].startswith("files.example.com:")


def test_a_name_that_changes_its_address_is_connected_where_it_was_checked(server: Server) -> None:
    """The rebinding attack: a public address for the check, an inner one for the connection."""
    answers_given = iter([["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers_given)

    door = Outbound(allow_http=True, allow_private=LOOPBACK, resolver=rebinding)
    assert door.get(server.url("/ok.pdf", "rebind.example")).data == b"%PDF-1.7"
    assert asked == ["rebind.example"], "resolved once: there is no second answer to be fooled by"
    with pytest.raises(AddressRefused):
        door.get(server.url("/ok.pdf", "rebind.example"))


def test_a_name_server_that_changes_its_mind_gains_nothing(server: Server) -> None:
    """A real one: what it says to the check is where the connection goes, and it is asked once."""
    with rebinding_dns("127.0.0.1", "10.0.0.1", "169.254.169.254") as dns:
        door = Outbound(allow_http=True, allow_private=LOOPBACK, resolver=dns.resolve)
        assert door.get(server.url("/ok.pdf", "rebind.example")).data == b"%PDF-1.7"
        assert dns.asked == ["rebind.example"]
        for _ in range(2):
            with pytest.raises(AddressRefused):
                door.get(server.url("/ok.pdf", "rebind.example"))
    assert len(server.asked) == 1, "nothing was sent to where it pointed later"


def test_http_is_refused_unless_switched_on(server: Server) -> None:
    with pytest.raises(AddressRefused, match="https"):
        Outbound(allow_private=LOOPBACK).get(server.url("/ok.pdf"))
    assert not server.asked


def test_a_port_of_another_service_is_refused(inside: Outbound) -> None:
    with pytest.raises(AddressRefused, match="port 6379"):
        inside.get("http://127.0.0.1:6379/")


def test_redirects_are_followed(server: Server, inside: Outbound) -> None:
    server.behaviours["/a"] = redirects("b?x=1")
    server.behaviours["/b"] = redirects(server.url("/ok.pdf"), 307)
    assert inside.get(server.url("/a")).name == "ok.pdf"
    assert [asked.path for asked in server.asked] == ["/a", "/b?x=1", "/ok.pdf"]


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433:8000/",
        "http://0x7f.1:8000/",
        "//10.0.0.1/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1:22/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://inner.example:8000/",
    ],
)
def test_a_redirect_to_somewhere_inside_is_refused(server: Server, location: str) -> None:
    table = {"inner.example": ["192.168.0.1"]}
    for literal in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1", "64:ff9b::7f00:1"):  # fmt: skip
        table[literal] = [literal]
    door = Outbound(allow_http=True, allow_private=LOOPBACK, resolver=names(table))
    server.behaviours["/away"] = redirects(location)
    with pytest.raises(AddressRefused):
        door.get(server.url("/away"))
    assert len(server.asked) == 1


def test_a_redirect_from_https_to_http_is_refused(server: Server, tls: TlsServer) -> None:
    tls.server.behaviours["/down"] = redirects(server.url("/ok.pdf"))
    with pytest.raises(AddressRefused, match="https"):
        tls.door().get(tls.server.url("/down", "files.example.com"))
    assert not server.asked


def test_redirects_in_circles_end(server: Server, inside: Outbound) -> None:
    with pytest.raises(FetchFailed, match="redirected more than five times"):
        inside.get(server.url("/round"))
    assert len(server.asked) == 6


def test_keys_do_not_follow_a_redirect_to_another_origin(server: Server, inside: Outbound) -> None:
    headers = {
        "Authorization": "Bearer hush",
        "Cookie": "a=b",
        "X-Api-Key": "hush",
        "Accept": "*/*",
    }
    with serving({"/ok": answers(b"x")}) as other:
        server.behaviours["/away"] = redirects(other.url("/ok"))
        inside.request("GET", server.url("/away"), headers=headers)
        assert "hush" not in str(other.asked[0].headers)
        assert "Cookie" not in other.asked[0].headers
        assert other.asked[0].headers["Accept"] == "*/*"
        assert other.asked[0].headers["User-Agent"].startswith("coi-connector/")


def test_keys_follow_a_redirect_within_the_origin(server: Server, inside: Outbound) -> None:
    server.behaviours["/there"] = redirects("/ok.pdf")
    inside.request("GET", server.url("/there"), headers={"Authorization": "Bearer hush"})
    assert server.asked[1].headers["Authorization"] == "Bearer hush"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_post_is_never_sent_on(server: Server, inside: Outbound, status: int) -> None:
    server.behaviours["/hook"] = redirects("/echo", status)
    reply = inside.request("POST", server.url("/hook"), json={"a": 1})
    assert reply.status == status
    assert not reply.is_success
    assert len(server.asked) == 1


def test_cookies_are_not_kept_between_requests(server: Server, inside: Outbound) -> None:
    server.behaviours["/set"] = answers(b"x", Set_Cookie="session=hush; Path=/")
    inside.get(server.url("/set"))
    inside.get(server.url("/ok.pdf"))
    assert "Cookie" not in server.asked[1].headers


def test_proxies_and_netrc_of_the_machine_are_not_used(
    server: Server, inside: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert inside.get(server.url("/ok.pdf")).data


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_a_server_that_drips_is_cut_off_in_time(
    server: Server, inside: Outbound, path: str
) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="took longer than"):
        inside.get(server.url(path), patience=SHORT)
    assert time.monotonic() - began < 3


def test_a_server_that_says_nothing_is_left(inside: Outbound) -> None:
    with servers.silent_port() as port, pytest.raises(NoAnswer) as caught:
        inside.get(f"http://127.0.0.1:{port}/", patience=Patience(read=0.2))
    assert caught.value.retryable


def test_a_handshake_that_never_ends_is_cut_off(inside: Outbound) -> None:
    with servers.silent_port() as port, pytest.raises(FetchFailed):
        inside.get(f"https://127.0.0.1:{port}/", patience=SHORT)


@pytest.mark.parametrize("path", ["/endless", "/endless-chunked", "/lie", "/bomb"])
def test_a_body_without_bounds_is_cut_off(server: Server, inside: Outbound, path: str) -> None:
    with pytest.raises(TooLarge, match=r"127\.0\.0\.1 sent more than 1 MB"):
        inside.get(server.url(path), most_bytes=1024 * 1024)


@pytest.mark.parametrize("path", ["/short", "/hang-up", "/damaged-gzip"])
def test_half_an_answer_is_no_answer(server: Server, inside: Outbound, path: str) -> None:
    with pytest.raises(NoAnswer, match="broke off"):
        inside.get(server.url(path))


def test_a_body_of_exactly_the_limit_is_taken(server: Server, inside: Outbound) -> None:
    server.behaviours["/exact"] = answers(b"x" * 1000)
    assert len(inside.get(server.url("/exact"), most_bytes=1000).data) == 1000
    with pytest.raises(TooLarge):
        inside.get(server.url("/exact"), most_bytes=999)


def test_an_unasked_gzip_is_unpacked(server: Server, inside: Outbound) -> None:
    assert inside.get(server.url("/gzipped")).data == b"%PDF-1.7 unpacked"
    assert server.asked[0].headers["Accept-Encoding"] == "identity"


def test_an_empty_file_is_a_file(server: Server, inside: Outbound) -> None:
    assert inside.get(server.url("/empty")).data == b""


@pytest.mark.parametrize(
    ("path", "sentence", "retryable"),
    [
        ("/login", "asks for a login", False),
        ("/forbidden", "asks for a login", False),
        ("/gone", "no file at this link", False),
        ("/nowhere", "no file at this link", False),
        ("/broken", "error 500", True),
        ("/busy", "error 429", True),
    ],
)
def test_a_refusal_says_what_to_do(
    server: Server, inside: Outbound, path: str, sentence: str, retryable: bool
) -> None:
    with pytest.raises(FetchFailed, match=sentence) as caught:
        inside.get(server.url(path))
    assert caught.value.retryable is retryable


def test_messages_name_the_host_and_never_the_link(server: Server, inside: Outbound) -> None:
    with pytest.raises(FetchFailed) as caught:
        inside.get(server.url("/gone?signature=hush"))
    assert "127.0.0.1" in caught.value.message
    assert "hush" not in caught.value.message


def test_a_closed_port_means_nothing_was_sent(inside: Outbound) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NotReached, match="could not be reached") as caught:
        inside.get(f"http://127.0.0.1:{port}/")
    assert caught.value.retryable


def test_an_unknown_name_means_nothing_was_sent() -> None:
    with pytest.raises(NotReached, match=r"nowhere\.example could not be reached"):
        Outbound(resolver=names({})).get("https://nowhere.example/")


def test_a_resolver_that_never_answers_is_left() -> None:
    def never(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    began = time.monotonic()
    with pytest.raises(NotReached):
        Outbound(resolver=never).get("https://slow.example/", patience=Patience(connect=0.1))
    assert time.monotonic() - began < 2


def test_a_trusted_origin_may_be_anywhere(server: Server) -> None:
    door = Outbound().trusting(server.url("/api/v1"))
    assert door.request("GET", server.url("/ok.pdf")).data == b"%PDF-1.7"


def test_trust_is_for_one_origin_and_one_door(server: Server) -> None:
    outbound = Outbound(allow_http=True)
    door = outbound.trusting(server.url("/"))
    with serving({"/ok": answers(b"x")}) as other:
        with pytest.raises(AddressRefused):
            door.request("GET", other.url("/ok"))
        server.behaviours["/away"] = redirects(other.url("/ok"))
        with pytest.raises(AddressRefused):
            door.request("GET", server.url("/away"))
        assert not other.asked
    with pytest.raises(AddressRefused):
        outbound.request("GET", server.url("/ok.pdf"))


def test_every_kind_of_body_arrives(server: Server, inside: Outbound) -> None:
    url = server.url("/echo")
    inside.request("POST", url, json={"limit": "1000000"})
    inside.request("POST", url, form={"grant_type": "client_credentials", "a": "b c&d"})
    inside.request("PATCH", url, body=b"raw", headers={"content-type": "text/plain"})
    inside.request(
        "PUT", url, form={"a": "1"}, files={"file": ("ü.pdf", b"%PDF", "application/pdf")}
    )
    inside.request("GET", url, params={"filters[vendor_id]": 7, "page": [1, 2]})
    posted, formed, patched, put, got = server.asked
    assert json.loads(posted.body) == {"limit": "1000000"}
    assert posted.headers["Content-Type"] == "application/json"
    assert formed.body == b"grant_type=client_credentials&a=b+c%26d"
    assert (patched.method, patched.body) == ("PATCH", b"raw")
    assert patched.headers["Content-Type"] == "text/plain"
    assert put.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b"%PDF" in put.body
    assert got.path == "/echo?filters%5Bvendor_id%5D=7&page=1&page=2"


def test_header_injection_is_refused(server: Server, inside: Outbound) -> None:
    with pytest.raises(ValueError, match="header"):
        inside.request("GET", server.url("/echo"), headers={"X-A": "b\r\nX-Evil: 1"})
    assert not server.asked


def test_an_answer_of_any_status_is_a_reply(server: Server, inside: Outbound) -> None:
    server.behaviours["/no"] = answers(b'{"errors": "limit"}', 422, Retry_After="3")
    reply = inside.request("POST", server.url("/no"), json={})
    assert (reply.status, reply.is_success) == (422, False)
    assert reply.json() == {"errors": "limit"}
    assert reply.headers["retry-after"] == "3"
    assert "limit" not in repr(reply)
