"""The pages for people name everything that can be asked for, and nothing that cannot."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from connector.settings import declared
from tests.simulators.procore.switches import Switches

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs/api.md").read_text()
DEPLOYMENT = [ROOT / "docs/deploy.md", *sorted((ROOT / "deploy").iterdir())]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_a_section(action: str) -> None:
    assert f"### {action}\n" in API


def test_no_section_is_about_an_action_that_is_gone() -> None:
    assert set(re.findall(r"^### (\w+)$", API, re.MULTILINE)) == set(ACTIONS)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_a_row(name: str) -> None:
    assert f"| `{name}` |" in API


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", DEPLOYMENT, ids=lambda page: page.name)
def test_every_variable_of_a_deployment_is_a_setting(page: Path) -> None:
    named = set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", page.read_text()))
    assert named <= {what.variable for _, what in declared()}


def test_every_switch_of_the_simulated_procore_stands_in_the_table_of_what_is_unknown() -> None:
    named = set(re.findall(r"`(\w+)`", (ROOT / "docs/house.md").read_text()))
    assert {switch.name for switch in fields(Switches)} <= named


@pytest.mark.parametrize("page", ["docs/house.md", "docs/threat-model.md"])
def test_every_test_that_a_page_names_is_there(page: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / page).read_text()))
    files = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert named
    assert named <= {name for text in files for name in re.findall(r"^def (test_\w+)", text, re.M)}
