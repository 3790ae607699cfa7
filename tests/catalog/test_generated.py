"""The generated files say what the registry says, and never lose a key that a Zap may use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector.actions.action import Action
from connector.actions.check_certificate import ACTION as CHECK
from connector.actions.events import EVENTS
from connector.actions.inputs import Input, text
from connector.actions.lists import LISTS
from connector.actions.parse_certificate import ACTION as PARSE
from connector.actions.registry import ACTIONS
from connector.catalog import generated
from connector.catalog.make.app import documents
from connector.catalog.released import KeyLost
from connector.catalog.zapier.definition import definition
from connector.certificate.field import Field, Kind
from connector.certificate.fields import FIELDS

ROOT = Path(__file__).parents[2]


def written(folder: Path) -> dict[str, Any]:
    generated.write(folder)
    found: dict[str, Any] = json.loads(
        (folder / "zap_schemas" / "generated" / "definition.json").read_text()
    )
    return found


def test_the_files_in_the_project_are_current() -> None:
    stale = [str(path.relative_to(ROOT)) for path in generated.stale(ROOT)]
    assert not stale, "run `connector catalog write`"


def test_what_was_written_is_not_stale_and_a_change_by_hand_is(tmp_path: Path) -> None:
    written(tmp_path)
    assert generated.stale(tmp_path) == {}
    path = tmp_path / "zap_schemas" / "generated" / "definition.json"
    path.write_text(path.read_text().replace("Parse Certificate", "Read Certificate"))
    assert list(generated.stale(tmp_path)) == [path]


def test_every_action_event_and_named_list_is_there() -> None:
    found = definition()
    assert {*found["creates"], *found["searches"]} == set(ACTIONS)
    assert len(found["triggers"]) == len(EVENTS)
    assert {part["service"]["path"] for part in found["lists"].values()} <= {
        listing.path for listing in LISTS.values()
    }


def test_an_action_added_to_the_registry_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIONS, "waive", replace(CHECK, name="waive", title="Waive Requirement"))
    assert definition()["creates"]["waive"]["display"]["label"] == "Waive Requirement"
    made = documents()
    assert (
        made["makecomapp.json"]["components"]["module"]["waive"]["label"] == "Waive a requirement"
    )
    assert made["modules/waive/waive.communication.iml.json"][0]["url"] == "/v1/actions/waive"
    assert "waive" in made["modules/groups.json"][0]["modules"]


class Rename(Input):
    certificate_id = text("Certificate", help="The one to rename.", required=True, choices_from="certificates")  # fmt: skip
    new_name = text("New name", help="Write what it is called from now on.")


RENAME = Action(
    name="rename_certificate",
    title="Rename Certificate",
    description="Gives a certificate another name.",
    input=Rename,
    fields=(Field("old_name", "Old name", Kind.TEXT, "a.pdf"), Field("renamed", "Renamed", Kind.FLAG, True)),
    run=lambda *_: {},
)  # fmt: skip


def test_an_action_of_its_own_fields_is_written_whole_for_both_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One entry in the registry, and `connector catalog write`: nothing else is touched."""
    monkeypatch.setitem(ACTIONS, RENAME.name, RENAME)
    operation = written(tmp_path)["creates"]["rename_certificate"]["operation"]
    asked = {field["key"]: field for field in operation["inputFields"]}
    assert list(asked) == ["certificate_id", "new_name", "deduplication_key"]
    assert asked["certificate_id"]["dynamic"].startswith("list_certificates.certificate_id.")
    assert [field["label"] for field in operation["outputFields"]][-2:] == ["Old Name", "Renamed"]
    assert operation["outputFields"][-2]["sample"] == operation["sample"]["old_name"] == "a.pdf"
    folder = tmp_path / "make_modules"
    manifest = json.loads((folder / "makecomapp.json").read_text())
    module = manifest["components"]["module"]["renameCertificate"]
    assert module["label"] == "Rename a certificate"
    for path in module["codeFiles"].values():
        assert (folder / path).is_file(), path
    interface = json.loads((folder / module["codeFiles"]["interface"]).read_text())
    assert [field["name"] for field in interface][-2:] == ["old_name", "renamed"]
    assert "**Rename a certificate**" in (folder / "README.md").read_text()


