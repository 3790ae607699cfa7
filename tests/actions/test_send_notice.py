"""The deficiency notice by mail: to whom, once, and what is kept of it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from connector.actions import check_certificate, inputs, pushing
from connector.actions import services as actions_services
from connector.actions.services import Services
from connector.certificate.entry import read, unclear
from connector.delivery import REVIEW_FIRST
from connector.storage import accounts, certificates
from connector.storage.jobs import Job
from tests.actions.office import ask, connect_procore, on_file, work_off, work_off_all
from tests.simulators.mail import MailSimulator
from tests.simulators.procore.server import ProcoreSimulator
from tests.storage.readings import seen
from tests.web.conftest import Caller

SUB, BROKER, OFFICE = "office@northfield.example", "certs@broker.example", "office@summit.example"
EXPIRED = date(2020, 3, 1)


@pytest.fixture
def mail() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def office(services: Services, caller: Caller, mail: MailSimulator) -> Services:
    """Services whose mail goes to the simulator; answers go to the office."""
    with services.sessions() as session, session.begin():
        accounts.get(session, caller.account_id).settings = {"office_email": OFFICE}
    return with_mail(services, mail)


def with_mail(services: Services, mail: MailSimulator, **said: Any) -> Services:
    given = {"smtp_host": "localhost", "smtp_port": mail.port, "smtp_security": "none"}
    given["mail_from"] = "Summit Builders <certificates@summit.example>"
    return dataclasses.replace(
        services, settings=dataclasses.replace(services.settings, **{**given, **said})
    )


def expired(services: Services, account_id: str, number: int = 1, **about: str) -> str:
    """A non-compliant certificate, its producer's address read; its id."""
    certificate_id = on_file(services, account_id, number, expires=EXPIRED)
    say_producer(services, account_id, certificate_id, read(BROKER, seen(BROKER)))
    check(services, account_id, certificate_id, **about)
    return certificate_id


def say_producer(services: Services, account_id: str, certificate_id: str, email: Any) -> None:
    with services.sessions() as session, session.begin():
        row = certificates.get(session, account_id, certificate_id)
        known = row.certificate
        producer = dataclasses.replace(known.producer, email=email)
        certificates.fill(
            session, row, dataclasses.replace(known, producer=producer), services.clock()
        )


def check(services: Services, account_id: str, certificate_id: str, **about: str) -> str:
    given = {"certificate_id": certificate_id, "vendor_email": SUB, **about}
    loaded = inputs.load(check_certificate.Input, given)
    found = check_certificate.run(loaded, actions_services.Caller(account_id), services)
    assert found["status"] == "non_compliant"
    return str(found["check_id"])


def send(services: Services, account_id: str, certificate_id: str, **given: Any) -> Job:
    job_id = ask(services, account_id, "send_notice", certificate_id=certificate_id, **given)
    return work_off(services, job_id)


def answer(job: Job) -> dict[str, Any]:
    assert job.status == "done", job.error
    assert job.answer is not None
    return job.answer


def log(caller: Caller) -> list[tuple[str, str, str]]:
    rows = caller.get("/v1/notices").get_json()["items"]
    return [(row["recipient"], row["recipient_role"], row["status"]) for row in rows]


