"""The command line as a person uses it: what it prints, and how it fails."""

from __future__ import annotations

import csv
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from connector.certificate.fields import FIELDS
from demo.draw import draw_demo

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two bundled certificates, drawn for today, and a file that is none."""
    made = tmp_path_factory.mktemp("certificates")
    draw_demo(made, datetime.now(UTC).date())
    (made / "notes.pdf").write_text("this is no PDF")
    return made


def connector(
    *words: str, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "connector.cli", *words],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_parse_prints_what_the_certificate_says(folder: Path) -> None:
    done = connector("parse", str(folder / "compliant.pdf"))
    assert done.returncode == 0
    assert "Northfield Roofing LLC" in done.stdout
    assert "$1,000,000" in done.stdout


def test_parse_as_json_is_the_flat_object(folder: Path) -> None:
    done = connector("parse", str(folder / "not-compliant.pdf"), "--json")
    flat = json.loads(done.stdout)
    assert list(flat) == [field.key for field in FIELDS]
    assert flat["general_liability_each_occurrence"] == 500_000


def test_json_of_a_folder_is_a_list_and_a_refused_file_has_every_key(tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_text("not a certificate")
    done = connector("parse", str(tmp_path), "--json")
    assert done.returncode == 2
    (row,) = json.loads(done.stdout)
    assert list(row) == [field.key for field in FIELDS]
    assert (row["needs_review"], row["insured_name"]) == (True, None)
    assert "plain text" in row["review_reasons"]


def test_a_folder_becomes_one_csv_in_which_a_refused_file_says_why(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "certificates.csv"
    done = connector("parse", str(folder), "--out", str(out))
    assert done.returncode == 2
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["document_name"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"compliant.pdf", "not-compliant.pdf", "notes.pdf"}
    assert rows["compliant.pdf"]["general_liability_each_occurrence"] == "1000000"
    assert "plain text" in rows["notes.pdf"]["review_reasons"]


def test_a_workbook_has_real_dates_and_numbers(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "certificates.xlsx"
    connector("parse", str(folder / "compliant.pdf"), "--out", str(out))
    header, row = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    said = dict(zip(header, row, strict=True))
    assert said["general_liability_each_occurrence"] == 1_000_000
    assert isinstance(said["general_liability_expiration_date"], date)


def test_a_picture_shows_what_was_read_where(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    connector("parse", str(folder / "compliant.pdf"), "--picture", str(out))
    with Image.open(out) as page:
        colors = {color for _, color in page.convert("RGB").getcolors(page.width * page.height)}
    assert (0, 128, 0) in colors


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("parse", "nowhere.pdf"), "There is no file or folder “nowhere.pdf”."),
        (("parse", ".", "--out", "list.txt"), "something.csv"),
        (("parse", "demo", "--out", "no-such-folder/list.csv"), "There is no folder"),
        (("parse", "demo", "--picture", "page.png"), "A picture shows one file"),
        (("check", "x.pdf", "--rules", "nothing"), "There is no rule set “nothing”."),
        (("procore", "connect", "--company", "1"), "PROCORE_CLIENT_ID"),
    ],
)
def test_a_failure_is_a_sentence_and_exit_code_2(words: tuple[str, ...], sentence: str) -> None:
    done = connector(*words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_check_says_what_is_met_and_what_is_not(folder: Path, tmp_path: Path) -> None:
    good, bad = str(folder / "compliant.pdf"), str(folder / "not-compliant.pdf")
    rules = ("--rules", "standard-subcontractor", "--legal-name", "Summit Builders Inc")
    environ = {"CONNECTOR_DATA_DIR": str(tmp_path)}
    assert connector("check", good, *rules, environ=environ).returncode == 0
    done = connector("check", bad, *rules, "--json", environ=environ)
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "non_compliant"
    unnamed = connector("check", good, *rules[:2], environ=environ)
    assert unnamed.returncode == 3, "without our legal name the holder is in doubt"
    assert "our own legal" in unnamed.stdout


def test_keys_create_prints_the_key_alone_on_the_last_line(tmp_path: Path) -> None:
    environ = {"CONNECTOR_DATA_DIR": str(tmp_path)}
    first = connector("keys", "create", "Zapier", environ=environ)
    second = connector("keys", "create", "Make", environ=environ)
    keys = [done.stdout.splitlines()[-1] for done in (first, second)]
    assert all(key.startswith("coi_") and " " not in key for key in keys)
    assert len(set(keys)) == 2
    listed = connector("keys", "list", environ=environ).stdout
    assert "Zapier" in listed
    assert keys[0] not in listed


def test_a_broken_rule_file_stops_the_start_with_file_line_and_nearest_word(
    tmp_path: Path,
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    file = rules / "standard-subcontractor.yaml"
    file.write_text(
        file.read_text().replace(
            "general_liability.each_occurrence", "general_liability.each_ocurrence"
        )
    )
    environ = {"CONNECTOR_RULES_DIR": str(rules), "CONNECTOR_DATA_DIR": str(tmp_path / "data")}
    done = connector("serve", "--port", "8999", environ=environ)
    assert done.returncode == 2
    assert "standard-subcontractor.yaml, line" in done.stderr
    assert "Did you mean “general_liability.each_occurrence”?" in done.stderr


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        environ = {"CONNECTOR_DATA_DIR": str(tmp_path), "LISTEN_ON": "127.0.0.1"}
        done = connector("serve", "--port", port, environ=environ)
    assert done.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert not (tmp_path / "connector.db").exists()


def test_the_data_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    connector("keys", "create", "Zapier", environ={"CONNECTOR_DATA_DIR": str(folder)})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def modes(folder: Path) -> dict[str, str]:
    """What others of the machine may do with each file and folder in there."""
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode) & 0o077)
        for path in folder.rglob("*")
    }


def test_what_is_written_into_a_folder_that_was_there_is_for_its_owner_alone(
    folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    environ = {"CONNECTOR_DATA_DIR": str(data)}
    for words in (
        ("keys", "create", "Zapier"),
        ("db", "migrate"),
        ("db", "backup", str(data / "backup.tar.gz")),
        ("parse", str(folder / "compliant.pdf"), "--out", str(data / "out.csv")),
    ):
        done = connector(*words, environ=environ)
        assert done.returncode == 0, done.stderr
    found = modes(data)
    assert {"connector.db", "secret.key", "backup.tar.gz"} <= found.keys()
    assert set(found.values()) == {"0o0"}, found


def test_a_narrow_terminal_loses_no_word_of_a_refusal(tmp_path: Path) -> None:
    for name in ("a-rather-long-name-of-a-certificate.pdf", "notes.pdf"):
        (tmp_path / name).write_text("not a certificate")
    done = connector("parse", str(tmp_path), environ={"COLUMNS": "60"})
    said = done.stdout.split()
    assert said.count("TIFF.") == 2, "the last word of each sentence"


def test_rules_that_changed_under_the_same_version_stop_the_start(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    environ = {
        "CONNECTOR_RULES_DIR": str(rules),
        "CONNECTOR_DATA_DIR": str(tmp_path / "data"),
        "CONNECTOR_SHARED_DISK": "1",
        "PORT": "0",
    }
    connector("db", "migrate", environ=environ)
    prepared = "from connector.cli.serve import settings_of; from connector.wiring.prepare import prepare; prepare(settings_of())"
    subprocess.run(
        [sys.executable, "-c", prepared], env={**os.environ, **environ}, cwd=ROOT, check=True
    )
    file = rules / "standard-subcontractor.yaml"
    file.write_text(file.read_text().replace("at_least: 1000000", "at_least: 500000", 1))
    done = connector("worker", environ=environ)
    assert done.returncode == 2
    assert "its version is still" in done.stderr


def test_the_firms_own_names_are_set_and_shown(tmp_path: Path) -> None:
    environ = {"CONNECTOR_DATA_DIR": str(tmp_path)}
    said = ("--legal-name", "Summit Builders Inc", "--time-zone", "America/Chicago")
    assert connector("account", "set", *said, environ=environ).returncode == 0
    shown = connector("account", "show", environ=environ).stdout
    assert "Summit Builders Inc" in shown
    assert "America/Chicago" in shown
    wrong = connector("account", "set", "--time-zone", "Chicago", environ=environ)
    assert "America/Chicago" in wrong.stderr


def test_a_log_that_goes_on_in_another_file_is_said(tmp_path: Path) -> None:
    environ = {"CONNECTOR_DATA_DIR": str(tmp_path)}
    said = connector("account", "set", "--log-format", "xlsx", environ=environ).stdout
    assert "goes on in certificates.xlsx; the rows written so far stay in certificates.csv" in said
    said = connector("account", "set", "--log-format", "xlsx", environ=environ).stdout
    assert "goes on" not in said
