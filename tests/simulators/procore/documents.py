"""Uploads v1.1 (plain and segmented), the storage behind them, folders and files."""

from __future__ import annotations

import hashlib
import secrets
from email.message import Message
from typing import Any

from tests.simulators.procore.routing import Answer, Given, page, route
from tests.simulators.procore.webhooks import fire
from tests.simulators.procore.world import COMPANY, Record, Refusal, World

SMALLEST_SEGMENT = 5 * 1024 * 1024


@route("createCompanyUpload", "createProjectUpload")
def create_upload(world: World, given: Given) -> Answer:
    uuid = secrets.token_hex(13).upper()
    segments = given.body.get("segments")
    upload: Record = {"uuid": uuid, "name": given.body["response_filename"], "status": "ready"}
    world.uploads[uuid] = upload | {"user_id": given.user_id, "segments": segments, "parts": {}}
    if segments is None:
        fields = {"key": uuid, "policy": secrets.token_hex(8)}
        world.uploads[uuid]["fields"] = fields
        return Answer(201, {"uuid": uuid, "url": f"{given.base}/storage/{uuid}", "fields": fields})
    _check_sizes(world, segments)
    shown = [_segment(given, uuid, index, each) for index, each in enumerate(segments)]
    return Answer(201, {"uuid": uuid, "status": "ready", "segments": shown})


def _check_sizes(world: World, segments: list[Record]) -> None:
    if any("size" not in each or "sha256" not in each for each in segments):
        raise Refusal(world.switches.validation_status, {"segments": ["need size and sha256"]})
    if any(each["size"] < SMALLEST_SEGMENT for each in segments[:-1]):
        raise Refusal(world.switches.validation_status, {"segments": ["are too small"]})


def _segment(given: Given, uuid: str, index: int, asked: Record) -> Record:
    url = f"{given.base}/storage/{uuid}/{index}"
    return {"size": asked["size"], "sha256": asked["sha256"], "url": url, "headers": {"x-amz-content-sha256": asked["sha256"]}}  # fmt: skip


@route("showCompanyUpload", "showProjectUpload")
def show_upload(world: World, given: Given) -> Answer:
    upload = _upload(world, given.path["uuid"])
    return Answer(200, {"uuid": upload["uuid"], "status": upload["status"], "segments": []})


def _upload(world: World, uuid: str) -> Record:
    if uuid not in world.uploads:
        raise Refusal(404, "Not Found")
    return world.uploads[uuid]


@route("completeCompanyUpload", "completeProjectUpload")
def complete_upload(world: World, given: Given) -> Answer:
    upload = _upload(world, given.path["uuid"])
    tags = [each.get("etag") for each in given.body["segments"]]
    parts = [upload["parts"].get(index) for index in range(len(upload["segments"] or ()))]
    if any(part is None for part in parts) or tags != [_etag(part) for part in parts]:
        raise Refusal(422, {"segments": ["do not match what was stored"]})
    world.contents[upload["uuid"]] = b"".join(parts)
    upload["status"] = "complete"
    return Answer(200, {"uuid": upload["uuid"], "status": "complete", "segments": []})


def _etag(data: bytes) -> str:
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


def storage(world: World, method: str, path: str, headers: Message, data: bytes) -> Answer:
    """The storage host. It takes no bearer token with an upload: those must not leave Procore."""
    world.stored.append(dict(headers.items()))
    if headers.get("Authorization") and method != "GET":
        return Answer(400, "Only one auth mechanism allowed")
    _, _, uuid, *index = path.split("/")
    with world.lock:
        upload = world.uploads.get(uuid)
        if method == "GET" and uuid in world.contents:
            return Answer(200, world.contents[uuid])
        if upload is None:
            return Answer(403, "Request has expired")
        if method == "PUT" and index:
            return _put(upload, int(index[0]), headers, data)
        return Answer(204, None) if _post(world, upload, headers, data) else Answer(403, "no")


def _put(upload: Record, index: int, headers: Message, data: bytes) -> Answer:
    asked = upload["segments"][index]
    digest = hashlib.sha256(data).hexdigest()
    if digest != asked["sha256"] or headers.get("x-amz-content-sha256") != digest:
        return Answer(400, "XAmzContentSHA256Mismatch")
    upload["parts"][index] = data
    return Answer(200, None, {"ETag": _etag(data)})


