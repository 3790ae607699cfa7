"""`npm run deploy` brings the whole app into Make, once; run again it changes nothing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalog.make.recorder import Recorder, recorder
from tests.catalog.make.source import ROOT, load
from tests.catalog.stage import npm_installed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

FOLDER = ROOT / "make_deploy"
APP = load()
PARTS = APP.all()
SECTIONS = sum(len(part.code) for part in PARTS)
GENERAL = 4
"""The sections of the app as a whole: base, common, groups, readme."""


@pytest.fixture
def make() -> Iterator[Recorder]:
    npm_installed(FOLDER)
    with recorder() as found:
        yield found


@pytest.fixture
def key_file(tmp_path: Path, make: Recorder) -> Path:
    path = tmp_path / "make-api-key.txt"
    path.write_text(f"{make.token}\n")
    return path


def run(make: Recorder, key_file: Path, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["npm", "run", "--silent", "deploy", "--", "--key-file", str(key_file), *given],
        cwd=FOLDER,
        env=os.environ | {"MAKE_URL": make.url},
        capture_output=True,
        text=True,
        check=False,
    )


def deployed(make: Recorder, key_file: Path, *given: str) -> str:
    """The last line of a deployment that went well."""
    found = run(make, key_file, *given)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout.strip().splitlines()[-1]


def test_everything_is_deployed_and_a_second_time_changes_nothing(
    make: Recorder, key_file: Path
) -> None:
    first = deployed(make, key_file)
    assert first.startswith(f"coi-connector: {1 + len(PARTS)} created, ")
    assert len(make.sections) == SECTIONS + GENERAL
    assert make.sections["base"] == APP.base
    assert len(make.parts["modules"]) == len(list(APP.parts("module")))
    before = len(make.changes)
    whole = len(PARTS) + SECTIONS + GENERAL
    assert deployed(make, key_file) == f"coi-connector: 0 created, 0 written, {whole} unchanged."
    assert len(make.changes) == before


def test_every_part_knows_the_names_that_make_chose(make: Recorder, key_file: Path) -> None:
    deployed(make, key_file)
    [connection] = make.parts["connections"]
    for kind in ("modules", "rpcs", "webhooks"):
        assert {part["connection"] for part in make.parts[kind].values()} == {connection}
    instant = {m["webhook"] for m in make.parts["modules"].values() if "webhook" in m}
    assert instant == make.parts["webhooks"].keys()


def test_only_what_differs_is_written(make: Recorder, key_file: Path) -> None:
    deployed(make, key_file)
    make.sections["modules/parseCertificate/api"] = {"url": "/old"}
    make.parts["modules"]["checkCertificate"]["label"] = "Old label"
    before = len(make.changes)
    assert " 0 created, 2 written, " in deployed(make, key_file)
    assert make.changes[before:] == [
        ("PUT", "/coi-connector/1/modules/parseCertificate/api"),
        ("PATCH", "/coi-connector/1/modules/checkCertificate"),
    ]


def test_a_deployment_that_broke_off_goes_on_where_it_ended(make: Recorder, key_file: Path) -> None:
    deployed(make, key_file)
    del make.parts["modules"]["parseCertificate"]
    [lost] = [
        name for name, hook in make.parts["webhooks"].items() if hook["label"] == "Push failed"
    ]
    del make.parts["webhooks"][lost]
    assert ": 2 created, " in deployed(make, key_file)
    assert len(make.parts["webhooks"]) == len(list(APP.parts("webhook")))


def test_a_dry_run_says_what_it_would_do_and_does_nothing(make: Recorder, key_file: Path) -> None:
    found = run(make, key_file, "--dry-run")
    assert found.returncode == 0, found.stderr
    assert "create module parseCertificate" in found.stdout
    assert f"{1 + len(PARTS)} would be created" in found.stdout
    assert make.changes == []


def test_the_name_that_make_gave_the_app_is_told(make: Recorder, key_file: Path) -> None:
    make.renames_to = "coi-connector-k3x9"
    assert deployed(make, key_file).endswith("deploy with --app coi-connector-k3x9 from now on.")
    assert ": 0 created, 0 written, " in deployed(make, key_file, "--app", "coi-connector-k3x9")


def test_what_is_in_make_only_is_left_alone_and_told(make: Recorder, key_file: Path) -> None:
    deployed(make, key_file)
    make.parts["modules"]["oldModule"] = {"name": "oldModule", "label": "Old"}
    assert "left alone: module oldModule" in run(make, key_file).stdout
    assert "oldModule" in make.parts["modules"]


def test_a_token_inside_the_project_is_refused(make: Recorder) -> None:
    found = run(make, ROOT / "build" / "make-api-key.txt")
    assert (found.returncode, make.asked) == (1, [])
    assert "Keep the API token outside the project's folder" in found.stderr


def test_a_missing_token_is_a_sentence(make: Recorder, tmp_path: Path) -> None:
    found = run(make, tmp_path / "none.txt")
    assert found.returncode == 1
    assert "There is no API token in" in found.stderr


def test_a_wrong_token_is_a_sentence_that_does_not_show_it(make: Recorder, key_file: Path) -> None:
    key_file.write_text("secret-of-another")
    found = run(make, key_file)
    assert found.returncode == 1
    assert "Make refused (401): Access denied." in found.stderr
    assert "secret-of-another" not in found.stdout + found.stderr


def test_tests_can_be_pointed_at_this_machine_only(key_file: Path, make: Recorder) -> None:
    make.url = "http://elsewhere.example"
    found = run(make, key_file)
    assert (found.returncode, found.stdout) == (1, "")
    assert "this machine only" in found.stderr
