"""How offices write amounts, days and policy numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_AMOUNTS = ("{:,}", "{:,}", "{:,}", "{:,}", "${:,}", "$ {:,}", "{:,}.00", "{}", "${:,}.00")
_DAYS = ("%m/%d/%Y", "%m/%d/%Y", "%m/%d/%Y", "plain", "%m/%d/%y", "%m-%d-%Y")


@dataclass(frozen=True, slots=True)
class Habits:
    """One office's way: a format for amounts, one for days, the letter for a yes."""

    amount_format: str = "{:,}"
    day_format: str = "%m/%d/%Y"
    yes: str = "Y"

    def amount(self, value: int) -> str:
        return self.amount_format.format(value).replace("_", " ")

    def day(self, value: date) -> str:
        if self.day_format == "plain":
            return f"{value.month}/{value.day}/{value.year}"
        return value.strftime(self.day_format)


def habits(rng: Random, difficulty: str) -> Habits:
    """The usual way for a clean certificate, otherwise any of those seen."""
    if difficulty == "clean":
        return Habits(yes=rng.choice("YX"))
    amounts = (*_AMOUNTS, "{:_}") if difficulty == "hard" else _AMOUNTS
    return Habits(rng.choice(amounts), rng.choice(_DAYS), rng.choice("YYX"))


def policy_number(rng: Random) -> str:
    """A number in one of the styles that carriers print."""
    digits = "".join(rng.choices("0123456789", k=10))
    letters = "".join(rng.choices("ABCDEGHKLMNOPRSTUWXZ", k=4))
    mixed = "".join(rng.choices("0O1I5S8B27ZXC", k=6))
    return rng.choice(
        (
            digits[:7], f"{letters[:2]}-{digits[:7]}", f"{letters[:3]} {digits[:7]}", f"{digits[:2]} {letters[:3]} {digits[2:8]}",
            f"{letters[:3]}{digits[:7]}-{digits[8:]}", f"{digits[:3]}-{letters[:2]}-{digits[3:9]}-{digits[8:]}",
            f"{letters}{digits[:6]}{letters[0]}", f"{letters[0]} {digits[:3]} {digits[3:6]} {digits[6:]}", f"GLO{digits[:7]}00",
            f"{letters[:2]}O{digits[:3]}0O{digits[3:6]}", f"B{mixed}-00", f"00{digits[:8]}", f"{letters[0]}/{digits[:8]}",
            f"{digits[:4]}{letters}{digits[4:8]}-{letters[:2]}-{digits[:2]}", f"{letters[:2]}.{digits[:5]}.{digits[5:8]}",
        )
    )  # fmt: skip


def term(rng: Random, difficulty: str) -> tuple[date, date]:
    """A policy period: mostly one year, otherwise as odd as real ones are."""
    start = date(2024, 1, 1) + timedelta(days=rng.randrange(0, 1000))
    if start.day > 28 or rng.random() < 0.5:
        start = start.replace(day=1)
    if difficulty == "clean" or rng.random() < 0.85:
        return start, start.replace(year=start.year + 1)
    days = rng.choice((181, 184, 546, 549, 730, 90, 397, 364, 366, 45))
    return start, start + timedelta(days=days)
