"""Whose certificate it is: who a caller names, else who it is on file for, else its insured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector.actions.services import Services
from connector.actions.vendors import vendor_of
from connector.certificate.entry import State
from connector.storage import accounts, certificates
from tests.web.conftest import Caller

COPPER, NORTHFIELD = "Copper Ridge Electric Inc", "Northfield Roofing LLC"
Pair = tuple[Path, Path]


def check(caller: Caller, certificate_id: str, **given: str) -> Any:
    body = {"certificate_id": certificate_id, **given}
    return caller.post("/v1/actions/check_certificate", json=body).json


def owners(caller: Caller) -> set[str]:
    return {row["vendor_name"] for row in caller.get("/v1/coverage").json["items"]}


@pytest.mark.parametrize("asked_before", [False, True])
def test_another_firms_certificate_is_not_good_for_the_vendor_it_is_on_file_for(
    caller: Caller, certificates: Pair, asked_before: bool
) -> None:
    # A Zap names the vendor in its first step only. Without this the insured was compared with itself.
    sent = caller.send("parse_certificate", certificates[0], vendor_name=COPPER).json
    if asked_before:
        assert check(caller, sent["certificate_id"], vendor_name=COPPER)["status"] == "needs_review"
    found = check(caller, sent["certificate_id"])
    assert (found["status"], found["vendor_name"]) == ("needs_review", COPPER)
    assert NORTHFIELD in found["unclear_text"]


def test_who_names_the_right_vendor_later_sets_it_right(caller: Caller, certificates: Pair) -> None:
    sent = caller.send("parse_certificate", certificates[0], vendor_name=COPPER).json
    found = check(caller, sent["certificate_id"], vendor_name=NORTHFIELD)
    assert (found["status"], found["vendor_name"]) == ("compliant", NORTHFIELD)
    assert owners(caller) == {NORTHFIELD}
    assert check(caller, sent["certificate_id"])["status"] == "compliant"


@pytest.mark.parametrize("read", ["Northfeld Roofing LLC", None])
def test_a_certificate_follows_its_insureds_corrected_name(
    caller: Caller, services: Services, certificates: Pair, read: str | None
) -> None:
    sent = caller.send("parse_certificate", certificates[0]).json
    as_read(services, caller.account_id, sent["certificate_id"], read)
    body = {"field": "insured_name", "value": NORTHFIELD, "by": "Ann"}
    caller.post(f"/v1/certificates/{sent['certificate_id']}/corrections", json=body)
    assert owners(caller) == {NORTHFIELD}
    found = check(caller, sent["certificate_id"])
    assert (found["status"], found["vendor_name"]) == ("compliant", NORTHFIELD)


def test_a_certificate_that_was_given_a_vendor_stays_with_it(
    caller: Caller, certificates: Pair
) -> None:
    sent = caller.send("parse_certificate", certificates[0], vendor_id="V-7", vendor_name=COPPER)
    body = {"field": "insured_name", "value": "Northfield Roofing Co", "by": "Ann"}
    caller.post(f"/v1/certificates/{sent.json['certificate_id']}/corrections", json=body)
    assert owners(caller) == {COPPER}


def as_read(services: Services, account_id: str, certificate_id: str, name: str | None) -> None:
    """As if the insured had been read like this, and the vendor been made of it; None: in doubt."""

    with services.sessions() as session, session.begin():
        row = certificates.get(session, account_id, certificate_id)
        known = row.certificate
        entry = (
            replace(known.insured.name, value=name)
            if name
            else replace(known.insured.name, state=State.UNCLEAR)
        )
        read = replace(known, insured=replace(known.insured, name=entry))
        account = accounts.get(session, account_id)
        vendor = vendor_of(session, account, {}, read, services.clock())
        row.vendor_id = vendor.id if vendor else None
        certificates.fill(session, row, read, services.clock())
