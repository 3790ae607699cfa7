"""The log: lines or JSON, and nothing in it that opens a door or stood on a certificate."""

from __future__ import annotations

import json
import logging

import pytest

from connector.errors import DestinationRefused
from connector.logs import HIDDEN, JsonLines, PlainLines, scrubbed

POLICY = "GL-5520037"


def record(
    message: str, *words: object, error: BaseException | None = None, **extra: object
) -> logging.LogRecord:
    """What a logger hands to its formatter."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.getLogger("connector.test").makeRecord(
        "connector.test", logging.ERROR, __file__, 1, message, words, exc_info, extra=extra
    )


def mistake() -> BaseException:
    """An error whose words quote a document, as a parser's do."""
    try:
        int(POLICY)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_json_line_has_what_a_collector_asks_for() -> None:
    line = json.loads(
        JsonLines("web").format(record("%s done", "GET /v1/account", milliseconds=12))
    )
    assert line["message"] == "GET /v1/account done"
    assert (line["level"], line["process"], line["milliseconds"]) == ("error", "web", 12)
    assert line["time"].endswith("Z")


def test_a_mistake_of_ours_is_told_by_its_place_and_not_by_its_words() -> None:
    for formatter in (JsonLines("web"), PlainLines("web")):
        line = formatter.format(record("unexpected", error=mistake()))
        assert "ValueError" in line
        assert "test_logs.py" in line
        assert POLICY not in line
        assert "\n" not in line


def test_a_sentence_for_people_is_kept() -> None:
    line = PlainLines("worker").format(record("job", error=DestinationRefused("Procore says no.")))
    assert "DestinationRefused: Procore says no." in line


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key coi_AbCdEfGhIjKlMnOpQrStUv was used", "coi_AbCdEfGhIjKlMnOpQrStUv"),
        ("signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("Authorization: Bearer abc.def-123", "abc.def-123"),
        ("GET /back?code=4f9a2c&state=xyz1", "4f9a2c"),
        ("GET /back?code=4f9a2c&state=xyz1", "xyz1"),
        ('{"access_token": "ey12345", "token_type": "x"}', "ey12345"),
        ("{'refresh_token': 'r-998877'}", "r-998877"),
        ("client_secret=hunter2", "hunter2"),
        ("postgresql://coi:hunter2@db.example/coi", "hunter2"),
        ("id eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"),
        ("sealed gAAAAABmXyZ0123456789abcdefghijklmnop", "ABmXyZ0123456789abcdef"),
    ],
)
def test_secrets_are_hidden_wherever_they_stand(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in scrubbed(text)
    assert HIDDEN in scrubbed(text)
    line = json.loads(JsonLines("web").format(record(text.replace("%", "%%"), more=text)))
    assert secret not in json.dumps(line)


def test_what_is_no_secret_stays_readable() -> None:
    for text in (
        "job job_8F4T1Z7M (push_to_procore): destination_unavailable",
        "POST /v1/actions/parse_certificate 200",
        "worker-1 is gone; its jobs were taken over by worker-2",
        "The key was mistyped. Send the header again.",
    ):
        assert scrubbed(text) == text
