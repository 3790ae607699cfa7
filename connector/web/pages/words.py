"""How pages say days, dollars, coverage lines and needs."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from connector.certificate.model import OTHER_LINES, STANDARD_LINES
from connector.storage.board import Need

LINE_WORDS = {
    "general_liability": "General liability",
    "auto_liability": "Auto",
    "umbrella_liability": "Umbrella",
    "workers_compensation": "Workers' comp",
    **{line: f"Other coverage {number}" for number, line in enumerate(OTHER_LINES, 1)},
}

LINES_ON_BOARD = STANDARD_LINES
"""The lines that have a column of their own."""

NEED_WORDS = {
    Need.REVIEW: "Needs a person",
    Need.EXPIRED: "Expired",
    Need.DEFICIENT: "Deficient",
    Need.UNCHECKED: "Not checked yet",
    Need.EXPIRING: "Expires soon",
    Need.NOTHING_YET: "No certificate",
    Need.FINE: "In order",
}


def day(on: date | None) -> str:
    """06/01/2027, as certificates print it; nothing for no day."""
    return f"{on:%m/%d/%Y}" if on else ""


def dollars(amount: int | None) -> str:
    """$1,000,000; nothing for no amount."""
    return f"${amount:,}" if amount is not None else ""


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Nov 25, 2026, 1:05 PM, where the office is."""
    local = at.astimezone(zone)
    return f"{local:%b} {local.day}, {local.year}, {local:%I:%M %p}".replace(" 0", " ")
