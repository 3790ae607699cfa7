"""The notice of a certificate that was picked up in Procore: mailed by itself where the account says so, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.actions import review
from connector.actions.services import Caller as Account
from connector.actions.services import Services
from connector.certificate.correct import correct
from connector.storage import accounts, checks, pushes
from connector.storage import certificates as stored
from tests.actions.office import work_off_all
from tests.actions.test_send_notice import with_mail
from tests.simulators.mail import MailSimulator
from tests.web.conftest import Caller
from tests.web.pages.doubtful import doubtful_pdf
from tests.web.test_procore_events import (
    Office,
    dropped,
    looks_again,
    office,  # noqa: F401 - the fixture
    told,
)

Papers = tuple[Path, Path]

SETTLED = {
    "general_liability_each_occurrence": "500,000",
    "umbrella_liability_each_occurrence": "5,000,000",
    "auto_liability_additional_insured": "yes",
}


@pytest.fixture
def mail() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def deficient(certificates: Papers) -> bytes:
    return certificates[1].read_bytes()


@pytest.fixture
def mailing(services: Services, caller: Caller, mail: MailSimulator) -> Services:
    """Services with a mail server, in an account that has its notices mailed."""
    switch(services, caller, True)
    return with_mail(services, mail)


def switch(services: Services, caller: Caller, on: bool) -> None:
    with services.sessions() as session, session.begin():
        accounts.get(session, caller.account_id).settings = {"mail_notices": on}


def picked_up(office: Office, services: Services, data: bytes, name: str = "coi.pdf") -> Any:  # noqa: F811
    """Somebody put it into Procore, which told us; the answer of processing it."""
    told(office, services, dropped(office[2], data, name))
    done = work_off_all(services)
    return next(job.answer for job in reversed(done) if job.action == "process_certificate")


def recipients(mail: MailSimulator) -> list[str]:
    return sorted(each for sent in mail.delivered for each in sent.recipients)


def test_a_deficient_one_is_told_to_the_producer_once(
    office: Office,  # noqa: F811
    mailing: Services,
    mail: MailSimulator,
    deficient: bytes,
) -> None:
    answer = picked_up(office, mailing, deficient)
    assert (answer["check_status"], answer["notice_status"]) == ("non_compliant", "pushed")
    first = recipients(mail)
    assert first

    looks_again(mailing)
    again = picked_up(office, mailing, deficient, "the same again.pdf")

    assert again["notice_status"] == "unchanged"
    assert recipients(mail) == first


def test_none_goes_out_where_the_account_does_not_say_so(
    office: Office,  # noqa: F811
    caller: Caller,
    mailing: Services,
    mail: MailSimulator,
    deficient: bytes,
) -> None:
    switch(mailing, caller, False)
    answer = picked_up(office, mailing, deficient)
    assert (answer["check_status"], answer["notice_status"]) == ("non_compliant", None)
    assert mail.delivered == []


def test_a_compliant_one_is_no_reason_to_write(
    office: Office,  # noqa: F811
    mailing: Services,
    mail: MailSimulator,
    certificates: Papers,
) -> None:
    answer = picked_up(office, mailing, certificates[0].read_bytes())
    assert answer["notice_status"] is None
    assert mail.delivered == []


def test_while_a_person_must_look_nothing_is_mailed(
    office: Office,  # noqa: F811
    caller: Caller,
    mailing: Services,
    mail: MailSimulator,
) -> None:
    answer = picked_up(office, mailing, doubtful_pdf(mailing.clock().date()))
    assert (answer["check_status"], answer["notice_status"]) == ("needs_review", "queued")
    looks_again(mailing)
    assert mail.delivered == []

    settle_as_deficient(mailing, caller.account_id, answer["certificate_id"])
    work_off_all(mailing)
    assert len(recipients(mail)) == len(set(recipients(mail))) > 0


def settle_as_deficient(services: Services, account_id: str, certificate_id: str) -> None:
    """A person looked: nothing is doubtful any more, and a limit is too low."""
    with services.sessions() as session, session.begin():
        row, certificate = stored.get(session, account_id, certificate_id), None
        for cell, typed in SETTLED.items():
            certificate, _ = correct(
                certificate or row.certificate, cell, typed, "Dana", services.clock()
            )
        assert certificate is not None
        stored.fill(session, row, certificate, services.clock())
    review.finish(Account(account_id), certificate_id, services)
    with services.sessions() as session:
        newest = checks.latest(session, account_id, certificate_id)
        assert newest is not None
        assert newest.status == "non_compliant"


@pytest.mark.parametrize("missing", ["no mail server", "nobody to write to"])
def test_a_notice_that_cannot_go_out_is_on_the_work_list_with_the_reason(
    office: Office,  # noqa: F811
    caller: Caller,
    services: Services,
    mailing: Services,
    mail: MailSimulator,
    deficient: bytes,
    missing: str,
) -> None:
    used = services if missing == "no mail server" else mailing
    if missing == "nobody to write to":
        today = services.clock().date()
        low = {"producer_email": "", "general_liability_each_occurrence": "500,000"}
        deficient = doubtful_pdf(today, low)
    answer = picked_up(office, used, deficient)
    assert answer["notice_status"] == "failed"
    with services.sessions() as session:
        (failed,) = pushes.search(session, caller.account_id, status="failed", limit=9)
    assert failed.destination == "email"
    words = {"no mail server": "SMTP_HOST is not set", "nobody to write to": "nobody is known"}
    assert words[missing] in str(failed.error_message)
    assert mail.delivered == []
