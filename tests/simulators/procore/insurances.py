"""The insurance endpoints: four families over one table, and their sync actions."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulators.procore.contract import Violations
from tests.simulators.procore.routing import Answer, Given, page, route
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.webhooks import fire
from tests.simulators.procore.world import COMPANY, PERSON, Record, Refusal, World

ATTRIBUTES = (
    "insurance_type", "policy_number", "limit", "effective_date", "expiration_date", "exempt",
    "info_received", "enable_expired_insurance_notifications", "status", "notes",
    "additional_insured", "division_template", "insurance_sets", "origin_id", "origin_data",
)  # fmt: skip

FAMILIES = ("CompanyVendorInsurance", "ProjectVendorInsurance", "CompanyInsurance", "ProjectInsurance")  # fmt: skip


def _shown(world: World, record: Record, given: Given) -> Record:
    shown = {name: record.get(name) for name in ATTRIBUTES}
    shown |= {"id": record["id"], "vendor_id": record["vendor_id"]}
    shown["insurance_provider"] = record.get("name")
    if record.get("limit") is not None:
        shown["limit"] = world.switches.reads_limit_as.format(float(record["limit"]))
        if world.switches.shows_limit_as_number:
            shown["limit"] = float(record["limit"])
    if given.query.get("view") == ["extended"]:
        shown |= world.switches.extended_view_adds
    expires = record.get("expiration_date")
    if world.switches.expires_by_itself and expires and expires <= world.today().isoformat():
        shown["status"] = "expired"
    return shown


def _in_scope(world: World, given: Given) -> Iterator[Record]:
    project = int(given.path["project_id"]) if "project_id" in given.path else None
    vendor = int(given.path["vendor_id"]) if "vendor_id" in given.path else None
    for record in world.insurances.values():
        levels = (project, None) if world.switches.project_lists_include_company else (project,)
        if record["project_id"] in levels and vendor in (None, record["vendor_id"]):
            yield record


def _visible(world: World, vendor_id: int, given: Given) -> None:
    vendor = world.one(world.vendors, vendor_id)
    project = given.path.get("project_id")
    if project and int(project) not in vendor["project_ids"]:
        raise Refusal(404, "Not Found")


def _writable(world: World, vendor_id: int, given: Given) -> None:
    switches = world.switches
    if not switches.directory_permission or switches.insurance_manager_needed:
        raise Refusal(403, "You do not have permission to perform this action.")
    _visible(world, vendor_id, given)


def _invalid(world: World, values: Record, existing: Record | None) -> Violations:
    wrong: Violations = {}
    if existing is None:
        missing = [name for name in world.switches.required_fields if not values.get(name)]
        wrong |= {name: ["can't be blank"] for name in missing}
    for name, longest in world.switches.longest.items():
        if len(values.get(name) or "") > longest:
            wrong[name] = [f"is too long (maximum is {longest} characters)"]
    return wrong


def _clash(world: World, values: Record, existing: Record | None, vendor_id: int) -> None:
    others = [r for r in world.insurances.values() if r is not existing]
    origin = values.get("origin_id")
    if origin and any(r.get("origin_id") == origin for r in others):
        raise Refusal(world.switches.origin_clash_status, {"origin_id": ["has already been taken"]})
    policy = (vendor_id, values.get("insurance_type"), values.get("policy_number"))
    if (
        existing is None
        and not world.switches.duplicates_allowed
        and any((r["vendor_id"], r.get("insurance_type"), r.get("policy_number")) == policy for r in others)
    ):  # fmt: skip
        raise Refusal(409, {"policy_number": ["has already been taken"]})


def _save(world: World, values: Record, existing: Record | None, given: Given) -> Record:
    vendor_id = int(given.path.get("vendor_id") or values.get("vendor_id") or existing["vendor_id"])  # type: ignore[index]
    _writable(world, vendor_id, given)
    if wrong := _invalid(world, values, existing):
        raise Refusal(world.switches.validation_status, wrong)
    _clash(world, values, existing, vendor_id)
    kept = {
        k: v
        for k, v in values.items()
        if k not in (*world.switches.forgets_silently, "id", "vendor_id")
    }
    if existing is not None and world.switches.null_in_a_change == "ignored":
        kept = {k: v for k, v in kept.items() if v is not None}
    project = given.path.get("project_id")
    if existing is None:
        record_id = world.add_insurance(vendor_id, int(project) if project else None, **kept)
        existing = world.insurances[record_id]
        fire(world, "Insurances", "create", existing, given.user_id)
    else:
        existing.update(kept)
        fire(world, "Insurances", "update", existing, given.user_id)
    return existing


def attach(world: World, record_id: int, file: Record) -> None:
    """A person attaches a file to an insurance record, which only the web page can."""
    record = world.insurances[record_id]
    record.setdefault("attachments", []).append(file)
    if world.switches.webhooks_for_attachments:
        fire(world, "Insurances", "update", record, PERSON)


def _list(world: World, given: Given) -> Answer:
    if "vendor_id" in given.path:
        _visible(world, int(given.path["vendor_id"]), given)
    return page(given, [_shown(world, record, given) for record in _in_scope(world, given)])


def _one(world: World, given: Given) -> Record:
    for record in _in_scope(world, given):
        if record["id"] == int(given.path["id"]):
            return record
    raise Refusal(404, "Not Found")


def _create(world: World, given: Given) -> Answer:
    record = _save(world, given.body["insurance"], None, given)
    return Answer(201, _shown(world, record, given))


def _show(world: World, given: Given) -> Answer:
    return Answer(200, _shown(world, _one(world, given), given))


def _update(world: World, given: Given) -> Answer:
    record = _save(world, given.body["insurance"], _one(world, given), given)
    return Answer(200, _shown(world, record, given))


def _delete(world: World, given: Given) -> Answer:
    record = _one(world, given)
    _writable(world, record["vendor_id"], given)
    del world.insurances[record["id"]]
    fire(world, "Insurances", "delete", record, given.user_id)
    return Answer(200, None)


def _sync(world: World, given: Given) -> Answer:
    entities: list[Record] = []
    errors: list[Record] = []
    for index, item in enumerate(given.body["updates"]):
        try:
            if given.fault is Fault.SYNC_HALF and index % 2:
                raise Refusal(200, {"base": ["could not be saved"]})
            record = _save(world, item, _target(world, item, given), given)
            entities.append(_shown(world, record, given))
        except Refusal as refusal:
            wrong = (
                refusal.errors if isinstance(refusal.errors, dict) else {"base": [refusal.errors]}
            )
            errors.append(item | {"errors": wrong})
    return Answer(200, {"entities": entities, "errors": errors})


def _target(world: World, item: Record, given: Given) -> Record | None:
    records = list(_in_scope(world, given))
    if "id" in item:
        for record in records:
            if record["id"] == item["id"]:
                return record
        raise Refusal(200, {"id": ["Entity with this ID not found"]})
    origin = item.get("origin_id")
    return next((r for r in records if origin and r.get("origin_id") == origin), None)


def _sync_alternative(world: World, given: Given) -> Answer:
    if any(item.get("company_id") != COMPANY for item in given.body["updates"]):
        raise Refusal(world.switches.validation_status, {"company_id": ["is invalid"]})
    stripped = [{k: v for k, v in i.items() if k != "company_id"} for i in given.body["updates"]]
    return _sync(world, Given(given.path, given.query, {"updates": stripped}, given.user_id))


def _register() -> None:
    for family in FAMILIES:
        route(f"list{family}")(_list)
        route(f"create{family}")(_create)
        route(f"show{family}")(_show)
        route(f"update{family}")(_update)
        route(f"delete{family}")(_delete)
        route(f"sync{family}")(_sync)
    route("syncCompanyInsuranceAlternative")(_sync_alternative)


_register()
