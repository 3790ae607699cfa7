"""Getting the document behind a URL that a user gave."""

from __future__ import annotations

from connector.documents.name import clean_name
from connector.outbound import Outbound, Patience

PATIENCE = Patience(connect=5, read=10, total=20)
"""A file is fetched while an automation waits, and Zapier waits 30 seconds for the whole step."""


def fetch(url: str, outbound: Outbound, *, most_bytes: int = 25 * 1024 * 1024) -> tuple[bytes, str]:
    """The bytes behind `url` and their clean name. Raises FetchFailed or a child of it, TooLarge.

    Nothing is believed of them: a share link that shows a page instead of the file is fetched
    like any other and refused by `admit`, which says what it is.
    """
    fetched = outbound.get(url, most_bytes=most_bytes, patience=PATIENCE)
    return fetched.data, clean_name(fetched.name)
