"""A certificate that somebody put into Procore: what an event means, and fetching the document.

An event carries no values, so what it names is fetched again by id. Source: procore/documentation,
webhooks; best_practices/secure_file_access_tips.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.destinations.procore.client import PATIENCE, Procore
from connector.destinations.procore.commitments import Commitment, commitments
from connector.destinations.procore.documents import attachment_key, version_key
from connector.destinations.procore.folders import is_inside, read_tree
from connector.errors import FetchFailed, InvalidInput
from connector.outbound import Outbound


@dataclass(frozen=True, slots=True)
class Event:
    """A change as a webhook reports it. `key` is the same when it is delivered twice.

    `user_id` and `application_id` say who made the change, where the payload version tells.
    """

    key: str
    resource: str
    resource_id: int
    kind: str
    company_id: int
    project_id: int | None = None
    user_id: int | None = None
    application_id: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A file in Procore. `key` names this very version of it."""

    key: str
    name: str
    url: str
    vendor_id: int | None = None


def event(payload: Any) -> Event:
    """A delivery of payload version v2.0, v3.0 or v4.0. InvalidInput for anything else."""
    try:
        return _event(payload)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("This is no Procore webhook delivery.") from error


def _event(payload: Mapping[str, Any]) -> Event:
    metadata = payload.get("metadata") or {}
    application = metadata.get("source_application_id")
    return Event(
        key=str(payload.get("ulid") or payload["id"]),
        resource=str(payload.get("resource_name") or payload["resource_type"]),
        resource_id=int(payload["resource_id"]),
        kind=str(payload.get("event_type") or payload["reason"]),
        company_id=int(payload["company_id"]),
        project_id=_number(payload.get("project_id")),
        user_id=_number(payload.get("user_id") or metadata.get("source_user_id")),
        application_id=str(application) if application else None,
    )


def _number(value: Any) -> int | None:
    return int(value) if value else None


def is_own(happened: Event, client_id: str, user_id: int | None) -> bool:
    """Whether the change is our own write: by application, or else by our service account's user."""
    if happened.application_id is not None:
        return happened.application_id == client_id
    return user_id is not None and happened.user_id == user_id


def documents_of(
    client: Procore, happened: Event, folder_id: int | None = None
) -> list[IncomingDocument]:
    """The documents that an event is about, as they stand now. NotVisible when they are gone.

    A new version of a file is reported by the version's own id, which nothing can be read by, so
    the watched folder is read instead. An insurance record shows no files of its own: they stand
    behind the commitments of its vendor (`on_commitment`), in a project.
    """
    if happened.resource.endswith("File Versions"):
        return in_folder(client, folder_id)
    if happened.resource.endswith("Files"):
        file = _file(client, happened)
        watched = folder_id is None or is_inside(client, file, folder_id)
        return _versions([file]) if watched else []
    if happened.resource.endswith("Vendors"):
        return vendor_documents(client, happened.resource_id)
    if happened.resource == "Project Insurances" and client.preferences.project_id is not None:
        record = client.get(f"{client.preferences.directory}/insurances/{happened.resource_id}")
        return on_commitments(client, int(record["vendor_id"]))
    return []


def _file(client: Procore, happened: Event) -> Mapping[str, Any]:
    """A company's file is read in the company, a project's in that project."""
    params: dict[str, Any] = {}
    path = f"/rest/v1.0/companies/{client.preferences.company_id}/files"
    if happened.project_id is not None:
        path, params = "/rest/v1.0/files", {"project_id": happened.project_id}
    found: Mapping[str, Any] = client.get(f"{path}/{happened.resource_id}", params)
    return found


def in_folder(client: Procore, folder_id: int | None = None) -> list[IncomingDocument]:
    """The documents in a folder of the connection's company or project and in those inside it:
    what a poll compares."""
    return _versions(read_tree(client, folder_id).files)


def vendor_documents(client: Procore, vendor_id: int) -> list[IncomingDocument]:
    """The files attached to a vendor."""
    params = {"company_id": client.preferences.company_id, "view": "extended"}
    shown = client.get(f"/rest/v1.0/vendors/{vendor_id}", params)
    return _attachments(shown.get("attachments") or (), vendor_id)


def on_vendors(client: Procore) -> list[IncomingDocument]:
    """The files attached to any vendor of the connection's directory."""
    prefs = client.preferences
    path, params = "/rest/v1.1/vendors", {"view": "extended", "company_id": prefs.company_id}
    if prefs.project_id is not None:
        path, params = f"/rest/v1.1/projects/{prefs.project_id}/vendors", {"view": "extended"}
    return [
        document
        for vendor in client.pages(path, params)
        for document in _attachments(vendor.get("attachments") or (), int(vendor["id"]))
    ]


def on_commitments(client: Procore, vendor_id: int | None = None) -> list[IncomingDocument]:
    """The files behind the project's commitments, or those of one vendor. One request for each."""
    return [
        document
        for commitment in commitments(client, vendor_id)
        for document in on_commitment(client, commitment, vendor_id)
    ]


def on_commitment(
    client: Procore, commitment: Commitment, vendor_id: int | None = None
) -> list[IncomingDocument]:
    """The files behind a commitment's compliance tab, those of insurance records included.

    It is the only documented view of files that are attached to an insurance record.
    """
    shown = client.get(f"{commitment.path}/compliance")
    documents = [*(shown.get("insurance_documents") or ()), *(shown.get("compliance_documents") or ())]  # fmt: skip
    files = [file for document in documents for file in document.get("attachments") or ()]
    return _attachments(files, vendor_id)


def _attachments(
    files: Iterable[Mapping[str, Any]], vendor_id: int | None
) -> list[IncomingDocument]:
    return [
        IncomingDocument(
            attachment_key(file),
            str(file.get("filename") or file.get("name") or "certificate.pdf"),
            str(file["url"]),
            vendor_id,
        )
        for file in files
    ]


def _versions(files: Iterable[Mapping[str, Any]]) -> list[IncomingDocument]:
    found = []
    for file in files:
        versions = sorted(file.get("file_versions") or (), key=lambda v: int(v.get("number") or 0))
        if versions and not file.get("is_deleted"):
            newest = versions[-1]
            address = str(newest["url"])
            found.append(IncomingDocument(version_key(newest), str(file["name"]), address))
    return found


def download(client: Procore, http: Outbound, url: str, limit: int) -> bytes:
    """The document's bytes, at most `limit`: FetchFailed or TooLarge otherwise.

    The host may be any. Our token goes to Procore only, and the door drops it on a redirect to
    another host.
    """
    headers = client.login() if client.is_procore(url) else {}
    answer = http.request("GET", url, headers=headers, most_bytes=limit, patience=PATIENCE)
    if not answer.is_success:
        raise FetchFailed(f"Procore did not give the file ({answer.status}). Try again later.")
    return answer.data
