"""What is wrong on some real certificates: prints that contradict themselves or mean two things.

Each function spoils a filled certificate in one way and names the keys for which "unclear" is
then right (`filling.unclear`). What they print is still what the truth expects, if it means
anything at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.drawing.filling import Filling
from tests.drawing.print_habits import policy_number

STANDARD = ("general_liability", "auto_liability", "umbrella_liability", "workers_compensation")
FIRST_LIMITS = {
    "general_liability": "each_occurrence",
    "auto_liability": "combined_single_limit",
    "umbrella_liability": "each_occurrence",
    "workers_compensation": "each_accident",
}


def contradict(filling: Filling) -> None:
    """Spoil the certificate in none to three ways."""
    count = filling.rng.choice((0, 1, 1, 2, 3))
    for spoil in filling.rng.sample(CONTRADICTIONS, k=count):
        spoil(filling)


def _a_line(filling: Filling) -> str:
    """One of the lines that are there; general liability always is."""
    present = [line for line in STANDARD if f"{line}_policy_number" in filling.cells]
    return filling.rng.choice(present)


def _number_on_two_lines(filling: Filling) -> None:
    """Two policy numbers, or one that goes on: nobody can tell."""
    key = f"{_a_line(filling)}_policy_number"
    first, second = filling.cells[key], policy_number(filling.rng)
    filling.says(key, f"{first} {second}", f"{first}\n{second}")
    filling.unclear.add(key)


def _number_to_come(filling: Filling) -> None:
    key = f"{_a_line(filling)}_policy_number"
    filling.says(key, filling.rng.choice(("TBD", "Binder", "To Be Assigned", "PENDING")))
    filling.unclear.add(key)


def _days_swapped(filling: Filling) -> None:
    """Expires before it begins."""
    line = _a_line(filling)
    effective, expiration = f"{line}_effective_date", f"{line}_expiration_date"
    cells, expected = filling.cells, filling.expected
    cells[effective], cells[expiration] = cells[expiration], cells[effective]
    expected[effective], expected[expiration] = expected[expiration], expected[effective]
    filling.unclear |= {effective, expiration}


def _no_day_of_the_calendar(filling: Filling) -> None:
    key = f"{_a_line(filling)}_expiration_date"
    filling.says(key, None, "02/30/2027")
    filling.unclear.add(key)


def _until_cancelled(filling: Filling) -> None:
    key = f"{_a_line(filling)}_expiration_date"
    filling.says(key, None, filling.rng.choice(("Continuous", "Until canc.")))
    filling.unclear.add(key)


def _same_day(filling: Filling) -> None:
    """A policy that ends as it begins."""
    line = _a_line(filling)
    effective, expiration = f"{line}_effective_date", f"{line}_expiration_date"
    filling.day(expiration, date.fromisoformat(str(filling.expected[effective] or "2026-01-01")))
    filling.unclear |= {effective, expiration}


def _short_code(filling: Filling) -> None:
    filling.says("insurer_a_naic", "2144")
    filling.unclear.add("insurer_a_naic")


def _unlisted_letter(filling: Filling) -> None:
    """General liability points to an insurer that is not listed."""
    listed = [letter for letter in "ABCDEF" if f"insurer_{letter.lower()}_name" in filling.cells]
    if len(listed) < 6:
        _points_to(filling, "ABCDEF"[len(listed)], expected="ABCDEF"[len(listed)])


def _two_letters(filling: Filling) -> None:
    _points_to(filling, "A/B", expected=None)


def _points_to(filling: Filling, printed: str, expected: str | None) -> None:
    filling.says("general_liability_insurer_letter", expected, printed)
    for part in ("name", "naic"):
        filling.means(f"general_liability_insurer_{part}", None)
        filling.unclear.add(f"general_liability_insurer_{part}")
    filling.unclear.add("general_liability_insurer_letter")


def _umbrella_and_excess(filling: Filling) -> None:
    if "umbrella_liability_policy_number" in filling.cells:
        filling.cells["umbrella_liability_type_umbrella"] = "X"
        filling.cells["umbrella_liability_type_excess"] = "X"
        filling.unclear.add("umbrella_liability_type")


def _both_triggers(filling: Filling) -> None:
    """Occurrence and claims-made."""
    for box in ("occurrence", "claims_made"):
        filling.tick(f"general_liability_{box}")
        filling.unclear.add(f"general_liability_{box}")


def _no_trigger(filling: Filling) -> None:
    """Neither occurrence nor claims-made: empty boxes, which mean no."""
    for box in ("occurrence", "claims_made"):
        filling.cells.pop(f"general_liability_{box}", None)
        filling.expected[f"general_liability_{box}"] = False
        filling.unclear.add(f"general_liability_{box}")


def _aggregate_too_low(filling: Filling) -> None:
    filling.amount("general_liability_general_aggregate", 100_000)
    filling.unclear |= {
        "general_liability_general_aggregate",
        "general_liability_each_occurrence",
    }


def _odd_amount(filling: Filling) -> None:
    """Separators gone astray, or an abbreviation."""
    line = _a_line(filling)
    key = f"{line}_{FIRST_LIMITS[line]}"
    printed = filling.rng.choice(("1,000.000", "1,00,0000", "$1M", "1MM", "1,O00,000", "1,000,00"))
    filling.amount(key, 1_000_000)
    filling.cells[key] = printed
    if printed == "1,000,00":
        filling.means(key, None)
    filling.unclear |= {key, f"{key}_text", "general_liability_general_aggregate"}


CONTRADICTIONS: tuple[Callable[[Filling], None], ...] = (
    _number_on_two_lines,
    _number_to_come,
    _days_swapped,
    _no_day_of_the_calendar,
    _until_cancelled,
    _same_day,
    _short_code,
    _unlisted_letter,
    _two_letters,
    _umbrella_and_excess,
    _both_triggers,
    _no_trigger,
    _aggregate_too_low,
    _odd_amount,
)
