"""The certificate's PDF filed where the connection asks for it, and what the notes say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.delivery import Delivery, Paper
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import commitments
from connector.destinations.procore.documents import Placed, place_in_folder, place_on_commitment
from connector.errors import ConnectorError, NotFound
from connector.outbound import Outbound


@dataclass(frozen=True, slots=True)
class Filed:
    """`note` is where a person finds the document, for the records' notes; `trouble` why it is not
    there, in a sentence."""

    note: str | None = None
    trouble: str | None = None


def file_paper(client: Procore, http: Outbound, delivery: Delivery, vendor_id: int) -> Filed:
    """File the document by the connection's switches, once, however often it is pushed.

    What Procore refuses for good is said and keeps no record from being written; what fails for
    now is raised.
    """
    paper, prefs = delivery.paper, client.preferences
    if paper is None or not (prefs.file_in_documents or prefs.file_on_commitments):
        return Filed()
    try:
        return Filed("; ".join(_places(client, http, paper, vendor_id)) or None)
    except NotFound:
        return Filed(trouble="The PDF was not filed: it is no longer kept here.")
    except ConnectorError as error:
        if error.retryable:
            raise
        return Filed(trouble=f"The PDF was not filed: {error.message}")


def _places(client: Procore, http: Outbound, paper: Paper, vendor_id: int) -> Iterator[str]:
    prefs = client.preferences
    if prefs.file_in_documents:
        placed = place_in_folder(client, http, paper, prefs.documents_folder_id)
        yield f"{placed.name} in Documents, no. {placed.id}{_link(placed)}"
    if prefs.file_on_commitments:
        found = commitments(client, vendor_id)
        for commitment in found:
            place_on_commitment(client, http, paper, commitment)
        if found:
            yield f"on the Compliance tab of {len(found)} commitments"


def _link(placed: Placed) -> str:
    """A link that lasts. One with a query is signed for a while only, and another each time."""
    if not placed.url or urlsplit(placed.url).query:
        return ""
    return f", {placed.url}"
