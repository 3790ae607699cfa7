"""Webhooks v2: hooks, triggers, the list of deliveries, and the events that changes produce."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.simulators.procore.routing import Answer, Given, page, route
from tests.simulators.procore.world import CLIENT_ID, COMPANY, PERSON, Record, Refusal, World

RESOURCES = {
    "Company": ("Company Insurances", "Company Vendors", "Company Files", "Company File Versions"),
    "Project": ("Project Insurances", "Project Files", "Project File Versions"),
}


def fire(world: World, noun: str, event: str, record: Record, user_id: int) -> None:
    """Notes an event for every trigger that asked for it; a test posts it on (see `deliver`)."""
    if not world.switches.webhooks_for_own_writes:
        return
    level = "Project" if record.get("project_id") else "Company"
    for trigger in world.triggers.values():
        if (trigger["resource_name"], trigger["event_type"]) == (f"{level} {noun}", event):
            hook = world.hooks[trigger["hook_id"]]
            world.events.append(_event(world, hook, trigger, record, user_id))


def _event(world: World, hook: Record, trigger: Record, record: Record, user: int) -> Record:
    number, now = world.new_id(), datetime.now(UTC).isoformat()
    payload: Record = {"id": number, "timestamp": now, "user_id": user, "company_id": COMPANY}
    payload |= {
        "project_id": record.get("project_id"),
        "resource_id": _id_told(world, trigger, record),
    }
    if hook["payload_version"] == "v4.0":
        payload = {k: None if v is None else str(v) for k, v in payload.items()}
        payload |= {"reason": trigger["event_type"], "resource_type": trigger["resource_name"]}
    else:
        payload |= {
            "ulid": f"01J{number:023d}",
            "api_version": hook["payload_version"],
            "event_type": trigger["event_type"],
            "resource_name": trigger["resource_name"],
            "metadata": {
                "source_user_id": user,
                "source_application_id": None if user == PERSON else CLIENT_ID,
            },
        }
    return {"hook_id": hook["id"], "payload": payload, "status": "enqueued"}


def _id_told(world: World, trigger: Record, record: Record) -> int:
    if world.switches.event_ids == "another" and trigger["resource_name"].endswith("Insurances"):
        return int(record["id"]) + 1_000_000_000
    return int(record["id"])


def _scoped(given: Given, record: Record) -> bool:
    return str(record.get("project_id") or "") == given.path.get("project_id", "")


def _hook(world: World, given: Given, name: str = "id") -> Record:
    hook = world.one(world.hooks, int(given.path[name])) if given.path[name].isdigit() else None
    if hook is None or not _scoped(given, hook):
        raise Refusal(404, "Not Found")
    return hook


def _shown(hook: Record) -> Record:
    shown = {k: v for k, v in hook.items() if k not in ("id", "project_id", "authorization")}
    secret = hook["authorization"]
    return shown | {
        "id": str(hook["id"]),
        "destination_headers": {"Authorization": f"*****{secret[-5:]}"},
        "company_id": str(COMPANY),
        "project_id": str(hook["project_id"]) if hook["project_id"] else None,
    }


def _data(answer: Answer) -> Answer:
    return Answer(answer.status, {"data": answer.body}, answer.headers)


@route("listCompanyHooks", "listProjectHooks")
def hooks(world: World, given: Given) -> Answer:
    wanted = given.first("namespace")
    found = [
        _shown(hook)
        for hook in world.hooks.values()
        if _scoped(given, hook) and wanted in ("", hook["namespace"])
    ]
    return _data(page(given, found, default=10, most=100))


@route("createCompanyHook", "createProjectHook")
def create_hook(world: World, given: Given) -> Answer:
    number = world.new_id()
    project = given.path.get("project_id")
    body = dict(given.body)
    headers = body.pop("destination_headers", {})
    world.hooks[number] = body | {
        "id": number,
        "status": "active",
        "project_id": int(project) if project else None,
        "authorization": headers.get("Authorization", ""),
    }
    return _data(Answer(201, _shown(world.hooks[number])))


@route("showCompanyHook", "showProjectHook")
def hook(world: World, given: Given) -> Answer:
    return _data(Answer(200, _shown(_hook(world, given))))


@route("updateCompanyHook", "updateProjectHook")
def update_hook(world: World, given: Given) -> Answer:
    found = _hook(world, given)
    body = dict(given.body)
    headers = body.pop("destination_headers", {})
    found.update(body)
    found["authorization"] = headers.get("Authorization", found["authorization"])
    return _data(Answer(200, _shown(found)))


@route("deleteCompanyHook", "deleteProjectHook")
def delete_hook(world: World, given: Given) -> Answer:
    number = _hook(world, given)["id"]
    del world.hooks[number]
    world.triggers = {k: t for k, t in world.triggers.items() if t["hook_id"] != number}
    return Answer(204, None)


def _trigger(trigger: Record) -> Record:
    shown = {k: trigger[k] for k in ("resource_name", "event_type")}
    return shown | {"id": str(trigger["id"]), "webhook_hook_id": str(trigger["hook_id"])}


@route("listCompanyTriggers", "listProjectTriggers")
def triggers(world: World, given: Given) -> Answer:
    number = _hook(world, given, "hook_id")["id"]
    found = [_trigger(t) for t in world.triggers.values() if t["hook_id"] == number]
    return _data(page(given, found, default=10, most=100))


@route("createCompanyTrigger", "createProjectTrigger")
def create_trigger(world: World, given: Given) -> Answer:
    parent = _hook(world, given, "hook_id")
    level = "Project" if parent["project_id"] else "Company"
    if given.body["resource_name"] not in RESOURCES[level]:
        raise Refusal(world.switches.validation_status, {"resource_name": ["is not included"]})
    number = world.new_id()
    world.triggers[number] = dict(given.body) | {"id": number, "hook_id": parent["id"]}
    return _data(Answer(201, _trigger(world.triggers[number])))


@route("deleteCompanyTrigger", "deleteProjectTrigger")
def delete_trigger(world: World, given: Given) -> Answer:
    _hook(world, given, "hook_id")
    world.one(world.triggers, int(given.path["id"]))
    del world.triggers[int(given.path["id"])]
    return Answer(204, None)


@route("listCompanyDeliveries", "listProjectDeliveries")
def deliveries(world: World, given: Given) -> Answer:
    number = _hook(world, given, "hook_id")["id"]
    found = [
        {"id": str(e["payload"]["id"]), "status": e["status"], "payload": e["payload"]}
        for e in world.events
        if e["hook_id"] == number
    ]
    return _data(page(given, found, default=10, most=100))


@route("listCompanyWebhookResources", "listProjectWebhookResources")
def resources(world: World, given: Given) -> Answer:
    level = "Project" if "project_id" in given.path else "Company"
    version = given.first("payload_version")
    found = [
        {"name": name, "payload_version": version, "actions": ["create", "update", "delete"]}
        for name in RESOURCES[level]
    ]
    return _data(page(given, found, default=10, most=100))
