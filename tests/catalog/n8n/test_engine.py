"""The three workflows run in a real n8n: `make test-n8n`, on its own, because it installs 2.4 GB.

A mail cannot come in here, so the second workflow is begun by a webhook that gives what the mail
would; the third is started by hand, for certificates that expire later than in a month.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.catalog.n8n.engine import Engine, at_address, engine, install
from tests.catalog.n8n.mailbox import Mailbox, mailbox
from tests.catalog.n8n.workflows import FOLDER, Workflow, node, read
from tests.catalog.stage import service

pytestmark = [pytest.mark.n8n, pytest.mark.timeout(1500)]

SENDER = "office@northfield.example"
OFFICE = "office@your-firm.example"
NO_PDF = "The file is a plain text, not a PDF. Send the certificate as PDF, JPEG, PNG or TIFF."


class Stage:
    def __init__(self, made: Engine, box: Mailbox, environ: dict[str, str]) -> None:
        self.engine, self.box, self.environ = made, box, environ

    def post(self, path: str, files: dict[str, str], **fields: str) -> requests.Response:
        folder = Path(self.environ["FILES"])
        sent = {
            part: (name, (folder / name).read_bytes(), "application/octet-stream")
            for part, name in files.items()
        }
        answer = requests.post(
            f"{self.engine.url}/webhook/{path}", files=sent, data=fields, timeout=120
        )
        assert "Cannot POST" not in answer.text
        return answer

    def mails(self, count: int) -> list[EmailMessage]:
        """The mails that came, once there are that many; they are taken out of the box."""
        deadline = time.monotonic() + 120
        while len(self.box.mails) < count and time.monotonic() < deadline:
            time.sleep(0.1)
        found, self.box.mails[:] = list(self.box.mails), []
        assert len(found) == count
        return found


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    install()
    with service(tmp_path_factory.mktemp("service")) as environ, mailbox() as box:
        made = engine(tmp_path_factory.mktemp("n8n"), environ, box.port)
        workflows = [
            read(FOLDER / "certificate-by-webhook.json"),
            begun_by_webhook(read(FOLDER / "certificate-by-mail.json")),
            widened(read(FOLDER / "expiring-soon.json")),
        ]
        made.take_in("workflow", [at_address(one, environ["SERVICE_URL"]) for one in workflows])
        for one in workflows[:2]:
            made.command("publish:workflow", f"--id={one['id']}")
        yield Stage(made, box, environ)


@pytest.fixture(scope="module")
def running(stage: Stage) -> Iterator[Stage]:
    with stage.engine.running(workflows=2):
        yield stage


def begun_by_webhook(workflow: Workflow) -> Workflow:
    """A webhook in the place of the mail: the same item, with its sender and its attachments."""
    trigger = node(workflow, "A mail with a certificate")
    del trigger["credentials"]
    trigger |= {"type": "n8n-nodes-base.webhook", "typeVersion": 2.1, "webhookId": "coi-mail"}
    trigger["parameters"] = {"httpMethod": "POST", "path": "coi-mail", "options": {}}
    sender = node(workflow, "Process the certificate")["parameters"]["bodyParameters"]
    sender["parameters"][2]["value"] = SENDER
    return workflow


def widened(workflow: Workflow) -> Workflow:
    """The certificates of the coming years, on whatever day they end."""
    query = node(workflow, "Certificates that expire")["parameters"]["queryParameters"]
    query["parameters"][0]["value"] = "1000"
    days = node(workflow, "Is it a day to ask?")["parameters"]["conditions"]["conditions"][1]
    days["leftValue"] = "={{ $json.days_until_expiration > 0 }}"
    return workflow


def test_the_day_of_an_expiration_is_asked_for(stage: Stage) -> None:
    """Runs before n8n is started: its command line runs a workflow by itself."""
    folder = Path(stage.environ["FILES"])
    requests.post(
        f"{stage.environ['SERVICE_URL']}/v1/actions/parse_certificate",
        files={"file": ("compliant.pdf", (folder / "compliant.pdf").read_bytes())},
        headers={"Authorization": f"Bearer {stage.environ['API_KEY']}"},
        verify=stage.environ["TLS_CERTIFICATE"],
        timeout=60,
    ).raise_for_status()
    stage.engine.command("execute", "--id=coiExpiringSoon")
    [mail] = stage.mails(1)
    assert mail["Subject"] == "Renewal certificate for Northfield Roofing LLC"


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [("compliant.pdf", "compliant", "until"), ("not-compliant.pdf", "non_compliant", "notice")],
)
def test_a_certificate_is_processed_and_answered(
    name: str, status: str, said: str, running: Stage
) -> None:
    answer = running.post("coi-certificate", {"file": name})
    assert (answer.status_code, answer.json()["status"]) == (200, status), answer.text
    assert answer.json()[said]


def test_a_certificate_of_somebody_else_needs_review(running: Stage) -> None:
    answer = running.post("coi-certificate", {"file": "compliant.pdf"}, vendor_name="Other Inc")
    assert answer.json()["status"] == "needs_review"
    assert answer.json()["unclear"]


def test_a_letter_is_answered_with_our_sentence(running: Stage) -> None:
    answer = running.post("coi-certificate", {"file": "letter.txt"})
    assert (answer.status_code, answer.json()["status"]) == (422, "failed")
    assert answer.json()["error"] == NO_PDF


def test_a_post_without_a_file_is_told_so(running: Stage) -> None:
    answer = running.post("coi-certificate", {}, vendor_name="Northfield Roofing LLC")
    assert (answer.status_code, answer.json()["status"]) == (422, "failed")
    assert "file" in answer.json()["error"]


def test_a_mail_with_two_certificates_is_worked_through(running: Stage) -> None:
    running.post("coi-mail", {"attachment_0": "compliant.pdf", "attachment_1": "not-compliant.pdf"})
    to: Callable[[EmailMessage], str] = lambda mail: str(mail["To"]).lower()  # noqa: E731
    found: dict[str, Any] = {to(mail): mail for mail in running.mails(2)}
    assert found[OFFICE]["Subject"] == "Compliant: Northfield Roofing LLC"
    assert str(found[SENDER]["Cc"]).lower() == OFFICE
    assert "Copper Ridge Electric Inc" in found[SENDER].get_body().get_content()


def test_a_mail_with_a_letter_is_told_to_the_office(running: Stage) -> None:
    running.post("coi-mail", {"attachment_0": "letter.txt"})
    [mail] = running.mails(1)
    assert mail["Subject"] == "A certificate could not be processed"
    assert mail.get_content().strip() == NO_PDF


def test_the_key_is_in_no_workflow(stage: Stage) -> None:
    exported = stage.engine.command("export:workflow", "--all")
    assert json.loads(exported[exported.index("[") :])
    assert stage.environ["API_KEY"] not in exported
