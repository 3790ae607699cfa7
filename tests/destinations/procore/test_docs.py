"""docs/procore.md names the messages and settings that there are."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from connector.destinations.procore import client, deliver
from connector.destinations.procore.mapping import SIGNATURE
from connector.destinations.procore.preferences import INSURANCE_TYPES, Preferences
from connector.destinations.procore.refusals import refusal
from connector.web.pages.procore_settings import SWITCHES, Switch

DOCS = (Path(__file__).parents[3] / "docs" / "procore.md").read_text()

REFUSALS = {
    "403 not connected": (403, b'{"errors":["App is not connected to this company."]}'),
    "403": (403, b'{"errors":"no"}'),
    "404": (404, b""),
    "400 company": (400, b'{"errors":"Missing Procore-Company-Id header!"}'),
    "409": (409, b""),
    "422": (422, b""),
    "429": (429, b""),
    "503": (503, b""),
}


def first_sentence(message: str) -> str:
    return message.partition(". ")[0].rstrip(".")


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_every_refusal_stands_in_the_troubleshooting_table(answer: tuple[int, bytes]) -> None:
    error = refusal(*answer, {}, is_write=True, now=0.0)

    assert first_sentence(error.message) in DOCS


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_every_switch_stands_in_the_docs_as_the_page_calls_it(switch: Switch) -> None:
    (row,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{switch.name}`")]
    assert f"**{switch.label}.**" in row


@pytest.mark.parametrize(
    "message", [client.RECONNECT, deliver.WHICH_VENDOR.partition(";")[0], deliver.NO_VENDOR]
)
def test_every_other_message_does_too(message: str) -> None:
    assert first_sentence(message) in DOCS


def test_every_setting_is_explained() -> None:
    names = {field.name for field in dataclasses.fields(Preferences)} - {"api_url"}

    assert [name for name in names if f"`{name}`" not in DOCS] == []


def test_every_type_stands_with_its_name() -> None:
    missing = [k for k, v in INSURANCE_TYPES.items() if f"`{k}` {v}" not in DOCS.replace("\n", " ")]

    assert missing == []
    assert SIGNATURE in DOCS


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 503])
def test_however_much_procore_says_our_own_advice_is_whole(status: int) -> None:
    long = b'{"errors": "' + b"very long words " * 40 + b'"}'

    said = refusal(status, long, {}, is_write=True, now=0.0).message
    alone = refusal(status, b"", {}, is_write=True, now=0.0).message

    assert said.startswith(alone)
    assert len(said) <= 250