def test_the_notice_goes_to_the_subcontractor_and_the_producer(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    found = answer(send(office, caller.account_id, certificate_id))
    assert (found["status"], found["records_created"], found["destination"]) == (
        "pushed",
        2,
        "email",
    )
    assert found["next_step"] is None
    (message,) = mail.to(SUB)
    assert (message["To"], message["Cc"], message["Reply-To"]) == (SUB, BROKER, OFFICE)
    assert message["Message-ID"] == found["external_ids"]
    body = message.get_body(("plain",))
    assert body is not None
    assert "Northfield 1 LLC" in body.get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("coi-1.pdf", b"document 1")
    assert log(caller) == [(BROKER, "producer", "sent"), (SUB, "subcontractor", "sent")]


def test_an_office_without_an_address_for_answers_is_told_where_they_go(
    services: Services, caller: Caller, mail: MailSimulator
) -> None:
    office = with_mail(services, mail)
    certificate_id = expired(office, caller.account_id)
    found = answer(send(office, caller.account_id, certificate_id))
    assert found["status"] == "pushed"
    assert "go to certificates@summit.example" in found["next_step"]
    assert "--office-email" in found["next_step"]
    assert mail.to(SUB)[0]["Reply-To"] is None


def test_without_the_certificate_where_the_switch_says_so(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    send(office, caller.account_id, certificate_id, attach_certificate=False, to_producer=False)
    (message,) = mail.to(SUB)
    assert list(message.iter_attachments()) == []
    assert log(caller) == [(SUB, "subcontractor", "sent")]


def test_the_same_check_is_never_sent_twice(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    send(office, caller.account_id, certificate_id)
    again = answer(send(office, caller.account_id, certificate_id))
    insisted = answer(send(office, caller.account_id, certificate_id, send_again=True))
    assert (again["status"], again["records_unchanged"]) == ("unchanged", 2)
    assert (insisted["status"], again["next_step"]) == ("unchanged", None)
    assert "check the certificate again" in insisted["next_step"]
    assert len(mail.delivered) == 2


def test_a_later_check_that_says_the_same_is_a_reminder_only_on_demand(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    send(office, caller.account_id, certificate_id, to_producer=False)
    check(office, caller.account_id, certificate_id, project_name="Lakeside")
    quiet = answer(send(office, caller.account_id, certificate_id, to_producer=False))
    assert (quiet["status"], len(mail.delivered)) == ("unchanged", 1)
    reminded = answer(
        send(office, caller.account_id, certificate_id, to_producer=False, send_again=True)
    )
    assert (reminded["status"], len(mail.delivered)) == ("pushed", 2)
    first, second = (each.message["Message-ID"] for each in mail.delivered)
    assert first != second


def test_a_compliant_certificate_has_no_notice(
    office: Services, caller: Caller, mail: MailSimulator, certificates: Any
) -> None:
    found = caller.send("parse_certificate", certificates[0]).get_json()
    caller.post(
        "/v1/actions/check_certificate",
        json={"certificate_id": found["certificate_id"], "vendor_email": SUB},
    )
    said = answer(send(office, caller.account_id, found["certificate_id"]))
    assert said["status"] == "unchanged"
    assert "no notice" in said["next_step"]
    assert mail.delivered == []


def test_a_certificate_in_review_waits(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    about = {"certificate_id": certificate_id, "vendor_name": "Somebody Quite Else Inc"}
    found = caller.post("/v1/actions/check_certificate", json=about).get_json()
    assert found["status"] == "needs_review"
    said = answer(send(office, caller.account_id, certificate_id))
    assert (said["status"], mail.delivered) == ("queued", [])
    assert said["next_step"] == REVIEW_FIRST


def test_what_waited_for_review_goes_only_where_it_was_asked_to_go(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    about = {"certificate_id": certificate_id, "vendor_name": "Somebody Quite Else Inc"}
    caller.post("/v1/actions/check_certificate", json=about)
    asked = {"subcontractor_email": "new@sub.example", "to_producer": False}
    held = answer(
        send(office, caller.account_id, certificate_id, attach_certificate=False, **asked)
    )
    assert (held["status"], mail.delivered) == ("queued", [])
    check(office, caller.account_id, certificate_id, vendor_name="Northfield 1 LLC")
    for job in work_off_all(office):
        assert job.status == "done", job.error
    (message,) = mail.to("new@sub.example")
    assert list(message.iter_attachments()) == []
    assert log(caller) == [("new@sub.example", "subcontractor", "sent")]


def test_a_reminder_that_was_asked_for_once_is_not_sent_by_every_recheck(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    answer(send(office, caller.account_id, certificate_id, send_again=True, to_producer=False))
    assert len(mail.delivered) == 1
    check(office, caller.account_id, certificate_id, vendor_type="supplier")
    ask(office, caller.account_id, "recheck_certificate", certificate_id=certificate_id)
    work_off_all(office)
    assert len(mail.delivered) == 1


def test_an_address_in_doubt_gets_nothing(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = on_file(office, caller.account_id, 1, expires=EXPIRED)
    doubtful = unclear(BROKER, seen(BROKER), "Two readings differ.")
    say_producer(office, caller.account_id, certificate_id, doubtful)
    check(office, caller.account_id, certificate_id)
    answer(send(office, caller.account_id, certificate_id))
    assert [each.recipients for each in mail.delivered] == [[SUB]]


def test_nobody_to_send_to_is_said(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, 1, expires=EXPIRED)
    job = send(office, caller.account_id, certificate_id)
    assert job.status == "failed"
    assert job.error is not None
    assert "nobody is known" in job.error["message"]


def test_without_a_mail_server_the_sentence_says_what_to_do(
    services: Services, caller: Caller
) -> None:
    certificate_id = expired(services, caller.account_id)
    job = send(services, caller.account_id, certificate_id)
    assert job.error is not None
    assert "SMTP_HOST is not set" in job.error["message"]


def test_one_refused_the_other_served_and_later_only_the_refused_one(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    mail.orders.by_recipient[BROKER] = "550 No such user"
    first = answer(send(office, caller.account_id, certificate_id))
    assert (first["status"], first["records_created"]) == ("prepared", 1)
    assert f"{BROKER} was refused (550 No such user)" in first["next_step"]
    mail.orders.by_recipient.clear()
    second = answer(send(office, caller.account_id, certificate_id))
    assert (second["status"], second["records_created"], second["records_unchanged"]) == ("pushed", 1, 1)  # fmt: skip
    assert [each.recipients for each in mail.delivered] == [[SUB], [BROKER]]


def test_all_refused_is_a_failure(office: Services, caller: Caller, mail: MailSimulator) -> None:
    certificate_id = expired(office, caller.account_id)
    mail.orders.by_recipient |= {SUB: "550 No such user", BROKER: "550 No such user"}
    job = send(office, caller.account_id, certificate_id)
    assert job.status == "failed"
    assert job.error is not None
    assert "550 No such user" in job.error["message"]


def test_a_mail_server_that_is_busy_is_asked_again_by_itself(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    mail.orders.by_recipient[BROKER] = "451 Greylisted"
    job = send(office, caller.account_id, certificate_id)
    assert (job.status, job.next_at is not None) == ("waiting", True)
    mail.orders.by_recipient.clear()
    assert [each.recipients for each in mail.delivered] == [[SUB]]
    assert answer(work_off(office, job.id))["records_created"] == 1
    assert [each.recipients for each in mail.delivered] == [[SUB], [BROKER]]


def test_what_may_have_gone_out_is_sent_again_only_on_demand(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    mail.orders.hangs_up_after_data = True
    unsure = answer(send(office, caller.account_id, certificate_id, to_producer=False))
    assert unsure["status"] == "prepared"
    assert "Nobody knows" in unsure["next_step"]
    mail.orders.hangs_up_after_data = False
    assert answer(send(office, caller.account_id, certificate_id, to_producer=False))["status"] == "prepared"  # fmt: skip
    assert len(mail.delivered) == 1
    sure = answer(
        send(office, caller.account_id, certificate_id, to_producer=False, send_again=True)
    )
    assert sure["status"] == "pushed"
    ids = {each.message["Message-ID"] for each in mail.delivered}
    assert (len(mail.delivered), len(ids)) == (2, 1)


def test_a_notice_that_a_newer_check_overtook_is_not_sent(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    with office.sessions() as session:
        old = pushing.parcel(
            session,
            actions_services.Caller(caller.account_id),
            {"certificate_id": certificate_id},
            office,
        ).check_id
    corrected = {"field": "general_liability_each_occurrence", "value": "500,000", "by": "Ann"}
    caller.post(f"/v1/certificates/{certificate_id}/corrections", json=corrected)
    check(office, caller.account_id, certificate_id)
    said = answer(send(office, caller.account_id, certificate_id, check_id=old))
    assert (said["status"], mail.delivered) == ("unchanged", [])
    assert "newer check" in said["next_step"]


def test_a_hostile_name_is_text_in_the_page_and_no_header(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    name = 'Northfield <img src=x onerror="alert(1)"><script>alert(1)</script> LLC'
    certificate_id = on_file(office, caller.account_id, 1, insured=name, expires=EXPIRED)
    check(office, caller.account_id, certificate_id)
    answer(send(office, caller.account_id, certificate_id))
    (message,) = mail.to(SUB)
    page = message.get_body(("html",))
    assert page is not None
    assert "<script" not in page.get_content()
    assert "<img" not in page.get_content()
    assert "&lt;script&gt;" in page.get_content()


def test_after_the_notice_a_push_knows_of_it(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    who = actions_services.Caller(caller.account_id)
    with office.sessions() as session:
        before = pushing.parcel(session, who, {"certificate_id": certificate_id}, office).delivery
    answer(send(office, caller.account_id, certificate_id))
    with office.sessions() as session:
        after = pushing.parcel(session, who, {"certificate_id": certificate_id}, office).delivery
    assert (before.notice_sent, after.notice_sent) == (False, True)
    assert pushing.digest_with_notice(before) != pushing.digest_with_notice(after)


def test_another_account_sees_no_notice_of_ours(
    office: Services, caller: Caller, stranger: Caller
) -> None:
    answer(send(office, caller.account_id, expired(office, caller.account_id)))
    assert len(log(caller)) == 2
    assert log(stranger) == []


SENDER = """
import dataclasses, sys
from connector.settings import load, ensure_secret
from connector.wiring import services
from tests.actions.office import work_off
made = services(ensure_secret(load({"CONNECTOR_DATA_DIR": sys.argv[1], "SMTP_HOST": "localhost",
    "SMTP_PORT": sys.argv[2], "SMTP_SECURITY": "none", "MAIL_FROM": "certificates@summit.example"})))
work_off(made, sys.argv[3])
"""


@pytest.mark.slow
def test_a_kill_while_the_mail_is_on_its_way_never_doubles_it(
    office: Services, caller: Caller, mail: MailSimulator
) -> None:
    certificate_id = expired(office, caller.account_id)
    job_id = ask(
        office, caller.account_id, "send_notice", certificate_id=certificate_id, to_producer=False
    )
    mail.orders.falls_silent_after_data = True
    arguments = [str(office.settings.data_dir), str(mail.port), job_id]
    with subprocess.Popen([sys.executable, "-c", SENDER, *arguments]) as worker:
        deadline = time.monotonic() + 60
        while not mail.delivered and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()
    mail.orders.falls_silent_after_data = False
    found = answer(work_off(office, job_id))
    assert (found["status"], len(mail.delivered)) == ("prepared", 1)
    assert "Nobody knows" in found["next_step"]
    assert log(caller) == [(SUB, "subcontractor", "unknown")]


def statuses(procore: ProcoreSimulator) -> list[str]:
    return [record["status"] for record in procore.world.insurances.values()]


@pytest.mark.parametrize(
    ("switches", "shown"),
    [({"mark_in_progress": True}, "non_compliant_in_progress"), ({}, "non_compliant")],
)
def test_procore_is_told_that_the_notice_is_out_where_switched_on(
    office: Services,
    caller: Caller,
    procore: ProcoreSimulator,
    switches: dict[str, bool],
    shown: str,
) -> None:
    procore.world.add_vendor("Northfield 1 LLC")
    connect_procore(office, caller.account_id, procore, **switches)
    certificate_id = too_low(office, caller.account_id)
    work_off(office, ask(office, caller.account_id, "push_to_procore", certificate_id=certificate_id))  # fmt: skip
    assert statuses(procore) == ["non_compliant"]

    send(office, caller.account_id, certificate_id)
    send(office, caller.account_id, certificate_id)
    told = work_off_all(office)

    assert statuses(procore) == [shown]
    assert [job.action for job in told] == ["push_to_procore"] * len(switches)
    push(office, caller.account_id, certificate_id)
    assert statuses(procore) == [shown], "the next push leaves it so"


def test_procore_believes_the_caller_that_a_notice_went_out_by_another_way(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    procore.world.add_vendor("Northfield 1 LLC")
    connect_procore(services, caller.account_id, procore, mark_in_progress=True)
    certificate_id = too_low(services, caller.account_id)

    push(services, caller.account_id, certificate_id, notice_sent="true")
    push(services, caller.account_id, certificate_id)

    assert statuses(procore) == ["non_compliant_in_progress"]


def push(services: Services, account_id: str, certificate_id: str, **given: str) -> None:
    job = ask(services, account_id, "push_to_procore", certificate_id=certificate_id, **given)
    assert work_off(services, job).status == "done"


def too_low(services: Services, account_id: str) -> str:
    """A certificate in force whose limit is below what is asked for; its id."""
    certificate_id = on_file(services, account_id, 1, each_occurrence=500_000)
    say_producer(services, account_id, certificate_id, read(BROKER, seen(BROKER)))
    check(services, account_id, certificate_id)
    return certificate_id
