"""Mail over a real socket: what arrives, and what is said when it does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import pytest

from connector.delivery import MailStatus
from connector.destinations.email.deliver import deliver
from connector.destinations.email.message import Attachment, Mail
from connector.destinations.email.server import MailServer
from connector.errors import DestinationRefused, DestinationUnavailable, NotConnected
from tests.outbound.authority import certify
from tests.simulators.mail import PASSWORD, USER, MailSimulator

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OFFICE, SUB, BROKER = "office@summit.example", "office@northfield.example", "certs@broker.example"


class Notes:
    """A journal in memory, in the order of its notes."""

    def __init__(self) -> None:
        self.said: list[tuple[str, MailStatus, str | None]] = []

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None:
        self.said.append((recipient, status, why))

    def last(self, recipient: str) -> MailStatus:
        return [status for of, status, _ in self.said if of == recipient][-1]


def notice(**said: object) -> Mail:
    given: dict[str, object] = {
        "about": "check_1",
        "sender": Address("Summit Builders", addr_spec=USER),
        "to": (SUB,),
        "cc": (BROKER,),
        "subject": "Insurance certificate of Northfield: 1 item to correct",
        "text": "Each occurrence: $1,000,000 is required.\n.\nA line with a dot alone.\n",
        "html": "<p>Each occurrence: $1,000,000 is required.</p>",
        "reply_to": OFFICE,
        **said,
    }
    return Mail(**given)  # type: ignore[arg-type]


@pytest.fixture
def plain() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


def here(simulator: MailSimulator, **said: object) -> MailServer:
    given: dict[str, object] = {"port": simulator.port, "security": "none", "seconds": 10.0, **said}
    return MailServer("localhost", **given)  # type: ignore[arg-type]


def send(simulator: MailSimulator, mail: Mail | None = None, **said: object) -> Notes:
    notes = Notes()
    deliver(mail or notice(), [SUB, BROKER], here(simulator, **said), notes, NOW)
    return notes


def test_each_recipient_gets_the_whole_notice(plain: MailSimulator) -> None:
    pdf = Attachment(b"%PDF-1.7 \x00\xff", "Northfield – COI.pdf")
    notes = send(plain, notice(attachments=[pdf]))
    assert [mail.recipients for mail in plain.delivered] == [[SUB], [BROKER]]
    (message,) = plain.to(SUB)
    assert message["From"] == f"Summit Builders <{USER}>"
    assert (message["To"], message["Cc"], message["Reply-To"]) == (SUB, BROKER, OFFICE)
    body, page = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert page is not None
    assert body.get_content().splitlines() == notice().text.splitlines()
    assert "$1,000,000 is required" in page.get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_content()) == ("application/pdf", pdf.data)
    assert notes.said == [
        (SUB, MailStatus.SENDING, None), (SUB, MailStatus.SENT, None),
        (BROKER, MailStatus.SENDING, None), (BROKER, MailStatus.SENT, None),
    ]  # fmt: skip


def test_the_same_mail_has_the_same_message_id(plain: MailSimulator) -> None:
    send(plain)
    send(plain, notice(about="check_2"))
    ids = [mail.message["Message-ID"] for mail in plain.delivered]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)
    assert ids[0].endswith("@summit.example>")


def test_every_line_is_seven_bit_and_short_enough(plain: MailSimulator) -> None:
    send(plain, notice(subject="Zertifikat für Müller " * 20, text="ü" * 5000, html=None))
    raw = plain.delivered[0].raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "hostile",
    [
        "A\r\nBcc: all@rival.example",
        "A\nBcc: all@rival.example",
        "A\u2028Bcc: x@y.example",
        "A\x00B",
        "A\r\n\r\n<script>",
        "A\ud800B",
    ],
)
def test_nothing_in_a_subject_or_a_file_name_becomes_a_header(
    plain: MailSimulator, hostile: str
) -> None:
    send(plain, notice(subject=hostile, text=hostile, attachments=[Attachment(b"x", hostile)]))
    for mail in plain.delivered:
        assert "Bcc" not in mail.message
        assert mail.message["Subject"].startswith("A")
        assert {mail.message["To"], mail.message["Cc"]} == {SUB, BROKER}
    assert [mail.recipients for mail in plain.delivered] == [[SUB], [BROKER]]


def test_a_bad_recipient_does_not_keep_the_other_from_the_mail(plain: MailSimulator) -> None:
    plain.orders.by_recipient[SUB] = "550 5.1.1 No such user"
    notes = send(plain)
    assert notes.said[0] == (SUB, MailStatus.REFUSED, "550 5.1.1 No such user")
    assert notes.last(BROKER) is MailStatus.SENT
    assert [mail.recipients for mail in plain.delivered] == [[BROKER]]


def test_a_recipient_refused_for_now_is_tried_again(plain: MailSimulator) -> None:
    plain.orders.by_recipient[SUB] = "450 4.2.0 Greylisted, come back later"
    notes = Notes()
    with pytest.raises(DestinationUnavailable, match="Greylisted") as error:
        deliver(notice(), [SUB], here(plain), notes, NOW)
    assert error.value.retryable
    assert notes.last(SUB) is MailStatus.WAITING
    assert plain.delivered == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("554 5.7.1 Message rejected as spam", MailStatus.REFUSED),
        ("552 5.3.4 Message too big", MailStatus.REFUSED),
    ],
)
def test_a_text_that_is_refused_is_noted_with_the_reason(
    plain: MailSimulator, answer: str, status: MailStatus
) -> None:
    plain.orders.after_data = answer
    notes = Notes()
    deliver(notice(), [SUB], here(plain), notes, NOW)
    assert notes.said[-1] == (SUB, status, answer)


def test_a_text_that_is_refused_for_now_is_tried_again(plain: MailSimulator) -> None:
    plain.orders.after_data = "451 4.3.0 Try again later"
    notes = Notes()
    with pytest.raises(DestinationUnavailable):
        deliver(notice(), [SUB], here(plain), notes, NOW)
    assert notes.last(SUB) is MailStatus.WAITING


def test_silence_after_the_text_is_never_taken_for_a_no(plain: MailSimulator) -> None:
    plain.orders.falls_silent_after_data = True
    notes = Notes()
    deliver(notice(), [SUB], here(plain, seconds=0.5), notes, NOW)
    assert notes.last(SUB) is MailStatus.UNKNOWN
    assert len(plain.delivered) == 1


def test_hanging_up_after_the_text_is_never_taken_for_a_no(plain: MailSimulator) -> None:
    plain.orders.hangs_up_after_data = True
    notes = Notes()
    deliver(notice(), [SUB], here(plain), notes, NOW)
    assert notes.last(SUB) is MailStatus.UNKNOWN


def test_a_sender_that_is_not_allowed_is_said(plain: MailSimulator) -> None:
    plain.orders.to_sender = "553 5.7.1 Not owned by this user"
    with pytest.raises(DestinationRefused, match="MAIL_FROM"):
        send(plain)


def test_a_server_that_does_not_answer_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = MailServer("localhost", free.getsockname()[1], "none")
    with pytest.raises(DestinationUnavailable):
        deliver(notice(), [SUB], server, Notes(), NOW)


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        server = MailServer("localhost", mute.getsockname()[1], "none", seconds=0.3)
        with pytest.raises(DestinationUnavailable):
            deliver(notice(), [SUB], server, Notes(), NOW)


def test_a_server_that_talks_nonsense_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def talk() -> None:
            taken, _ = odd.accept()
            with taken:
                taken.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        server = MailServer("localhost", odd.getsockname()[1], "none", seconds=5)
        with pytest.raises(DestinationUnavailable):
            deliver(notice(), [SUB], server, Notes(), NOW)
        thread.join()


def test_none_is_only_taken_on_this_machine() -> None:
    with pytest.raises(NotConnected, match="readable through the network"):
        deliver(notice(), [SUB], MailServer("192.0.2.1", 25, "none"), Notes(), NOW)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(tmp_path: Path, security: str) -> None:
    context, believed = certify("localhost", tmp_path)
    tls = security == "tls"
    with MailSimulator(context, from_first_byte=tls, wants_login=True) as simulator:
        login = {"user": USER, "password": PASSWORD, "ca_file": str(believed)}
        send(simulator, security=security, **login)
        assert len(simulator.delivered) == 2
        with pytest.raises(NotConnected, match="app password"):
            send(simulator, security=security, **{**login, "password": "wrong"})
        with pytest.raises(DestinationRefused, match="530"):
            send(simulator, security=security, ca_file=str(believed))


def test_a_certificate_that_is_not_believed_ends_before_the_password(tmp_path: Path) -> None:
    context, _ = certify("localhost", tmp_path)
    with (
        MailSimulator(context, wants_login=True) as simulator,
        pytest.raises(NotConnected, match="SMTP_CA_FILE"),
    ):
        send(simulator, security="starttls", user=USER, password=PASSWORD)


def test_a_certificate_of_another_host_is_not_believed(tmp_path: Path) -> None:
    context, believed = certify("mail.rival.example", tmp_path)
    with MailSimulator(context) as simulator, pytest.raises(NotConnected, match="not believed"):
        send(simulator, security="starttls", ca_file=str(believed))


def test_a_server_without_starttls_gets_no_password(plain: MailSimulator) -> None:
    with pytest.raises(NotConnected, match="offers no encryption"):
        send(plain, security="starttls", user=USER, password=PASSWORD)


def test_tls_on_the_wrong_port_says_which_setting_is_wrong(plain: MailSimulator) -> None:
    with pytest.raises(NotConnected, match="SMTP_SECURITY"):
        send(plain, security="tls")
