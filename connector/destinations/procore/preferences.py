"""What a Procore connection's settings say, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from connector.errors import InvalidInput

API_URL = "https://api.procore.com"

NO_COMPANY = 0
"""While a person has not chosen one: only the list of companies can be asked for."""

INSURANCE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "general_liability": "General Liability",
        "auto_liability": "Auto Liability",
        "umbrella_liability": "Umbrella Liability",
        "excess_liability": "Excess Liability",
        "workers_compensation": "Workers Compensation",
        "professional": "Professional Liability",
        "pollution": "Pollution Liability",
        "cyber": "Cyber Liability",
        "property": "Property",
        "crime": "Crime",
        "other": "Other",
    }
)
"""What a line is called in Procore, where types are free text; a connection may rename any."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A connection's settings.

    Without `project_id` records are kept at company level. `use_sync` writes all lines of a
    certificate in one request; `use_origin_id` lets Procore tell our records by an id of ours,
    which locks six of their fields in Procore's own screen. `send_undecided` pushes a certificate
    that waits for its review; `mark_in_progress` says so once a notice is out;
    `send_expiration_mails` has Procore mail the vendor every day around an expiration.
    `add_missing_lines` keeps a deficient record for a required line that the certificate lacks.
    `gate_commitments` sets the insurance status of the vendor's commitments in the project, so
    that its pay applications wait. `file_in_documents` puts the PDF into the folder
    `documents_folder_id` of Documents (the topmost one without it), `file_on_commitments` onto the
    vendor's commitments as a compliance document. `hold_payments` holds the invoice that a push
    names while the certificate is deficient. `watch` picks up what people put into the folder
    `watched_folder_id` of Documents (the topmost one without it) or attach to a vendor;
    `watch_commitments` looks behind the Compliance tabs of the project's commitments, too.
    """

    company_id: int
    project_id: int | None = None
    api_url: str = API_URL
    insurance_types: Mapping[str, str] = field(default_factory=lambda: INSURANCE_TYPES)
    use_sync: bool = True
    use_origin_id: bool = False
    send_undecided: bool = False
    mark_in_progress: bool = False
    send_expiration_mails: bool = False
    gate_commitments: bool = False
    add_missing_lines: bool = False
    hold_payments: bool = False
    file_in_documents: bool = False
    file_on_commitments: bool = False
    documents_folder_id: int | None = None
    watch: bool = False
    watched_folder_id: int | None = None
    watch_commitments: bool = False

    @property
    def directory(self) -> str:
        """The path of the directory that records are kept in."""
        if self.project_id is None:
            return f"/rest/v1.0/companies/{self.company_id}"
        return f"/rest/v1.0/projects/{self.project_id}"

    def insurances(self, vendor_id: int) -> str:
        """The path of a vendor's insurance records."""
        return f"{self.directory}/vendors/{vendor_id}/insurances"


def preferences(settings: Mapping[str, Any]) -> Preferences:
    """The settings of a connection. InvalidInput names the one that is wrong.

    Settings that other parts of the product keep beside ours are left alone.
    """
    given: dict[str, Any] = {"company_id": _number(settings, "company_id")}
    if given["company_id"] is None:
        raise InvalidInput(
            "The Procore connection has no company. Connect Procore again and name one.",
            field="company_id",
        )
    given["project_id"] = _number(settings, "project_id")
    for name in ("documents_folder_id", "watched_folder_id"):
        given[name] = _number(settings, name)
    if settings.get("api_url"):
        given["api_url"] = str(settings["api_url"]).rstrip("/")
    given["insurance_types"] = {**INSURANCE_TYPES, **_types(settings.get("insurance_types") or {})}
    for each in fields(Preferences):
        if each.type == "bool" and settings.get(each.name) is not None:
            given[each.name] = _switch(settings, each.name)
    for name in ("gate_commitments", "file_on_commitments", "hold_payments", "watch_commitments"):
        if given.get(name) and given["project_id"] is None:
            raise InvalidInput(
                f"Procore: {name} needs a project, because commitments and invoices belong to one.",
                field=name,
            )
    return Preferences(**given)


def changed(settings: Mapping[str, Any], name: str, said: str) -> dict[str, Any]:
    """The settings with one of them as a person said it; "" goes back to the default.

    A type's name is `insurance_types.general_liability`. InvalidInput for what we do not know, or
    what does not fit the other settings.
    """
    kinds = {each.name: str(each.type) for each in fields(Preferences)}
    top, _, line = name.partition(".")
    after = dict(settings)
    if top == "insurance_types" and line:
        renamed = {**(settings.get(top) or {}), line: said}
        after[top] = {known: words for known, words in renamed.items() if words != ""}
        if line not in INSURANCE_TYPES:
            _types({line: said})
    elif line or top not in kinds or top in _FIXED:
        raise InvalidInput(
            f"Procore has no setting “{name[:60]}” that can be changed. `connector procore show` "
            "prints them all.",
            field=name,
        )
    else:
        after[top] = None if said == "" else _value(kinds[top], said, top)
    preferences(after)
    return after


_FIXED = {"company_id", "api_url", "insurance_types"}
"""What only connecting anew can change; and the types, which are named one by one."""

_SWITCHED = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def _value(kind: str, said: str, name: str) -> Any:
    if kind == "bool":
        if said.lower() not in _SWITCHED:
            raise InvalidInput(f"Procore: {name} must be on or off, not “{said}”.", field=name)
        return _SWITCHED[said.lower()]
    return _number({name: said}, name)


def _number(settings: Mapping[str, Any], name: str) -> int | None:
    value = settings.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, int | str) and str(value).isdecimal():
        return int(value)
    raise InvalidInput(f"Procore: {name} must be a number, not “{value}”.", field=name)


def _switch(settings: Mapping[str, Any], name: str) -> bool:
    value = settings[name]
    if not isinstance(value, bool):
        raise InvalidInput(f"Procore: {name} must be true or false, not “{value}”.", field=name)
    return value


def _types(renamed: Mapping[str, Any]) -> dict[str, str]:
    for line, name in renamed.items():
        if line not in INSURANCE_TYPES:
            known = ", ".join(INSURANCE_TYPES)
            raise InvalidInput(
                f"Procore insurance types: “{line}” is not one of {known}.", field="insurance_types"
            )
        if not isinstance(name, str) or not name.strip():
            raise InvalidInput(
                f"Procore insurance types: {line} needs a name.", field="insurance_types"
            )
    return {line: name.strip() for line, name in renamed.items()}
