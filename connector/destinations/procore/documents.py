"""The certificate's PDF into Procore: uploaded in segments, then placed where people look.

No documented route attaches a file to an insurance record, so it goes to the company's or the
project's Documents, or to a commitment as a compliance document of type "other" (there is no
type for insurance). Source: procore/documentation, tutorials/tutorial_uploads.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.delivery import Paper
from connector.destinations.procore.client import PATIENCE, Procore
from connector.destinations.procore.commitments import Commitment
from connector.destinations.procore.folders import folder_path, read_folder
from connector.errors import DestinationUnavailable, FetchFailed
from connector.outbound import Outbound

SEGMENT_BYTES = 25 * 1024 * 1024
"""Procore takes 5 MB to 5 GB a segment; only the last may be smaller."""

MARK = 8
"""Letters of a document's fingerprint that its name carries."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the document stands: Procore's id and its name there, and a link to its bytes."""

    id: int
    name: str
    url: str | None


def place_in_folder(
    client: Procore, http: Outbound, paper: Paper, folder_id: int | None = None
) -> Placed:
    """The document in a folder of the connection's company or project; the topmost without an id.

    The name carries the document's fingerprint, so the same document is placed once.
    """
    name = marked(paper)
    folder = read_folder(client, folder_id)
    for file in folder.files:
        if file.get("name") == name:
            return _placed(file, name)
    path, params = folder_path(client.preferences)
    body: dict[str, Any] = {"parent_id": folder.id, "name": name, "unique_name": False}
    body["upload_uuid"] = upload(client, http, paper.read(), name)
    made = client.post(path.replace("/folders", "/files"), {"file": body}, params)
    for version in made.get("file_versions") or ():
        paper.filed(version_key(version))
    return _placed(made, name)


def place_on_commitment(
    client: Procore, http: Outbound, paper: Paper, commitment: Commitment
) -> Placed:
    """The document as a compliance document of a commitment, once."""
    name = marked(paper)
    path = f"{commitment.path}/compliance_documents"
    for document in client.pages(path):
        if document.get("name") == name:
            return _placed(document, name)
    attributes = {
        "name": name,
        "type": "other",
        "send_expiration_notification": False,
        "upload_ids": [upload(client, http, paper.read(), name)],
    }
    made = client.post(path, {"attributes": attributes})
    for file in made.get("attachments") or ():
        paper.filed(attachment_key(file))
    return _placed(made, name)


def version_key(version: Mapping[str, Any]) -> str:
    """What names this very version of a file in Documents."""
    return f"file-version-{version['id']}"


def attachment_key(file: Mapping[str, Any]) -> str:
    """What names this very file behind a vendor, an insurance or a compliance document."""
    return f"attachment-{file['id']}"


def upload(client: Procore, http: Outbound, data: bytes, name: str) -> str:
    """The uuid of a finished upload; Procore forgets it after a week unless it is placed."""
    path = f"/rest/v1.1{client.preferences.directory.removeprefix('/rest/v1.0')}/uploads"
    segments = [_segment(part) for part in _parts(data)]
    asked = {
        "response_filename": name,
        "response_content_type": "application/pdf",
        "size": len(data),
        "segments": segments,
    }
    opened = client.post(path, asked)
    tags = [
        _store(http, target, part)
        for target, part in zip(opened["segments"], _parts(data), strict=True)
    ]
    done = [{**segment, "etag": tag} for segment, tag in zip(segments, tags, strict=True)]
    client.patch(f"{path}/{opened['uuid']}", {"segments": done})
    return str(opened["uuid"])


def _parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, max(len(data), 1), SEGMENT_BYTES):
        yield data[start : start + SEGMENT_BYTES]


def _segment(part: bytes) -> dict[str, Any]:
    return {
        "size": len(part),
        "sha256": hashlib.sha256(part).hexdigest(),
        "md5": hashlib.md5(part, usedforsecurity=False).hexdigest(),
    }


def _store(http: Outbound, target: Mapping[str, Any], part: bytes) -> str:
    """Sends one segment to the storage host, which must never see our token. Answers its ETag."""
    try:
        answer = http.request(
            "PUT",
            str(target["url"]),
            headers=dict(target.get("headers") or {}),
            body=part,
            patience=PATIENCE,
        )
    except FetchFailed as error:
        raise DestinationUnavailable("Procore's storage did not answer. Try again.") from error
    tag = answer.headers.get("ETag")
    if answer.status != 200 or not tag:
        raise DestinationUnavailable(
            f"Procore's storage did not take the document ({answer.status}). Try again."
        )
    return tag


def marked(paper: Paper) -> str:
    """ "northfield.jpg" -> "northfield [9f86d081].pdf"."""
    stem = paper.name.rsplit(".", 1)[0].strip() or "certificate"
    return f"{stem} [{paper.sha256[:MARK]}].pdf"


def _placed(made: Mapping[str, Any], name: str) -> Placed:
    shown = (made.get("file_versions") or made.get("attachments") or [{}])[-1]
    return Placed(int(made["id"]), name, shown.get("url"))
