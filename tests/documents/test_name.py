"""Names come from strangers and end up in folders, headers and pages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.documents.name import NAME_LIMIT, clean_name


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("COI Acme 2026.pdf", "COI Acme 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\coi.pdf", "coi.pdf"),
        ("/var/data/", "document"),
        ("..", "document"),
        ("", "document"),
        ("...hidden", "hidden"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("coi\u202efdp.exe", "coifdp.exe"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("  a \t  b .pdf. ", "a b .pdf"),
        ('<b>"x"|?*.pdf', "_b__x____.pdf"),
        ("Zertifikat Müller.pdf", "Zertifikat Müller.pdf"),
        ("Mu\u0308ller.pdf", "Müller.pdf"),
        ("保険.pdf", "保険.pdf"),
        ("x" * 300 + ".pdf", "x" * (NAME_LIMIT - 4) + ".pdf"),
        ("x" * 300, "x" * NAME_LIMIT),
    ],
)
def test_a_name_is_made_plain(given_name: str, clean: str) -> None:
    assert clean_name(given_name) == clean


@given(st.text(max_size=400))
def test_no_name_is_dangerous(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= NAME_LIMIT
    assert not set(clean) & set('/\\<>:"|?*\n\r\x00')
    assert not clean.startswith(".")
    assert not any(unicodedata.category(c)[0] == "C" for c in clean)
    assert clean_name(clean) == clean
