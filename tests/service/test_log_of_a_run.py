"""The log of a whole run: what happened stands in it; no secret and no word of a document does."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from connector.storage import hooks
from connector.storage.database import connect, sessions_of
from tests.service.installing import installed
from tests.service.running import until
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import TOKEN
from tests.worker.receiver import Receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SETTINGS = {
    "PROCORE_CLIENT_ID": "client-id-5f1c",
    "PROCORE_CLIENT_SECRET": "client-secret-9b7e",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "9",
    "SMTP_SECURITY": "none",
    "SMTP_USER": "office",
    "SMTP_PASSWORD": "smtp-password-77aa",
    "METRICS_TOKEN": "metrics-token-13cd",
}
WRONG_KEY, PASSWORD = "coi_wrong-key-4411", "correct-horse-8842"
SIGNATURE, LINK_TOKEN = "signature-0b0b", "upload-token-6d6d"
OF_DOCUMENTS = (
    "Northfield",
    "Copper Ridge",
    "GL-4481902",
    "GL-5520037",
    "Whitfield",
    "Harbor Point",
)


@pytest.mark.parametrize("as_json", ["on", "off"])
def test_no_secret_and_no_word_of_a_document_stands_in_the_log_of_a_whole_run(
    tmp_path: Path,
    procore: ProcoreSimulator,
    hook: Receiver,
    certificates: tuple[Path, Path],
    capfd: pytest.CaptureFixture[str],
    as_json: str,
) -> None:
    with installed(tmp_path, procore.url, {**SETTINGS, "CONNECTOR_LOG_JSON": as_json}) as service:
        service.start()
        told = service.post(
            "/v1/hooks", target_url=f"{hook.url}/{LINK_TOKEN}", event="certificate.parsed"
        )
        for paper in certificates:
            service.finished(service.send("process_certificate", paper))
        about = {
            "certificate_id": service.get("/v1/certificates").json()["items"][0]["certificate_id"]
        }
        service.ask("send_notice", **about, subcontractor_email="dana@northfield.example")
        service.ask("parse_certificate", file_url=f"https://127.0.0.1/a.pdf?sig={SIGNATURE}")
        requests.get(
            f"{service.address}/v1/account",
            headers={"Authorization": f"Bearer {WRONG_KEY}"},
            timeout=20,
        )
        for path in ("/v1/files/", "/u/", "/login/link/", "/first/"):
            requests.get(f"{service.address}{path}{LINK_TOKEN}", timeout=20)
        requests.post(
            f"{service.address}/login",
            data={"email": "x@y.example", "password": PASSWORD},
            timeout=20,
        )
        requests.get(
            f"{service.address}/metrics",
            headers={"Authorization": f"Bearer {SETTINGS['METRICS_TOKEN']}"},
            timeout=20,
        )
        until(lambda: hook.bodies)
        service.stop()
        engine = connect(service.settings.database_url)
        with sessions_of(engine)() as session:
            stored = hooks.get(session, service.account_id, told.json()["id"]).secret
        engine.dispose()
    log = "".join(capfd.readouterr())
    assert log.count("/v1/actions/process_certificate") == 2, "the log is there"
    assert "/v1/files/<token>" in log
    secrets = {
        *SETTINGS.values(), WRONG_KEY, PASSWORD, SIGNATURE, LINK_TOKEN, *service.settings.secret_keys,
        service.key, TOKEN, told.json()["secret"], stored, "dana@northfield",
    } - {"127.0.0.1", "9", "none", "office"}  # fmt: skip
    assert [each for each in (*secrets, *OF_DOCUMENTS) if each in log] == []
