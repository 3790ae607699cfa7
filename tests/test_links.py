"""A signed link opens one thing, for one purpose, until one moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import LinkExpired, LinkRefused
from connector.links import sign, verify

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
NEW, OLD = "new-key", "old-key"


def test_a_link_gives_back_its_subject() -> None:
    assert verify("upload", sign("upload", "vendor_7", LATER, [NEW]), [NEW], NOW) == "vendor_7"


def test_a_link_expires_at_its_moment() -> None:
    token = sign("upload", "vendor_7", LATER, [NEW])
    assert verify("upload", token, [NEW], LATER - timedelta(seconds=1)) == "vendor_7"
    with pytest.raises(LinkExpired, match="expired"):
        verify("upload", token, [NEW], LATER)


def test_a_link_for_one_purpose_opens_no_other() -> None:
    token = sign("upload", "cert_1", LATER, [NEW])
    with pytest.raises(LinkRefused):
        verify("review", token, [NEW], NOW)


def test_a_link_made_with_the_old_key_still_opens_after_rotation() -> None:
    token = sign("upload", "vendor_7", LATER, [OLD])
    assert verify("upload", token, [NEW, OLD], NOW) == "vendor_7"
    with pytest.raises(LinkRefused):
        verify("upload", token, [NEW], NOW)


def test_after_rotation_the_new_key_signs() -> None:
    token = sign("upload", "vendor_7", LATER, [NEW, OLD])
    assert verify("upload", token, [NEW], NOW) == "vendor_7"


def test_an_expired_forgery_is_refused_not_expired() -> None:
    token = sign("upload", "vendor_7", NOW - timedelta(days=1), ["someone-else"])
    with pytest.raises(LinkRefused):
        verify("upload", token, [NEW], NOW)


def test_no_changed_character_goes_unnoticed() -> None:
    token = sign("upload", "vendor_7", LATER, [NEW])
    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        try:
            subject = verify("upload", changed, [NEW], NOW)
        except LinkRefused:
            continue
        # the last base64 digit carries spare bits: the same signature, spelled differently
        assert place == len(token) - 1
        assert subject == "vendor_7"


@given(st.text(max_size=80))
def test_garbage_is_refused_with_a_sentence(garbage: str) -> None:
    with pytest.raises(LinkRefused, match="not complete or not ours"):
        verify("upload", garbage, [NEW], NOW)


@given(subject=st.text(max_size=60), purpose=st.text(max_size=20))
def test_any_subject_survives_the_journey(subject: str, purpose: str) -> None:
    token = sign(purpose, subject, LATER, [NEW])
    assert verify(purpose, token, [NEW], NOW) == subject
    assert token.isascii()
    assert not set(token) & set(" /?#&%+")


def test_a_moment_without_a_time_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign("upload", "x", datetime(2026, 3, 1), [NEW])  # noqa: DTZ001


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(ValueError, match="no key"):
        sign("upload", "x", LATER, [])
