"""The workflows for n8n map only keys that are answered, and a wrong one would be found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalog.n8n.workflows import FOLDER, Workflow, findings, node, paths, read


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_every_wire_and_every_key_is_right(path: Path) -> None:
    assert findings(read(path)) == []


def test_there_are_three_and_each_has_its_own_id() -> None:
    assert len({read(path)["id"] for path in paths()}) == 3


def _a_key_that_is_not_answered(it: Workflow) -> None:
    node(it, "Compliant")["parameters"]["responseBody"] = "={{ $json.insured }}"


def _a_failure_that_leads_nowhere(it: Workflow) -> None:
    it["connections"]["Process the certificate"]["main"].pop()


def _a_failure_that_ends_the_run(it: Workflow) -> None:
    node(it, "Process the certificate")["onError"] = "stopWorkflow"


def _a_wire_to_a_node_that_is_gone(it: Workflow) -> None:
    it["nodes"].remove(node(it, "Not compliant"))


def _an_input_that_is_not_taken(it: Workflow) -> None:
    fields = node(it, "Process the certificate")["parameters"]["bodyParameters"]["parameters"]
    fields[1]["name"] = "rules"


def _an_address_that_is_not_ours(it: Workflow) -> None:
    node(it, "Process the certificate")["parameters"]["url"] = "https://YOUR-ADDRESS/process"


def _a_key_written_down(it: Workflow) -> None:
    node(it, "Process the certificate")["parameters"]["headers"] = "Bearer coi_real"


@pytest.mark.parametrize(
    "spoil",
    [
        _a_key_that_is_not_answered,
        _a_failure_that_leads_nowhere,
        _a_failure_that_ends_the_run,
        _a_wire_to_a_node_that_is_gone,
        _an_input_that_is_not_taken,
        _an_address_that_is_not_ours,
        _a_key_written_down,
    ],
)
def test_a_broken_workflow_is_found(spoil: Callable[[Workflow], None]) -> None:
    workflow = read(FOLDER / "certificate-by-webhook.json")
    spoil(workflow)
    assert findings(workflow)
