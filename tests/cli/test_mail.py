"""`connector mail test`: a mail to oneself, or a sentence that says what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Run
from tests.simulators.mail import MailSimulator

ME = "ann@summit.example"


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        monkeypatch.setenv("SMTP_HOST", "localhost")
        monkeypatch.setenv("SMTP_PORT", str(simulator.port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        monkeypatch.setenv("MAIL_FROM", "Summit Builders <certificates@summit.example>")
        yield simulator


def test_without_a_mail_server_the_setting_is_named(connector: Run) -> None:
    assert "SMTP_HOST is not set" in connector("mail", "test", "--to", ME)


def test_a_mail_arrives_and_it_is_said_where_answers_go(
    connector: Run, mail: MailSimulator
) -> None:
    said = connector("mail", "test", "--to", ME)
    assert f"Sent to {ME} through localhost" in said
    assert "Answers to this mail go to certificates@summit.example" in said
    assert "--office-email" in said
    connector("account", "set", "--office-email", "office@summit.example")
    assert "Answers go to office@summit.example." in connector("mail", "test", "--to", ME)
    first, second = mail.to(ME)
    assert (first["Reply-To"], second["Reply-To"]) == (None, "office@summit.example")
    assert first["Message-ID"] != second["Message-ID"]


def test_what_the_mail_server_says_is_passed_on(connector: Run, mail: MailSimulator) -> None:
    mail.orders.by_recipient[ME] = "550 No such user"
    said = connector("mail", "test", "--to", ME)
    assert f"The mail to {ME} was not taken: 550 No such user" in said
    mail.orders.to_sender = "550 Not you"
    assert "does not let us send as certificates@summit.example" in connector("mail", "test", "--to", ME)  # fmt: skip


def test_a_server_that_is_not_there_or_offers_no_encryption_is_told(
    connector: Run, mail: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_SECURITY", "starttls")
    assert "offers no encryption" in connector("mail", "test", "--to", ME)
    monkeypatch.setenv("SMTP_PORT", "1")
    assert "does not answer" in connector("mail", "test", "--to", ME)


def test_an_address_that_is_none_is_told(connector: Run, mail: MailSimulator) -> None:
    assert "E-mail address: “ann” is no e-mail address" in connector("mail", "test", "--to", "ann")
    assert mail.delivered == []
