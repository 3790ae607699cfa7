"""The guided setup: each step alone, what was typed stays, a key is shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.actions.services import Services
from connector.storage import accounts, api_keys, hooks
from connector.storage.actor import Actor, Through, acting
from connector.storage.events import EventType
from connector.storage.users import Role
from connector.web.app import create_app
from tests.simulators.mail import MailSimulator
from tests.web.pages.conftest import Browser, logged_in

OFFICE = {
    "names": "Summit Builders Inc\n  Summit  Builders of Illinois LLC \n",
    "zone": "America/Chicago",
    "rule_set": "supplier",
    "minutes": "15",
    "mail_notices": "on",
}


def test_the_office_is_named_and_its_choices_count_from_then_on(
    services: Services, office: str, admin: Browser
) -> None:
    admin.get("/setup")
    assert "Kept." in admin.send("/setup/office", **OFFICE).text
    with services.readers() as session:
        account = accounts.get(session, office)
        assert account.legal_names == ["Summit Builders Inc", "Summit Builders of Illinois LLC"]
        assert account.time_zone == "America/Chicago"
        assert account.settings == {
            "rule_set": "supplier", "review_minutes": 15, "mail_notices": True,
        }  # fmt: skip
    assert "checked" in admin.get("/setup").text
    admin.send("/setup/office", **{**OFFICE, "mail_notices": ""})
    with services.readers() as session:
        assert accounts.get(session, office).settings["mail_notices"] is False


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"names": " \n "}, "at least one name"), ({"zone": "Mars/Base"}, "time zone"),
     ({"rule_set": "none"}, "rule sets"), ({"minutes": "0"}, "Minutes"),
     ({"minutes": "²"}, "Minutes"), ({"minutes": "-3"}, "Minutes")],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence_and_the_rest_stays_typed(
    services: Services, office: str, admin: Browser, wrong: dict[str, str], said: str
) -> None:
    admin.get("/setup")
    page = admin.send("/setup/office", **{**OFFICE, **wrong})
    assert page.status_code == 422
    assert said in page.text
    assert "Summit  Builders of Illinois" in page.text or "names" in wrong
    with services.readers() as session:
        assert accounts.get(session, office).time_zone != "America/Chicago"


def test_a_key_is_shown_once_works_at_once_and_is_revoked_by_a_button(
    services: Services, office: str, admin: Browser
) -> None:
    admin.get("/setup")
    page = admin.send("/setup/key", name="Make").text
    found = re.search(r'id="secret" value="(coi_[^"]+)"', page)
    assert found is not None
    assert found[1] not in admin.get("/setup").text
    client = create_app(services).test_client()
    headers = {"Authorization": f"Bearer {found[1]}"}
    assert client.get("/v1/account", headers=headers).status_code == 200
    with services.readers() as session:
        (key,) = api_keys.of_account(session, office)
    admin.send(f"/setup/keys/{key.id}/revoke")
    assert client.get("/v1/account", headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/setup/office", "/setup/key"])
def test_only_an_admin_sets_up(reviewer: Browser, path: str) -> None:
    assert reviewer.get("/setup").status_code == 403
    reviewer.get("/password")
    assert reviewer.send(path, **OFFICE).status_code == 403


def test_every_step_says_whether_it_is_done(admin: Browser) -> None:
    page = admin.get("/setup").text
    for said in ("Your office", "Try a certificate", "A key for Zapier", "Procore", "E-mail"):
        assert said in page
    assert "http://" in page, "the address for Zapier"


@pytest.fixture
def mail() -> Iterator[MailSimulator]:
    with MailSimulator() as running:
        yield running


def test_where_answers_go_is_kept_and_a_try_sends_a_mail_to_oneself(
    services: Services, office: str, mail: MailSimulator
) -> None:
    given = {"smtp_host": "localhost", "smtp_port": mail.port, "smtp_security": "none"}
    settings = replace(services.settings, **given, mail_from="certificates@summit.example")
    dana = logged_in(
        replace(services, settings=settings), office, "dana@summit.example", Role.ADMIN
    )
    dana.get("/setup")
    page = dana.send("/setup/mail", office_email="office@summit.example", **{"try": "1"})
    assert "Sent to dana@summit.example" in page.text
    assert "Answers go to office@summit.example" in page.text
    with services.readers() as session:
        assert accounts.get(session, office).settings["office_email"] == "office@summit.example"


def test_without_a_mail_server_only_the_address_is_kept(
    services: Services, office: str, admin: Browser
) -> None:
    assert "SMTP_HOST" in admin.get("/setup").text
    assert "Keep and send me a mail" not in admin.page.text
    assert "Kept." in admin.send("/setup/mail", office_email="office@summit.example").text
    wrong = admin.send("/setup/mail", office_email="office")
    assert wrong.status_code == 422
    assert 'value="office"' in wrong.text
    assert 'role="alert"' in wrong.text


def test_hooks_of_a_revoked_key_are_named_and_can_be_ended(
    services: Services, office: str, admin: Browser
) -> None:
    """Whoever left with a key may have had events sent to an address of their own."""
    now, keys = services.clock(), services.settings.secret_keys
    with services.sessions() as session, session.begin():
        made = [api_keys.create(session, office, name, now)[0] for name in ("Old", "Zapier")]
        for key, host in zip(made, ("their-own.example", "hooks.zapier.com"), strict=True):
            with acting(Actor(Through.API_KEY, key.id, key.name)):
                hooks.create(
                    session, office, EventType.CERTIFICATE_PARSED, f"https://{host}/secret",
                    keys=keys, now=now,
                )  # fmt: skip
                session.flush()
    page = admin.get("/setup").text
    assert "their-own.example" not in page
    page = admin.send(f"/setup/keys/{made[0].id}/revoke").text
    assert "their-own.example" in page
    assert "hooks.zapier.com" not in page
    assert "/secret" not in page
    (path,) = re.findall(r'action="(/setup/hooks/\w+/end)"', page)
    page = admin.send(path).text
    assert "Nothing is told there any more" in page
    assert "their-own.example" not in page
    with services.readers() as session:
        (left,) = hooks.active(session, office)
        assert left.target_url == "https://hooks.zapier.com/secret"
