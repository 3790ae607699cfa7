"""The form's free rows: one policy with its limits beneath each other, or several stacked."""

from __future__ import annotations

from tests.drawing.filling import Filling
from tests.drawing.lines import policy

DESCRIPTIONS = (
    ("Professional Liability", "professional"),
    ("Errors & Omissions", "professional"),
    ("Contractors Pollution", "pollution"),
    ("Pollution Liability", "pollution"),
    ("Cyber Liability", "cyber"),
    ("Builders Risk", "property"),
    ("Crime", "crime"),
    ("Riggers Liability", "other"),
    ("Garagekeepers Liability", "other"),
)
LIMITS = (500_000, 1_000_000, 2_000_000, 3_000_000)


def free_rows(filling: Filling, letters: list[str]) -> None:
    """One policy per letter, at most three."""
    chosen = filling.rng.sample(DESCRIPTIONS, k=len(letters))
    for number, (letter, (description, kind)) in enumerate(zip(letters, chosen, strict=True), 1):
        line = f"other_{number}"
        policy(filling, line, letter)
        filling.says(f"{line}_description", description)
        filling.means(f"{line}_kind", kind)
        limits = _stacked_limits if len(letters) > 1 else _limits_beneath
        limits(filling, number)


def _limits_beneath(filling: Filling, number: int) -> None:
    """The only policy of the free row: labels and amounts in their two columns."""
    line, each = f"other_{number}", filling.rng.choice(LIMITS)
    per = filling.rng.choice(("Each Claim", "Ea Claim", "Per Claim", "Each Occurrence"))
    rows = [(per, each), ("Aggregate", each * filling.rng.choice((1, 2)))]
    for row, (label, value) in enumerate(rows, 1):
        filling.cells[f"other_limit_{row}_text"] = label
        filling.cells[f"other_limit_{row}"] = filling.habits.amount(value)
    _means(filling, line, rows)


def _stacked_limits(filling: Filling, number: int) -> None:
    """Both limits in words on the policy's own line, across the two columns."""
    line, each = f"other_{number}", filling.rng.choice(LIMITS)
    rows = [("Claim", each), ("Agg", each * filling.rng.choice((1, 2)))]
    template = filling.rng.choice(
        ("${:,} Ea Claim / ${:,} Aggregate", "Each Claim ${:,} Agg ${:,}")
    )
    printed = template.format(*(value for _, value in rows))
    filling.cells[f"other_limits_{number}"] = printed
    _means(filling, line, rows)
    filling.means(f"{line}_limits", printed)


def _means(filling: Filling, line: str, rows: list[tuple[str, int]]) -> None:
    filling.means(f"{line}_each_claim", rows[0][1])
    filling.means(f"{line}_aggregate", rows[1][1])
    printed = "\n".join(f"{label} {filling.habits.amount(value)}" for label, value in rows)
    filling.means(f"{line}_limits", printed)
