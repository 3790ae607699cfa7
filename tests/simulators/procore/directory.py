"""Companies, projects and vendors."""

from __future__ import annotations

from tests.simulators.procore.routing import Answer, Given, page, route
from tests.simulators.procore.world import COMPANY, Record, Refusal, World

MINIMAL = ("id", "name", "is_active")
HIDDEN = ("company_id",)


@route("getMe")
def me(world: World, given: Given) -> Answer:
    return Answer(200, {"id": given.user_id, "login": "connector@summit.example"})


@route("listCompanies")
def companies(world: World, given: Given) -> Answer:
    return page(given, list(world.companies.values()))


@route("listProjects")
def projects(world: World, given: Given) -> Answer:
    _own_company(given)
    wanted = given.first("filters[name]").lower()
    return page(
        given, [p for p in world.projects.values() if wanted in p["name"].lower()], most=300
    )


def _own_company(given: Given) -> None:
    if given.first("company_id", str(COMPANY)) != str(COMPANY):
        raise Refusal(403, "App is not connected to this company.")


@route("listVendors", "listProjectVendors")
def vendors(world: World, given: Given) -> Answer:
    _own_company(given)
    found = [v for v in world.vendors.values() if _wanted(v, given)]
    found.sort(key=lambda vendor: vendor["name"].lower())
    return page(given, [_shown(world, v, given.first("view", "normal")) for v in found])


def _wanted(vendor: Record, given: Given) -> bool:
    project = given.path.get("project_id")
    if project and int(project) not in vendor["project_ids"]:
        return False
    ids = given.query.get("filters[id][]")
    if ids and str(vendor["id"]) not in ids:
        return False
    searched = (vendor["name"], vendor.get("business_register", {}).get("identifier", ""))
    wanted = given.first("filters[search]").lower()
    return any(wanted in text.lower() for text in searched)


def _shown(world: World, vendor: Record, view: str) -> Record:
    if view == "minimal":
        return {name: vendor[name] for name in MINIMAL}
    if not world.switches.directory_permission:
        raise Refusal(403, "You do not have permission to perform this action.")
    return {name: value for name, value in vendor.items() if name not in HIDDEN}


@route("showVendor")
def vendor(world: World, given: Given) -> Answer:
    found = world.one(world.vendors, int(given.path["id"]))
    return Answer(200, _shown(world, found, "extended"))
