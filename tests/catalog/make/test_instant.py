"""Every instant trigger: attached, told its event, received, detached; against the running service."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from connector.catalog.make.modules import API_CALL
from tests.catalog.make.conftest import Office
from tests.catalog.make.declared import assert_declared, assert_discreet
from tests.catalog.make.runner import MakeError
from tests.catalog.make.source import Part, load
from tests.worker.receiver import Receiver, receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

APP = load()
HOOKS = [part for part in APP.parts("module") if "webhook" in part.about]
PATIENCE = 60

Expected = dict[str, Any]


@dataclass(frozen=True)
class Happening:
    """What makes an event happen and says what must come of it; `filters` are the user's own."""

    make: Callable[[Office], Expected]
    filters: Mapping[str, str] = field(default_factory=dict)


def _parsed(office: Office, name: str = "compliant.pdf") -> dict[str, Any]:
    [bundle] = office.make.run("parseCertificate", office.new_file(name)).bundles
    return bundle


def _read(office: Office) -> Expected:
    return {"certificate_id": _parsed(office)["certificate_id"]}


def _checked(name: str, status: str, **more: str) -> Callable[[Office], Expected]:
    def make(office: Office) -> Expected:
        asked = {"certificate_id": _parsed(office, name)["certificate_id"]}
        [check] = office.make.run("checkCertificate", asked | more).bundles
        return asked | {"check_id": check["check_id"], "status": status}

    return make


def _on_a_day(before: int) -> Callable[[Office], Expected]:
    """The day comes that is so many days before the certificate's first policy ends."""

    def make(office: Office) -> Expected:
        certificate = _parsed(office)
        ends = date.fromisoformat(certificate["earliest_expiration_date"])
        day = ends - timedelta(days=before)
        requests.post(f"{office.environ['DESK_URL']}/days/{day}", timeout=10).raise_for_status()
        return {"certificate_id": certificate["certificate_id"]}

    return make


def _lowered(office: Office) -> Expected:
    _parsed(office)
    newer = _parsed(office, "lower-limit.pdf")["certificate_id"]
    changed = "general_liability_each_occurrence"
    return {"certificate_id": newer, "changed_field": changed, "new_value": "$500,000"}


def _logged(office: Office) -> Expected:
    asked = _checked("compliant.pdf", "compliant")(office)
    [push] = office.make.run("logToSheet", {"certificate_id": asked["certificate_id"]}).bundles
    return {"push_id": push["push_id"], "destination": "google_sheets"}


def _refused(office: Office) -> Expected:
    asked = _checked("compliant.pdf", "compliant")(office)["certificate_id"]
    with pytest.raises(MakeError):
        office.make.run("pushToProcore", {"certificate_id": asked, "procore_vendor_id": "1"})
    return {"certificate_id": asked, "destination": "procore", "status": "failed"}


HAPPENS = {
    "certificateParsed": Happening(_read),
    "certificateCompliant": Happening(_checked("compliant.pdf", "compliant")),
    "certificateNonCompliant": Happening(_checked("not-compliant.pdf", "non_compliant")),
    "certificateNeedsReview": Happening(
        _checked("compliant.pdf", "needs_review", vendor_name="Somebody Else Inc")
    ),
    "certificateExpiring": Happening(_on_a_day(13), {"expires_within": "14"}),
    "certificateLapsed": Happening(_on_a_day(0)),
    "coverageChanged": Happening(_lowered),
    "pushFinished": Happening(_logged),
    "pushFailed": Happening(_refused),
}


def _told(found: Receiver, expected: Expected) -> dict[str, Any]:
    """The body that came for it, however many others came before."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for body in list(found.bodies):
            if all(body.get(key) == value for key, value in expected.items()):
                return dict(body)
        time.sleep(0.05)
    raise AssertionError(f"{expected} was not told; this was: {found.bodies}")


@pytest.mark.parametrize("part", HOOKS, ids=lambda part: part.id)
def test_every_trigger_is_attached_told_its_event_and_detached(part: Part, office: Office) -> None:
    hook = part.about["webhook"]
    happening = HAPPENS[hook]
    with receiver() as found:
        kept = office.make.attach(hook, found.url, happening.filters)
        assert_discreet(kept, office.environ["API_KEY"])
        assert kept.data["externalHookId"] in _active(office)
        body = _told(found, happening.make(office))
        assert_declared(part, office.make.receive(hook, body))
        for _ in range(2):
            office.make.detach(hook, kept.data)
            assert kept.data["externalHookId"] not in _active(office)


def _wait_for(found: Receiver, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(found.bodies) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(found.bodies) >= count


def _active(office: Office) -> dict[str, Any]:
    [bundle] = office.make.run(API_CALL, {"url": "hooks", "method": "GET"}).bundles
    return {hook["id"]: hook for hook in bundle["body"]["items"]}


def test_the_days_before_an_expiration_belong_to_the_webhook(office: Office) -> None:
    kept = office.make.attach(
        "certificateExpiring", "http://127.0.0.1:64999/", {"expires_within": "9"}
    )
    assert _active(office)[kept.data["externalHookId"]]["days"] == 9
    office.make.detach("certificateExpiring", kept.data)


def test_a_new_certificate_is_told_to_its_webhook_until_it_is_detached(office: Office) -> None:
    with receiver() as found:
        kept = office.make.attach("certificateParsed", found.url)
        [sent] = office.make.run("parseCertificate", office.new_file()).bundles
        _wait_for(found, 1)
        bundle = office.make.receive("certificateParsed", found.bodies[0])
        assert_declared(APP.module("watchCertificateParsed"), bundle)
        assert bundle["certificate_id"] == sent["certificate_id"]
        office.make.detach("certificateParsed", kept.data)
        other = office.make.attach("certificateParsed", found.url)
        office.make.run("parseCertificate", office.new_file())
        _wait_for(found, 2)
        office.make.detach("certificateParsed", other.data)
    assert len(found.bodies) == 2