def _post(world: World, upload: Record, headers: Message, data: bytes) -> bool:
    """A multipart form: every field unchanged, then `file`."""
    boundary = str(headers.get_boundary()).encode()
    parts = [part.strip(b"\r\n") for part in data.split(b"--" + boundary)[1:-1]]
    bodies = {part.partition(b"\r\n\r\n")[0]: part.partition(b"\r\n\r\n")[2] for part in parts}
    named = {str(h).split('name="')[1].split('"')[0]: body for h, body in bodies.items()}
    if any(named.get(k) != v.encode() for k, v in upload["fields"].items()) or "file" not in named:
        return False
    world.contents[upload["uuid"]] = named["file"]
    upload["status"] = "complete"
    return True


def _project(world: World, given: Given) -> int | None:
    """The project whose Documents are meant, None for the company's."""
    if not world.switches.documents_permission:
        raise Refusal(403, "You do not have permission to perform this action.")
    return None if "company_id" in given.path else int(given.first("project_id"))


@route("listCompanyFolders", "listProjectFolders")
def root_folder(world: World, given: Given) -> Answer:
    project = _project(world, given)
    root = next(f for f in world.folders.values() if f["project_id"] == project and not f.get("parent_id"))  # fmt: skip
    return _in_parts(world, given, _folder(world, root))


@route("showCompanyFolder", "showProjectFolder")
def folder(world: World, given: Given) -> Answer:
    found = world.one(world.folders, int(given.path["id"]))
    if found["project_id"] != _project(world, given):
        raise Refusal(404, "Not Found")
    return _in_parts(world, given, _folder(world, found))


def _in_parts(world: World, given: Given, whole: Record) -> Answer:
    """The folder, or one part of it where folders come in parts."""
    if not world.switches.folder_lists_paged:
        return Answer(200, whole)
    given.query.setdefault("per_page", [str(world.switches.folder_part)])
    parts = {name: page(given, whole[name]) for name in ("folders", "files")}
    links = [part.headers["Link"] for part in parts.values() if "next" in part.headers.get("Link", "")]  # fmt: skip
    headers = {"Link": links[0]} if links else {}
    return Answer(200, whole | {name: part.body for name, part in parts.items()}, headers)


def _folder(world: World, found: Record) -> Record:
    inner = [f for f in world.folders.values() if f.get("parent_id") == found["id"]]
    more = {name: found[name] for name in ("is_recycle_bin",) if name in found}
    return more | {
        "id": found["id"],
        "name": found["name"],
        "parent_id": found.get("parent_id"),
        "folders": [{"id": f["id"], "name": f["name"]} for f in inner],
        "files": [_file(world, f) for f in world.files.values() if f["parent_id"] == found["id"]],
    }


@route("createCompanyFile", "createProjectFile")
def create_file(world: World, given: Given) -> Answer:
    asked = given.body["file"]
    upload = _upload(world, asked["upload_uuid"])
    if upload["status"] != "complete" or upload["user_id"] != given.user_id:
        raise Refusal(world.switches.validation_status, {"upload_uuid": ["is not usable"]})
    root = COMPANY if _project(world, given) is None else int(given.first("project_id"))
    parent = asked.get("parent_id", root)
    name = asked.get("name", upload["name"])
    taken = any(f["parent_id"] == parent and f["name"] == name for f in world.files.values())
    if taken and not asked.get("unique_name"):
        raise Refusal(world.switches.validation_status, {"name": ["has already been taken"]})
    url = f"{given.base}/storage/{upload['uuid']}"
    record = add_file(world, name, parent, url, project_id=_project(world, given))
    fire(world, "Files", "create", record, given.user_id)
    return Answer(201, _file(world, record))


def add_folder(world: World, name: str, parent: int, project_id: int | None, **more: Any) -> int:
    """A folder as a person would make it inside another one."""
    number = world.new_id()
    world.folders[number] = {"id": number, "name": name, "parent_id": parent, "project_id": project_id, **more}  # fmt: skip
    return number


def add_file(world: World, name: str, parent: int, url: str, project_id: int | None) -> Record:
    """A file as a person would drop it into a Documents folder."""
    number = world.new_id()
    version = {"id": world.new_id(), "number": 1, "url": url, "file_id": number}
    world.files[number] = {"id": number, "name": name, "parent_id": parent, "file_versions": [version], "project_id": project_id}  # fmt: skip
    return world.files[number]


def _file(world: World, record: Record) -> Any:
    shown = {name: value for name, value in record.items() if name != "project_id"}
    if world.switches.file_links_are_signed:
        shown["file_versions"] = [
            version | {"url": f"{version['url']}?sig={secrets.token_hex(8)}"}
            for version in record["file_versions"]
        ]
    return shown


@route("showCompanyFile", "showProjectFile")
def file(world: World, given: Given) -> Answer:
    found = world.one(world.files, int(given.path["id"]))
    if found["project_id"] != _project(world, given):
        raise Refusal(404, "Not Found")
    return Answer(200, _file(world, found))
