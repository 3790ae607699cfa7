"""Make's own JSON schemas accept every file of the app, and would not accept a broken one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalog.make import official
from tests.catalog.make.source import App, load


@pytest.fixture
def schemas() -> Path:
    found = official.folder()
    if found is None:
        pytest.skip(official.MISSING)
    return found


def test_every_file_is_accepted(schemas: Path) -> None:
    assert official.findings(load(), schemas) == []


def _without_six_keys(app: App) -> None:
    del app.manifest["components"]["endpoint"]


def _timeout_too_long(app: App) -> None:
    app.base["timeout"] = 300_001


def _error_without_message(app: App) -> None:
    del app.base["response"]["error"]["422"]["message"]


def _type_that_make_lacks(app: App) -> None:
    app.module("parseCertificate").parameters[0]["type"] = "string"


def _post_without_body(app: App) -> None:
    del app.module("checkCertificate").requests[0]["body"]


def _unknown_directive(app: App) -> None:
    app.module("parseCertificate").requests[0]["wait"] = 5


def _unknown_error_type(app: App) -> None:
    app.base["response"]["error"]["404"]["type"] = "NotFoundError"


def _epoch_without_date(app: App) -> None:
    del app.module("watchCertificates").code["epoch"]["response"]["output"]["date"]


def _group_without_label(app: App) -> None:
    del app.groups[0]["label"]


@pytest.mark.parametrize(
    "spoil",
    [
        _without_six_keys,
        _timeout_too_long,
        _error_without_message,
        _type_that_make_lacks,
        _post_without_body,
        _unknown_directive,
        _unknown_error_type,
        _epoch_without_date,
        _group_without_label,
    ],
)
def test_a_broken_file_is_not_accepted(spoil: Callable[[App], None], schemas: Path) -> None:
    app = load()
    spoil(app)
    assert official.findings(app, schemas)
