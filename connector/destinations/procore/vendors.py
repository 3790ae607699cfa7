"""Which Procore vendor is meant: one that is sure, or the candidates for a person to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.certificate.names import Likeness, compare, normalise
from connector.delivery import Vendor
from connector.destinations.procore.client import Procore
from connector.errors import DestinationRefused

MOST_CANDIDATES = 10
_NAMES = ("name", "legal_name", "trade_name")


@dataclass(frozen=True, slots=True)
class Found:
    """`sure` is the one vendor, or None; `candidates` are those a person chooses from, best first."""

    sure: Vendor | None
    candidates: tuple[Vendor, ...] = ()


def find(client: Procore, wanted: Vendor) -> Found:
    """The vendor in the connection's directory. A numeric id is Procore's own and is taken as given.

    Procore's search is asked first; only where it finds nobody sure is the whole directory read.
    """
    if wanted.id and wanted.id.isdecimal():
        return Found(wanted)
    term = search_term(wanted)
    found = match(wanted, listed(client, term)) if term else Found(None)
    return found if found.sure else match(wanted, listed(client))


def search_term(wanted: Vendor) -> str:
    """The longest word of the name: spelled alike in most spellings of it."""
    return max(normalise(wanted.name).split(), key=len, default="")


def listed(client: Procore, search: str = "") -> list[Mapping[str, Any]]:
    """The directory's vendors, whole objects, or ids and names where we may not see more."""
    try:
        return _listed(client, search, "extended")
    except DestinationRefused:
        return _listed(client, search, "minimal")


def _listed(client: Procore, search: str, view: str) -> list[Mapping[str, Any]]:
    prefs = client.preferences
    params: dict[str, Any] = {"view": view}
    if search:
        params["filters[search]"] = search
    if prefs.project_id is None:
        return list(client.pages("/rest/v1.1/vendors", params | {"company_id": prefs.company_id}))
    return list(client.pages(f"/rest/v1.1/projects/{prefs.project_id}/vendors", params))


def match(wanted: Vendor, vendors: Iterable[Mapping[str, Any]]) -> Found:
    """By EIN and by name: sure when they name one vendor and do not contradict each other.

    Names are the same after normalising, any side of a DBA counting; an e-mail address decides
    among several of the same name, or confirms one near name. Near names alone are candidates.
    """
    active = [v for v in vendors if v.get("is_active") is not False]
    same = [v for v in active if _likeness(wanted, v) is Likeness.SAME]
    near = [v for v in active if _likeness(wanted, v) is Likeness.NEAR]
    by_ein = [v for v in active if wanted.ein and _digits(_ein(v)) == _digits(wanted.ein)]
    by_mail = [v for v in active if wanted.email and _mail(v) == wanted.email.strip().casefold()]
    sure = by_ein or _exact(wanted, same) or _one_of(same, by_mail) or _one_of(near, by_mail)
    contradicted = by_ein and same and not _one_of(same, by_ein)
    if len(sure) == 1 and not contradicted:
        return Found(_vendor(sure[0]))
    everyone = {v["id"]: v for v in (*by_ein, *same, *by_mail, *near)}
    return Found(None, tuple(_vendor(v) for v in everyone.values())[:MOST_CANDIDATES])


def _exact(wanted: Vendor, same: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The vendors written exactly so, or the only one that is the same after normalising."""
    if len(same) == 1:
        return same
    return [v for v in same if str(v["name"]).strip().casefold() == wanted.name.strip().casefold()]


def _one_of(
    some: list[Mapping[str, Any]], others: list[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    ids = {v["id"] for v in others}
    return [v for v in some if v["id"] in ids]


def _likeness(wanted: Vendor, vendor: Mapping[str, Any]) -> Likeness:
    names = [str(vendor[name]) for name in _NAMES if vendor.get(name)]
    return max((compare(wanted.name, name) for name in names), default=Likeness.DIFFERENT)


def _ein(vendor: Mapping[str, Any]) -> str:
    return str((vendor.get("business_register") or {}).get("identifier") or "")


def _mail(vendor: Mapping[str, Any]) -> str:
    contact = vendor.get("primary_contact") or {}
    return str(vendor.get("email_address") or contact.get("email_address") or "").casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _vendor(vendor: Mapping[str, Any]) -> Vendor:
    return Vendor(
        str(vendor["name"]), str(vendor["id"]), _mail(vendor) or None, _ein(vendor) or None
    )
