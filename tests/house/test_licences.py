"""What we install may be used as this project is: nothing under the AGPL among the packages."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
AFFERO = re.compile(r"\bAGPL|Affero", re.IGNORECASE)


def licence_of(package: metadata.Distribution) -> str:
    """Everything that the package's own description says of its licence."""
    about = package.metadata
    said = [about.get("License-Expression"), about.get("License"), *about.get_all("Classifier", [])]
    return " | ".join(text for text in said if text and len(text) < 200)


def test_no_installed_package_is_under_the_agpl() -> None:
    installed = list(metadata.distributions())
    assert len(installed) > 50
    assert not [each.name for each in installed if AFFERO.search(licence_of(each))]


def test_every_package_is_pinned_as_it_was_tested() -> None:
    plain = re.compile(r"[-_.]+")
    pinned = {
        plain.sub("-", name).lower(): version
        for name, _, version in (
            line.partition("==") for line in (ROOT / "constraints.txt").read_text().splitlines()
        )
        if version
    }
    declared = re.findall(
        r'^    "([A-Za-z0-9_.-]+)(?:\[\w+\])?==([^";]+)',
        (ROOT / "pyproject.toml").read_text(),
        re.M,
    )
    assert len(declared) > 40
    for name, version in declared:
        assert pinned.get(plain.sub("-", name).lower()) == version.strip(), name
