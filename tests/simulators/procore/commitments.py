"""Commitments with their compliance tab, and manual payment holds."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.simulators.procore.routing import Answer, Given, page, route
from tests.simulators.procore.world import COMPANY, Record, Refusal, World

KINDS = {"WorkOrder": "WorkOrderContract", "PurchaseOrder": "PurchaseOrderContract"}
STATUS_FIELDS = ("insurance_status", "insurance_notes", "compliance_status", "compliance_notes")


def add_contract(world: World, vendor_id: int, project_id: int, kind: str = "WorkOrder") -> int:
    """A commitment with a vendor, as a person would make it."""
    number = world.new_id()
    world.contracts[number] = {"id": number, "type": KINDS[kind], "vendor_id": vendor_id, "project_id": project_id}  # fmt: skip
    return number


@route("listCommitmentContracts")
def contracts(world: World, given: Given) -> Answer:
    wanted = given.first("filters[vendor_id]")
    found = [
        {"id": str(c["id"]), "type": c["type"], "vendor": {"id": str(c["vendor_id"])}}
        for c in world.contracts.values()
        if str(c["project_id"]) == given.path["project_id"] and wanted in ("", str(c["vendor_id"]))
    ]
    answer = page(given, found, default=10, most=100)
    return Answer(200, {"data": answer.body}, answer.headers)


def _contract(world: World, given: Given, kind: str) -> Record:
    if world.switches.compliance_without_pay is not None:
        raise Refusal(world.switches.compliance_without_pay, "Not available")
    found = world.one(world.contracts, int(given.path["contract_id"]))
    if found["type"] != kind or str(found["project_id"]) != given.path["project_id"]:
        raise Refusal(404, "Not Found")
    return found


def _derived(world: World, contract: Record) -> str | None:
    counted = {"compliant": "compliant", "compliant_in_progress": world.switches.in_progress_counts_as}  # fmt: skip
    statuses = [
        counted.get(str(r.get("status")), "not_compliant")
        for r in world.insurances.values()
        if r["vendor_id"] == contract["vendor_id"] and r["project_id"] in (None, contract["project_id"])
    ]  # fmt: skip
    if not statuses:
        return world.switches.derived_without_documents
    return "compliant" if set(statuses) == {"compliant"} else "not_compliant"


def _insurance_documents(world: World, contract: Record) -> list[Record]:
    return [
        {
            "id": r["id"],
            "name": r.get("name"),
            "insurance_type": r.get("insurance_type"),
            "level": "project" if r["project_id"] else "company",
            "status": r.get("status"),
            "attachments": r.get("attachments", []),
        }
        for r in world.insurances.values()
        if r["vendor_id"] == contract["vendor_id"]
    ]


def _documents(world: World, contract: Record) -> list[Record]:
    return [
        {k: v for k, v in d.items() if k != "contract_id"}
        for d in world.compliance_documents.values()
        if d["contract_id"] == contract["id"]
    ]


def _register(name: str, kind: str) -> None:
    @route(f"show{name}Compliance")
    def show(world: World, given: Given) -> Answer:
        found = _contract(world, given, kind)
        shown = {field: found.get(field) for field in STATUS_FIELDS}
        return Answer(
            200,
            shown
            | {
                "derived_insurance_status": _derived(world, found),
                "insurance_documents": _insurance_documents(world, found),
                "compliance_documents": _documents(world, found),
                "insurance_requirements_not_created": [],
                "compliance_requirements_not_created": [],
            },
        )

    @route(f"update{name}Compliance")
    def update(world: World, given: Given) -> Answer:
        found = _contract(world, given, kind)
        found.update(given.body)
        return Answer(200, {field: found.get(field) for field in STATUS_FIELDS})

    @route(f"list{name}ComplianceDocuments")
    def documents(world: World, given: Given) -> Answer:
        return page(given, _documents(world, _contract(world, given, kind)))

    @route(f"create{name}ComplianceDocument")
    def create_document(world: World, given: Given) -> Answer:
        found = _contract(world, given, kind)
        return Answer(201, _save_document(world, given, found, world.new_id()))

    @route(f"update{name}ComplianceDocument")
    def update_document(world: World, given: Given) -> Answer:
        found = _contract(world, given, kind)
        number = world.one(world.compliance_documents, int(given.path["id"]))["id"]
        return Answer(200, _save_document(world, given, found, number))

    @route(f"delete{name}ComplianceDocument")
    def delete_document(world: World, given: Given) -> Answer:
        _contract(world, given, kind)
        world.compliance_documents.pop(int(given.path["id"]), None)
        return Answer(204, None)


def _save_document(world: World, given: Given, contract: Record, number: int) -> Record:
    asked = dict(given.body["attributes"])
    uploads = asked.pop("upload_ids", [])
    if any(world.uploads.get(u, {}).get("status") != "complete" for u in uploads):
        raise Refusal(422, {"upload_ids": ["are not usable"]})
    attachments = [
        {
            "id": world.new_id(),
            "url": f"{given.base}/storage/{u}",
            "filename": world.uploads[u]["name"],
        }
        for u in uploads
    ]
    kept = world.compliance_documents.get(number, {"id": number, "contract_id": contract["id"], "attachments": []})  # fmt: skip
    kept = kept | asked | {"attachments": kept["attachments"] + attachments}
    kept.pop("send_expiration_notification", None)
    world.compliance_documents[number] = kept
    return {k: v for k, v in kept.items() if k != "contract_id"}


for _name, _kind in KINDS.items():
    _register(_name, _kind)


@route("listManualHolds")
def holds(world: World, given: Given) -> Answer:
    project = int(given.path["project_id"])
    invoice = int(given.first("invoice_id", "0"))
    found = [
        h
        for h in world.holds.values()
        if h["project_id"] == project and (h["invoice_id"] == invoice or h["hold_type"] == "vendor")
    ]
    return Answer(200, found)


@route("createManualHold")
def create_hold(world: World, given: Given) -> Answer:
    asked = given.body["manual_hold"]
    if asked.get("hold_type") == "invoice" and not given.first("invoice_id"):
        raise Refusal(world.switches.validation_status, {"invoice_id": ["is missing"]})
    number = world.new_id()
    now = datetime.now(UTC).isoformat()
    world.holds[number] = (
        {"visible_to_vendor": False}
        | asked
        | {
            "id": number,
            "invoice_id": int(given.first("invoice_id", "0")) or None,
            "company_id": COMPANY,
            "project_id": int(given.path["project_id"]),
            "created_by": "connector@summit.example",
            "created_at": now,
            "updated_at": now,
        }
    )
    return Answer(200, world.holds[number])


@route("updateManualHold")
def update_hold(world: World, given: Given) -> Answer:
    found = world.one(world.holds, int(given.path["id"]))
    if world.switches.holds_need_invoice_id and given.first("invoice_id") != str(
        found["invoice_id"]
    ):
        raise Refusal(world.switches.validation_status, {"invoice_id": ["is missing"]})
    found.update(given.body["manual_hold"])
    return Answer(200, found)
