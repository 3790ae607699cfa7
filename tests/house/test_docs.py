"""The pages for people name everything that can be asked for, and nothing that cannot."""

import re
from pathlib import Path

import pytest

from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs/api.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


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
