"""The account's own words for the notice, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.actions.vendor_papers import certificate, check, send
from tests.web.conftest import Caller

SPANISH = {
    "subject": "Certificado de {{ vendor }}: {{ deficiencies | length }} por corregir",
    "text": "Para {{ vendor }}:\n{% for item in deficiencies %}- {{ item.line }} {{ item.ask }}\n{% endfor %}",
    "html": "<ul>{% for item in deficiencies %}<li>{{ item.line }} {{ item.ask }}{% endfor %}</ul>",
}


def put(caller: Caller, **templates: str) -> Any:
    return caller.client.put("/v1/notice_templates", headers=caller.headers, json=templates)


def test_the_notice_is_in_the_accounts_own_words_from_the_next_check_on(
    caller: Caller, stranger: Caller, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    low = certificate(general_liability_each_occurrence="500,000")
    sent = send(caller, folder, low, vendor_id="V-1").get_json()
    asked = {"certificate_id": sent["certificate_id"]}
    assert check(caller, **asked)["notice_subject"].startswith("Insurance certificate of")
    assert put(caller, **SPANISH).get_json()["is_own"] is True
    flat = check(caller, **asked)
    assert flat["notice_subject"] == "Certificado de Northfield Roofing LLC: 1 por corregir"
    assert flat["notice_text"].startswith("Para Northfield Roofing LLC:\n- Each occurrence limit")
    assert check(caller, **asked)["is_duplicate"] is True
    assert stranger.get("/v1/notice_templates").get_json()["is_own"] is False
    assert put(caller).get_json()["is_own"] is False
    assert check(caller, **asked)["notice_subject"].startswith("Insurance certificate of")


@pytest.mark.parametrize(
    ("part", "template", "said"),
    [
        ("text", "{% for item in deficiencies %}{{ item.line }}", "line 1"),
        ("text", "{{ vendr }}", "vendr"),
        ("text", "Dear sirs, please mend it.", "each deficiency"),
        ("html", "{{ ''.__class__.__mro__ }}", "HTML template"),
        ("subject", "{{ 1 // 0 }}", "subject template"),
    ],
)
def test_a_broken_template_is_refused_and_the_old_one_stays(
    caller: Caller, part: str, template: str, said: str
) -> None:
    put(caller, **SPANISH)
    answer = put(caller, **{**SPANISH, part: template})
    assert answer.status_code == 422
    assert said in answer.get_json()["error"]["message"]
    assert caller.get("/v1/notice_templates").get_json()[part] == SPANISH[part]