@pytest.mark.parametrize("kind", ["creates", "searches", "triggers"])
def test_every_output_field_has_label_type_and_the_models_sample(kind: str) -> None:
    for part in definition()[kind].values():
        operation = part["operation"]
        for field in operation["outputFields"]:
            assert field["label"]
            assert field["type"]
            assert field["sample"] == operation["sample"].get(field["key"])


def test_an_event_added_to_the_registry_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(EVENTS["push.failed"], name="coverage.changed", title="Coverage Changed")
    monkeypatch.setitem(EVENTS, changed.name, changed)
    assert definition()["triggers"]["coverage_changed"]["service"]["event"] == "coverage.changed"
    module = documents()["makecomapp.json"]["components"]["module"]["watchCoverageChanged"]
    assert (module["label"], module["webhook"]) == (
        "Watch coverage changed events",
        "coverageChanged",
    )


def test_what_is_left_over_in_the_app_for_make_is_removed(tmp_path: Path) -> None:
    written(tmp_path)
    left = tmp_path / "make_modules" / "modules" / "old" / "old.interface.iml.json"
    left.parent.mkdir()
    left.write_text("[]")
    assert generated.stale(tmp_path) == {left: None}
    generated.write(tmp_path)
    assert not left.exists()


def test_a_search_brings_its_dropdowns_and_search_or_create(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found_one = replace(PARSE, name="find_certificate", is_search=True, takes_document=False)
    monkeypatch.setitem(ACTIONS, "find_certificate", found_one)
    made = definition()
    assert "find_certificate" not in made["creates"]
    assert made["searches"]["find_certificate"]["service"]["found"] == "certificate_id"
    assert made["searchOrCreates"]["find_certificate"]["create"] == "parse_certificate"
    asked = made["creates"]["check_certificate"]["operation"]["inputFields"]
    field = next(field for field in asked if field["key"] == "certificate_id")
    assert field["search"] == "find_certificate.certificate_id"


def test_every_flat_key_is_an_output_in_its_order() -> None:
    outputs = definition()["creates"]["parse_certificate"]["operation"]["outputFields"]
    keys = [field["key"] for field in outputs]
    assert keys == [field.key for field in PARSE.output_fields]
    assert keys[-len(FIELDS) :] == [field.key for field in FIELDS]


def test_a_key_that_goes_stops_the_writing(tmp_path: Path) -> None:
    written(tmp_path)
    lock = tmp_path / "zap_schemas" / "released_keys.txt"
    lock.write_text(lock.read_text() + "creates.parse_certificate.inputFields.colour\n")
    with pytest.raises(KeyLost, match=r"inputFields\.colour would break"):
        generated.write(tmp_path)


def test_a_new_key_is_locked_from_then_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)

    class Wider(CHECK.input):  # type: ignore[misc,name-defined]
        colour = text("Colour", help="The colour of the certificate's paper.")

    with monkeypatch.context() as patched:
        patched.setitem(ACTIONS, CHECK.name, replace(CHECK, input=Wider))
        generated.write(tmp_path)
    assert (tmp_path / "zap_schemas" / "released_keys.txt").read_text().count("colour") == 1
    with pytest.raises(KeyLost):
        generated.stale(tmp_path)


def test_one_field_stands_on_one_line_where_it_fits() -> None:
    text = generated.as_json({"a": [{"key": "x"}, {"key": "y" * 200, "z": 1}]})
    assert '    {"key": "x"},\n' in text
    assert json.loads(text) == {"a": [{"key": "x"}, {"key": "y" * 200, "z": 1}]}


@pytest.mark.parametrize("kind", ["creates", "searches", "triggers"])
def test_the_page_for_people_names_every_step_and_trigger(kind: str) -> None:
    page = (ROOT / "docs/zapier.md").read_text()
    rows = [f"| {part['display']['label']} | `{key}` |" for key, part in definition()[kind].items()]
    assert [row for row in rows if row not in page] == []


def test_the_page_for_people_names_every_module_of_make_and_no_other() -> None:
    page = (ROOT / "docs/make.md").read_text()
    modules = documents()["makecomapp.json"]["components"]["module"]
    rows = {f"| {about['label']} | `{key}` |" for key, about in modules.items()}
    assert {row for row in rows if row not in page} == set()
    table = page.partition("## What the app offers")[2].partition("Good to know")[0]
    assert table.count("\n| ") == len(rows) + 1
