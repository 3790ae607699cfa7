"""The simulated Procore is worth something only while it keeps to the published contract."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulators.procore.contract import contract
from tests.simulators.procore.routing import HANDLERS
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import COMPANY, PROJECT, TOKEN

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Procore-Company-Id": str(COMPANY)}


@pytest.fixture
def procore() -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        yield simulator
    assert simulator.world.breaches == []


def test_every_operation_of_the_fragment_is_played() -> None:
    assert {operation.id for operation in contract().operations} == set(HANDLERS)


@pytest.mark.parametrize(
    ("insurance", "status"),
    [
        ({"limit": 1_000_000}, 400),
        ({"limit": "1,000,000"}, 400),
        ({"limit": "1" * 18}, 400),
        ({"effective_date": "03/01/2026"}, 400),
        ({"effective_date": "2026-02-30"}, 400),
        ({"status": "in_progress"}, 400),
        ({"exempt": "yes"}, 400),
        ({"insurance_provider": "Granite"}, 406),
        ({"attachments": []}, 406),
        ({}, 201),
    ],
)
def test_what_the_contract_refuses_is_refused(
    procore: ProcoreSimulator, insurance: dict[str, Any], status: int
) -> None:
    vendor = next(iter(procore.world.vendors))
    path = f"{procore.url}/rest/v1.0/companies/{COMPANY}/vendors/{vendor}/insurances"

    answer = requests.post(path, json={"insurance": insurance}, headers=HEADERS, timeout=5)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("family", "with_vendor"),
    [
        (f"companies/{COMPANY}/vendors/{{vendor}}/insurances", False),
        (f"companies/{COMPANY}/insurances", True),
        (f"projects/{PROJECT}/vendors/{{vendor}}/insurances", False),
        (f"projects/{PROJECT}/insurances", True),
    ],
)
def test_all_four_families_live_by_one_contract(
    procore: ProcoreSimulator, family: str, with_vendor: bool
) -> None:
    vendor = next(iter(procore.world.vendors))
    base = f"{procore.url}/rest/v1.0/" + family.format(vendor=vendor)
    body: dict[str, Any] = {"name": "Granite", "limit": "1000000.00"}
    body |= {"vendor_id": vendor} if with_vendor else {}
    with requests.Session() as session:
        session.headers.update(HEADERS)
        made = session.post(base, json={"insurance": body}, timeout=5)
        id = made.json()["id"]
        changed = session.patch(
            f"{base}/{id}", json={"insurance": body | {"limit": "5.00"}}, timeout=5
        )
        item = {k: v for k, v in body.items() if k != "vendor_id"} | {"id": id}
        synced = session.patch(f"{base}/sync", json={"updates": [item, {"id": 1}]}, timeout=5)
        listed = session.get(base, timeout=5)
        gone = session.delete(f"{base}/{id}", timeout=5)

        assert (made.status_code, made.json()["insurance_provider"]) == (201, "Granite")
        assert (made.json()["limit"], changed.json()["limit"]) == ("1000000.0", "5.0")
        assert synced.status_code == 200
        assert [e["id"] for e in synced.json()["entities"]] == [id]
        assert synced.json()["errors"][0]["errors"] == {"id": ["Entity with this ID not found"]}
        assert [r["id"] for r in listed.json()] == [id]
        assert (gone.status_code, gone.content) == (200, b"")
        assert session.get(f"{base}/{id}", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer nonsense", "Procore-Company-Id": str(COMPANY)}, 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 400),
        ({"Authorization": f"Bearer {TOKEN}", "Procore-Company-Id": "77"}, 403),
    ],
)
def test_who_may_not_ask_is_told_so(
    procore: ProcoreSimulator, headers: dict[str, str], status: int
) -> None:
    path = f"{procore.url}/rest/v1.1/vendors?company_id={COMPANY}"

    assert requests.get(path, headers=headers, timeout=5).status_code == status


def test_lists_come_in_pages_with_links(procore: ProcoreSimulator) -> None:
    procore.world.add_vendor("Cedar Valley Electric Co")
    path = f"{procore.url}/rest/v1.1/vendors?company_id={COMPANY}&per_page=1"

    first = requests.get(path, headers=HEADERS, timeout=5)
    second = requests.get(first.links["next"]["url"], headers=HEADERS, timeout=5)

    assert (first.headers["Total"], first.headers["Per-Page"]) == ("2", "1")
    assert "next" not in second.links
    assert {v["name"] for v in first.json() + second.json()} == {
        "Northfield Roofing LLC",
        "Cedar Valley Electric Co",
    }


def test_the_limit_is_announced_and_then_enforced(procore: ProcoreSimulator) -> None:
    procore.world.switches.spike_limit = 2
    path = f"{procore.url}/rest/v1.1/vendors?company_id={COMPANY}"

    answers = [requests.get(path, headers=HEADERS, timeout=5) for _ in range(3)]

    assert [a.status_code for a in answers] == [200, 200, 429]
    assert [a.headers["X-Rate-Limit-Remaining"] for a in answers] == ["1", "0", "0"]
    assert int(answers[2].headers["Retry-After"]) > 0


@pytest.mark.slow
def test_it_runs_as_a_program_with_vendors_of_ones_own(tmp_path: Any) -> None:
    names = tmp_path / "vendors.json"
    names.write_text(json.dumps({"Prairie Steel Inc": {"id": 7003}}))
    command = [sys.executable, "-m", "tests.simulators.procore", "--vendors", str(names)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        connect = json.loads(program.stdout.readline())
        path = f"{connect['url']}/rest/v1.1/vendors?company_id={connect['company_id']}"
        listed = requests.get(path, headers=HEADERS, timeout=5).json()
        program.terminate()

    assert [(v["id"], v["name"]) for v in listed] == [(7003, "Prairie Steel Inc")]
    assert program.returncode == 0


def test_every_switch_is_set_by_some_test() -> None:
    """A switch that no test sets would say that the product was tried both ways when it was not."""
    tests = Path(__file__).parents[1].rglob("test_*.py")
    words = set(re.findall(r"\w+", " ".join(path.read_text() for path in tests)))
    assert [each.name for each in fields(Switches) if each.name not in words] == []


@pytest.mark.parametrize(
    ("switches", "insurance", "status", "shown"),
    [
        ({"numeric_limit_is_taken": True}, {"limit": 1_000_000}, 201, "1000000.0"),
        ({"shows_limit_as_number": True}, {"limit": "1000000.00"}, 201, 1_000_000.0),
        ({"unknown_attribute_status": None}, {"attachments": []}, 201, None),
        ({"unknown_attribute_status": 422}, {"attachments": []}, 422, None),
    ],
)
def test_a_switch_changes_what_is_taken_and_shown(
    procore: ProcoreSimulator,
    switches: dict[str, Any],
    insurance: dict[str, Any],
    status: int,
    shown: object,
) -> None:
    for name, value in switches.items():
        setattr(procore.world.switches, name, value)
    vendor = next(iter(procore.world.vendors))
    path = f"{procore.url}/rest/v1.0/companies/{COMPANY}/vendors/{vendor}/insurances"

    answer = requests.post(path, json={"insurance": insurance}, headers=HEADERS, timeout=5)

    assert answer.status_code == status
    assert answer.json().get("limit") == shown


@pytest.mark.parametrize(
    ("null", "status", "notes"),
    [("refused", 400, "typed"), ("clears", 200, None), ("ignored", 200, "typed")],
)
def test_null_in_a_change_is_refused_or_clears_or_is_ignored(
    procore: ProcoreSimulator, null: str, status: int, notes: str | None
) -> None:
    procore.world.switches.null_in_a_change = null
    vendor = next(iter(procore.world.vendors))
    record = procore.world.add_insurance(vendor, notes="typed")
    path = f"{procore.url}/rest/v1.0/companies/{COMPANY}/vendors/{vendor}/insurances/{record}"

    answer = requests.patch(path, json={"insurance": {"notes": None}}, headers=HEADERS, timeout=5)

    assert answer.status_code == status
    assert procore.world.insurances[record]["notes"] == notes
