"""States by name and code, and those where workers' compensation comes from a state fund only."""

from __future__ import annotations

import re

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

STATE_FUND_ONLY = frozenset({"ND", "OH", "WA", "WY"})
"""No private policy exists there, so a blank line on the form says nothing (NAIC: monopolistic states)."""

_BY_NAME = {name.casefold(): code for code, name in STATES.items()}
_IN_ADDRESS = re.compile(r"\b([A-Z]{2})\.?\s+\d{5}(?:-\d{4})?\b")


def state_code(text: str) -> str | None:
    """ "NY", "ny" or "New York" -> "NY"; None for anything else."""
    plain = " ".join(text.split())
    if plain.upper() in STATES:
        return plain.upper()
    return _BY_NAME.get(plain.casefold())


def state_of_address(address: str) -> str | None:
    """The state before the ZIP code of a United States address on one line; None if there is none."""
    found = _IN_ADDRESS.findall(address)
    return found[-1] if found and found[-1] in STATES else None
