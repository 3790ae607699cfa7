"""The rules in plain words, and what an edited copy would change."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from connector.actions.services import Services
from tests.web.pages.conftest import Browser, put_certificate

Pair = tuple[Path, Path]
STANDARD = "/rules/standard-subcontractor"


def own_text(services: Services) -> str:
    return (services.settings.rules_dir / "standard-subcontractor.yaml").read_text()


def test_every_rule_set_is_listed_and_opens(services: Services, viewer: Browser) -> None:
    page = viewer.get("/rules").text
    for name, found in services.rule_sets.items():
        assert found.title in page
        opened = viewer.get(f"/rules/{name}")
        assert opened.status_code == 200
        assert "does not hold" not in opened.text


def test_a_rule_set_says_in_plain_words_what_is_required_of_whom(viewer: Browser) -> None:
    page = viewer.get("/rules/high-risk-trades").text
    for said in ("$10,000,000", "for demolition or crane", "over $3,000,000", "advice only",
                 "any auto, or owned and hired and non-owned autos"):  # fmt: skip
        assert said in page
    assert "examples that prove it" in page


def test_an_edited_copy_says_who_would_stand_otherwise_and_is_kept_nowhere(
    services: Services, office: str, reviewer: Browser, certificates: Pair
) -> None:
    put_certificate(services, office, certificates[0].read_bytes())
    before = own_text(services)
    reviewer.get(STANDARD)
    text = before.replace("at_least: 1000000", "at_least: 9000000").replace("\n", "\r\n")
    page = html.unescape(reviewer.send(STANDARD, text=text).text)
    assert "1 vendor was checked" in page
    assert "Northfield Roofing LLC</a>: Compliant → Not compliant" in page
    assert "required $9,000,000; found $1,000,000" in page
    assert own_text(services) == before


def test_an_unchanged_copy_changes_nobody(
    services: Services, office: str, reviewer: Browser, certificates: Pair
) -> None:
    put_certificate(services, office, certificates[1].read_bytes())
    reviewer.get(STANDARD)
    assert "status would change" in reviewer.send(STANDARD, text=own_text(services)).text


@pytest.mark.parametrize(
    "text",
    ["", "rules: [", "rule_set: other\nversion: 1\nrules: []",
     "rule_set: standard-subcontractor\nversion: 1\nextends: [../../etc/passwd]"],
)  # fmt: skip
def test_a_copy_that_is_no_rule_set_is_a_sentence_and_stays_typed(
    reviewer: Browser, text: str
) -> None:
    reviewer.get(STANDARD)
    page = reviewer.send(STANDARD, text=text)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert html.escape(text.splitlines()[0] if text else "") in page.text


def test_a_viewer_reads_the_rules_and_tries_no_copy(viewer: Browser) -> None:
    assert "Try an edited copy" not in viewer.get(STANDARD).text
    viewer.get("/password")
    assert viewer.send(STANDARD, text="x").status_code == 403


def test_the_rule_set_is_chosen_already_when_a_certificate_is_tried_against_it(
    viewer: Browser,
) -> None:
    assert 'value="supplier" selected' in viewer.get("/try?rule_set=supplier").text
