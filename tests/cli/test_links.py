"""Links for people outside, made and taken back from the command line."""

from __future__ import annotations

from pathlib import Path

from connector.certificate.names import normalise
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.storage import sent_links, vendors
from connector.storage.accounts import FIRST_ACCOUNT
from tests.cli.conftest import Run
from tests.storage.databases import NOW


def test_a_link_is_made_listed_and_taken_back(connector: Run, tmp_path: Path) -> None:
    name = "Northfield Roofing"
    with sessions_here(settings_of())() as session, session.begin():
        account_id = account_named(session, FIRST_ACCOUNT).id
        vendors.resolve(
            session,
            account_id,
            name=name,
            normalised_name=normalise(name),
            external_id="V-9",
            now=NOW,
        )
    made = connector("links", "make", "V-9", "--project", "Harbor Yard").splitlines()
    assert "/u/" in made[-1]
    with sessions_here(settings_of())() as session:
        (link,) = sent_links.search(session, account_id)
    assert (link.project, link.user_id, link.key_id) == ("Harbor Yard", None, None)
    listed = connector("links", "list", "--vendor", "V-9")
    assert "open" in listed
    assert made[-1].rpartition("/u/")[2] not in listed
    assert "opens nothing any more" in connector("links", "end", link.id)
    assert "ended" in connector("links", "list")
    assert "no such link" in connector("links", "end", "link_X")
