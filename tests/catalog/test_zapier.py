"""The integration's own tests in JavaScript, against the running service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalog.stage import INTEGRATION, node, npm_installed, service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

TESTS = sorted(path.relative_to(INTEGRATION) for path in INTEGRATION.glob("test/*.test.js"))


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    npm_installed(INTEGRATION)
    with service(tmp_path_factory.mktemp("zapier")) as found:
        yield found


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_the_integration_works_against_the_service(path: Path, environ: dict[str, str]) -> None:
    node(environ, "--test", str(path))


def test_the_lint_has_no_findings(environ: dict[str, str]) -> None:
    assert node(environ, "scripts/lint.js") == ""


def test_nothing_installed_names_where_it_came_from() -> None:
    assert "://" not in (INTEGRATION / "package.json").read_text()
    assert '"resolved"' not in (INTEGRATION / "package-lock.json").read_text()
