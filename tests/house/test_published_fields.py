"""Keys that users have mapped are added to, never renamed, moved away or removed."""

from pathlib import Path

from connector.certificate.fields import FIELDS

PUBLISHED = Path(__file__).parents[1] / "published_fields.txt"


def test_published_keys_are_still_answered_in_their_order() -> None:
    published = PUBLISHED.read_text().split()
    answered = [field.key for field in FIELDS]
    assert [key for key in answered if key in set(published)] == published


def test_every_key_is_published() -> None:
    """A new key is written into tests/published_fields.txt with the change that adds it."""
    assert {field.key for field in FIELDS} == set(PUBLISHED.read_text().split())
