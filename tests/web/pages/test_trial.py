"""Trying a certificate shows everything and keeps nothing."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from connector.actions.services import Services
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.documents import StoredDocument
from connector.storage.events import StoredEvent
from connector.storage.vendors import StoredVendor
from tests.web.pages.conftest import Browser

Pair = tuple[Path, Path]


def send(browser: Browser, data: bytes, name: str = "coi.pdf", **fields: str) -> Any:
    browser.get("/try")
    return browser.send("/try", file=(io.BytesIO(data), name), **fields)


def test_a_deficient_certificate_shows_picture_values_verdict_notice_and_json(
    viewer: Browser, certificates: Pair
) -> None:
    page = send(viewer, certificates[1].read_bytes(), rule_set="standard-subcontractor")
    assert page.status_code == 200
    shown = html.unescape(page.text)
    assert "Not compliant" in shown
    assert "each occurrence: required $1,000,000; found $500,000 (page 1)." in shown
    assert "<dd>$500,000</dd>" in re.sub(r"\s*</dd>", "</dd>", shown)
    assert "data:image/png;base64,iVBOR" in shown
    assert "The notice as it would be sent" in shown
    found = re.search(r'<pre id="json"[^>]*>(.*?)</pre>', page.text, re.DOTALL)
    assert found is not None
    flat = json.loads(html.unescape(found[1]))
    assert flat["general_liability_each_occurrence"] == 500_000
    assert flat["check_status"] == "non_compliant"


def test_a_good_one_has_no_notice_and_the_rule_set_stays_chosen(
    viewer: Browser, certificates: Pair
) -> None:
    page = send(viewer, certificates[0].read_bytes(), rule_set="supplier")
    assert "The notice as it would be sent" not in page.text
    assert re.search(r'value="supplier"\s+selected', page.text)


def test_nothing_of_it_is_kept_or_told(
    services: Services, viewer: Browser, certificates: Pair
) -> None:
    send(viewer, certificates[1].read_bytes())
    tables = (StoredDocument, StoredCertificate, StoredCheck, StoredVendor, StoredEvent)
    with services.sessions() as session:
        assert [session.scalar(select(func.count()).select_from(each)) for each in tables] == [
            0
        ] * 5
    assert not (services.settings.data_dir / "documents").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"hello", "PDF"), (b"%PDF-1.7 cut off", "PDF")],
)  # fmt: skip
def test_a_file_that_is_none_is_a_sentence_and_the_rule_set_stays(
    viewer: Browser, data: bytes, said: str
) -> None:
    page = send(viewer, data, rule_set="supplier")
    assert page.status_code == 422
    assert said in page.text
    assert 'role="alert"' in page.text
    assert re.search(r'value="supplier"\s+selected', page.text)


def test_no_file_and_an_unknown_rule_set_are_sentences(viewer: Browser, certificates: Pair) -> None:
    viewer.get("/try")
    assert "Choose a file first" in viewer.send("/try").text
    unknown = send(viewer, certificates[0].read_bytes(), rule_set="<b>none")
    assert unknown.status_code == 422
    assert "<b>none" not in unknown.text


def test_the_sample_is_there_for_whoever_has_no_file(viewer: Browser) -> None:
    viewer.get("/try")
    page = viewer.send("/try", sample="1")
    assert page.status_code == 200
    assert "Copper Ridge Electric Inc" in page.text
