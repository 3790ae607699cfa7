"""The six blueprints map only keys that are answered, and a wrong one would be found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.make.blueprints import findings, nodes
from tests.catalog.make.source import ROOT, load

APP = load()
PATHS = sorted((ROOT / "blueprints").glob("*/*.json"))

Blueprint = dict[str, Any]


def read(path: Path) -> Blueprint:
    found: Blueprint = json.loads(path.read_text())
    return found


def test_three_need_no_app_and_three_use_it() -> None:
    assert [path.parent.name for path in PATHS] == ["app"] * 3 + ["http"] * 3
    for path in PATHS:
        uses = any(node["module"].startswith("app#") for node in nodes(read(path)["flow"]))
        assert uses == (path.parent.name == "app")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_mapped_key_is_answered(path: Path) -> None:
    assert findings(read(path), APP) == []


def node(blueprint: Blueprint, id: int) -> dict[str, Any]:
    return next(found for found in nodes(blueprint["flow"]) if found["id"] == id)


def _a_key_that_is_not_answered(it: Blueprint) -> None:
    node(it, 5)["mapper"]["subject"] = "{{3.data.insured}}"


def _a_module_that_comes_later(it: Blueprint) -> None:
    node(it, 3)["mapper"]["formDataFields"][1]["value"] = "{{9.data.insured_name}}"


def _a_module_on_another_route(it: Blueprint) -> None:
    node(it, 5)["mapper"]["subject"] = "{{9.data.insured_name}}"


def _an_input_that_is_not_taken(it: Blueprint) -> None:
    node(it, 3)["mapper"]["formDataFields"][1]["key"] = "mail"


def _an_expression_that_cannot_be_checked(it: Blueprint) -> None:
    node(it, 5)["mapper"]["subject"] = "{{3[1]}}"


def _an_id_twice(it: Blueprint) -> None:
    node(it, 5)["id"] = 6


def _somebodys_connection(it: Blueprint) -> None:
    node(it, 1)["parameters"]["account"] = 4711


def _a_filter_at_the_beginning(it: Blueprint) -> None:
    it["flow"][0]["filter"] = {"conditions": []}


def _a_key_that_was_filled_in(it: Blueprint) -> None:
    node(it, 3)["mapper"]["headers"][0]["value"] = "Bearer coi_real"


def _a_router_that_maps(it: Blueprint) -> None:
    node(it, 4)["mapper"] = {}


def _a_verdict_that_goes_nowhere(it: Blueprint) -> None:
    del node(it, 4)["routes"][2]


def _nobody_to_write_to(it: Blueprint) -> None:
    del node(it, 4)["routes"][-1]


@pytest.mark.parametrize(
    "spoil",
    [
        _a_key_that_is_not_answered,
        _a_module_that_comes_later,
        _a_module_on_another_route,
        _an_input_that_is_not_taken,
        _an_expression_that_cannot_be_checked,
        _an_id_twice,
        _somebodys_connection,
        _a_filter_at_the_beginning,
        _a_key_that_was_filled_in,
        _a_router_that_maps,
        _a_verdict_that_goes_nowhere,
        _nobody_to_write_to,
    ],
)
def test_a_broken_blueprint_is_found(spoil: Callable[[Blueprint], None]) -> None:
    blueprint = copy.deepcopy(read(ROOT / "blueprints/http/certificate-by-mail.json"))
    spoil(blueprint)
    assert findings(blueprint, APP)


def test_a_wrong_key_of_the_app_is_found() -> None:
    blueprint = read(ROOT / "blueprints/app/check-again.json")
    node(blueprint, 4)["mapper"]["certificate"] = node(blueprint, 4)["mapper"].pop("certificate_id")
    assert findings(blueprint, APP) == ["module 4: certificate", "module 4: certificate_id"]
