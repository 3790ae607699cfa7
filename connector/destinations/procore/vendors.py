"""Which Procore vendor is meant: one that is sure, or the candidates for a person to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.certificate.names import Likeness, compare, normalise
from connector.delivery import Vendor
from connector.destinations.procore.client import Procore
from connector.destinations.procore.refusals import NotAllowed
from connector.errors import InvalidInput

MOST_CANDIDATES = 10
NAMES_PER_PAGE = 1000
"""Ids and names are small; Procore asks to stay at or below 2000."""
EIN_DIGITS = 9
_NAMES = ("name", "legal_name", "trade_name")


@dataclass(frozen=True, slots=True)
class Found:
    """`sure` is the one vendor, or None; `candidates` are those a person chooses from, best first."""

    sure: Vendor | None
    candidates: tuple[Vendor, ...] = ()


def find(client: Procore, wanted: Vendor, known_id: str | None = None) -> Found:
    """The vendor in the connection's directory; `known_id` is Procore's own and is taken as given.

    Procore's search is asked first. Only where it finds nobody sure are all names read, and of
    the candidates what else could decide.
    """
    if known_id:
        return Found(replace(wanted, id=str(_number(known_id))))
    known: dict[Any, Mapping[str, Any]] = {}
    for term in _search_terms(wanted):
        known |= _by_id(_described(client, {"filters[search]": term}))
    found = match(wanted, known.values())
    if found.sure:
        return found
    names = _by_id(_listed(client, {"view": "minimal", "per_page": NAMES_PER_PAGE}))
    found = match(wanted, (names | known).values())
    if found.sure and not wanted.ein:
        return found
    asked = (found.sure,) if found.sure else found.candidates
    if not asked or not (wanted.email or wanted.ein or wanted.id):
        return found
    ids = [each.id for each in asked]
    return match(wanted, _described(client, {"filters[id][]": ids}))


def _by_id(vendors: Iterable[Mapping[str, Any]]) -> dict[Any, Mapping[str, Any]]:
    return {vendor["id"]: vendor for vendor in vendors}


def _number(known_id: str) -> int:
    if not known_id.isdecimal():
        raise InvalidInput(
            f"“{known_id}” is no Procore vendor. Choose the vendor from the list again.",
            field="vendor_id",
        )
    return int(known_id)


def _search_terms(wanted: Vendor) -> list[str]:
    """The EIN, and the longest word of the name: it is spelled alike in most spellings."""
    longest = max(normalise(wanted.name).split(), key=len, default="")
    ein = wanted.ein if _digits(wanted.ein or "") else None
    return [term for term in (ein, longest) if term]


def _described(client: Procore, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Vendors with e-mail and EIN, or with ids and names only where we may not see more."""
    try:
        return _listed(client, {**params, "view": "extended"})
    except NotAllowed:
        return _listed(client, {**params, "view": "minimal"})


def _listed(client: Procore, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    prefs = client.preferences
    path, query = f"/rest/v1.1/projects/{prefs.project_id}/vendors", params
    if prefs.project_id is None:
        path, query = "/rest/v1.1/vendors", {**params, "company_id": prefs.company_id}
    return [v for v in client.pages(path, query) if v.get("id") and v.get("name")]


def match(wanted: Vendor, vendors: Iterable[Mapping[str, Any]]) -> Found:
    """By EIN and by name: sure when they name one vendor and do not contradict each other.

    Names are the same after normalising, any side of a DBA counting. The caller's number or an
    e-mail address decides among several of the same name, or confirms one near name; alone they
    prove nothing, and near names alone are candidates. Nobody whose EIN is another one is sure.
    """
    active = [v for v in vendors if v.get("is_active") is not False]
    same = [v for v in active if _likeness(wanted, v) is Likeness.SAME]
    near = [v for v in active if _likeness(wanted, v) is Likeness.NEAR]
    ein = _digits(wanted.ein or "")
    by_ein = [v for v in active if ein and _digits(_ein(v)) == ein]
    helped = [v for v in active if _has_number(v, wanted.id) or _has_mail(v, wanted.email)]
    both = _both(by_ein, same)
    sure = both or by_ein or _only(same) or _exact(wanted, same) or _both(same or near, helped)
    contradicted = (by_ein and same and not both) or any(_is_another(ein, v) for v in sure)
    if len(sure) == 1 and not contradicted:
        return Found(_vendor(sure[0]))
    everyone = {v["id"]: v for v in (*by_ein, *same, *near, *helped)}
    return Found(None, tuple(_vendor(v) for v in everyone.values())[:MOST_CANDIDATES])


def _is_another(ein: str, vendor: Mapping[str, Any]) -> bool:
    """Whether both EINs are known and differ: firms of one name are not one firm."""
    shown = _digits(_ein(vendor))
    return len(ein) == len(shown) == EIN_DIGITS and shown != ein


def _only(same: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return same if len(same) == 1 else []


def _exact(wanted: Vendor, same: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [v for v in same if str(v["name"]).strip().casefold() == wanted.name.strip().casefold()]


def _both(
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


def _has_mail(vendor: Mapping[str, Any], mail: str | None) -> bool:
    return bool(mail) and _mail(vendor) == str(mail).strip().casefold()


def _has_number(vendor: Mapping[str, Any], number: str | None) -> bool:
    """The caller's number may be Procore's id, or the accounting system's."""
    return bool(number) and number in (
        str(vendor["id"]),
        vendor.get("origin_id"),
        vendor.get("origin_code"),
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _vendor(vendor: Mapping[str, Any]) -> Vendor:
    return Vendor(
        str(vendor["name"]), str(vendor["id"]), _mail(vendor) or None, _ein(vendor) or None
    )
