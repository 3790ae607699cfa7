"""The free rows: one policy or several, and limits in words."""

from __future__ import annotations

import pytest

from connector.certificate.entry import Entry, Source
from connector.extraction.free_rows import free_rows, next_row
from connector.extraction.reading import CellReading, Line

COLUMNS = {
    "insurer_letter": 24.0, "additional_insured": 182.0, "subrogation_waived": 200.0,
    "policy_number": 216.0, "effective_date": 335.0, "expiration_date": 382.0,
    "description": 40.0, "limits": 428.0,
}  # fmt: skip


def rows(*given: dict[str, str]) -> dict[str, Entry[object]]:
    """Each dictionary is one printed level of the block."""
    lines: dict[str, list[Line]] = {name: [] for name in COLUMNS}
    for number, level in enumerate(given):
        top = 530.0 + 11 * number
        for name, text in level.items():
            x = COLUMNS[name]
            lines[name].append(Line(text, (x, top, x + 40, top + 6)))
    cells = {
        f"other.{name}": CellReading(1, Source.TEXT_LAYER, tuple(found))
        for name, found in lines.items()
    }
    return free_rows(cells)


def policy(letter: str, number: str, description: str, limits: str = "") -> dict[str, str]:
    found = {
        "insurer_letter": letter,
        "policy_number": number,
        "effective_date": "02/05/2026",
        "expiration_date": "02/05/2027",
        "description": description,
    }
    return found | ({"limits": limits} if limits else {})


def test_two_stacked_policies_are_two_lines() -> None:
    found = rows(
        policy(
            "C",
            "D95854618",
            "Professional Liability",
            "$1,000,000 Occurrence / $2,000,000 Aggregate",
        ),
        policy(
            "D", "13TP0371595", "3rd Party Crime", "$5,000,000 Occurrence / $5,000,000 Aggregate"
        ),
    )
    assert found["other_1.policy_number"].value == "D95854618"
    assert found["other_1.kind"].value == "professional"
    assert found["other_1.each_claim"].value == 1_000_000
    assert found["other_1.aggregate"].value == 2_000_000
    assert found["other_2.policy_number"].value == "13TP0371595"
    assert found["other_2.kind"].value == "crime"
    assert found["other_2.insurer_letter"].value == "D"


def test_a_description_on_two_lines_is_one_policy() -> None:
    found = rows(policy("A", "P-1", "Contractors"), {"description": "Pollution Liability"})
    assert found["other_1.description"].value == "Contractors Pollution Liability"
    assert found["other_1.kind"].value == "pollution"
    assert "other_2.policy_number" not in found


def test_two_descriptions_beside_one_policy_and_none_beside_the_next_are_in_doubt() -> None:
    def crooked(y: float) -> dict[str, Entry[object]]:
        cells = {
            "policy_number": (Line("A-1234", (216, 530, 260, 536)), Line("B-1234", (216, 542, 260, 548))),
            "effective_date": (Line("02/05/2026", (335, 530, 375, 536)), Line("02/05/2026", (335, 542, 375, 548))),
            "description": (Line("Cyber Liability", (40, 528, 90, 534)), Line("Crime", (40, y, 60, y + 6))),
        }  # fmt: skip
        return free_rows(
            {f"other.{name}": CellReading(1, Source.OCR, found) for name, found in cells.items()}
        )

    even, uneven = crooked(541), crooked(536)
    assert even["other_2.kind"].value == "crime"
    assert not even["other_2.kind"].is_unclear
    for row in ("other_1", "other_2"):
        assert uneven[f"{row}.description"].is_unclear
        assert uneven[f"{row}.kind"].is_unclear
        assert not uneven[f"{row}.policy_number"].is_unclear


def test_limits_on_lines_of_their_own_belong_to_the_policy_above() -> None:
    found = rows(
        policy("A", "P-1", "Cyber", "Each Claim $500,000"), {"limits": "Aggregate $1,000,000"}
    )
    assert found["other_1.each_claim"].value == 500_000
    assert found["other_1.aggregate"].value == 1_000_000
    assert found["other_1.limits"].value == "Each Claim $500,000\nAggregate $1,000,000"


def test_an_amount_that_nobody_names_is_unclear() -> None:
    found = rows(policy("A", "P-1", "Garage Keepers", "$250,000"))
    assert found["other_1.each_claim"].is_unclear
    assert found["other_1.each_claim"].value == 250_000
    assert found["other_1.aggregate"].is_unclear
    assert found["other_1.limits"].value == "$250,000"


@pytest.mark.parametrize(
    "limits", ["Each Claim $1,000,000 Ag $2,000,000", "Each Claim $1,000,000\nLimit $2,000,000"]
)
def test_an_amount_with_words_that_name_no_limit_leaves_the_other_limit_unclear(
    limits: str,
) -> None:
    first, *more = limits.split("\n")
    found = rows(policy("A", "P-1", "E&O", first), *({"limits": line} for line in more))
    assert found["other_1.each_claim"].value == 1_000_000
    assert found["other_1.each_claim"].is_read
    assert found["other_1.aggregate"].is_unclear


def test_a_deductible_beside_the_limits_is_none_of_them() -> None:
    found = rows(policy("A", "P-1", "E&O", "Each Claim $1,000,000 Deductible $10,000"))
    assert found["other_1.each_claim"].value == 1_000_000
    assert found["other_1.aggregate"].is_blank


def test_two_amounts_for_one_limit_are_unclear() -> None:
    found = rows(policy("A", "P-1", "E&O", "Each Claim $1,000,000 Each Claim $2,000,000"))
    assert found["other_1.each_claim"].is_unclear


def test_four_policies_are_more_than_can_be_told_apart() -> None:
    found = rows(*(policy("A", f"P-{n}", "Cyber") for n in range(4)))
    assert found["other_3.policy_number"].is_unclear


def test_a_smudge_taken_for_a_line_of_dates_leaves_open_what_belongs_to_whom() -> None:
    def divided(doubt: str | None) -> dict[str, Entry[object]]:
        dates = (
            Line("02/05/2026", (335, 530, 375, 536)),
            Line("y", (335, 541, 340, 547), doubt=doubt),
        )
        limits = (Line("Each Claim 2,000,000", (428, 530, 500, 536)),
                  Line("Aggregate 4,000,000", (428, 541, 500, 547)))  # fmt: skip
        cells = {
            "policy_number": (Line("D95854618", (216, 530, 260, 536)),),
            "effective_date": dates,
            "limits": limits,
        }
        return free_rows(
            {f"other.{name}": CellReading(1, Source.OCR, found) for name, found in cells.items()}
        )

    assert not divided(None)["other_1.each_claim"].is_unclear
    unsure = divided("Two readings differ.")
    assert unsure["other_1.each_claim"].is_unclear
    assert unsure["other_1.aggregate"].is_unclear
    assert unsure["other_2.aggregate"].is_unclear


def test_an_empty_block_is_no_coverage() -> None:
    found = rows()
    assert all(entry.is_blank for entry in found.values())


@pytest.mark.parametrize(
    ("description", "kind"),
    [("Garage Keepers Liability", "other"), ("Builders Risk", "property"), ("Inland Marine", "property"),
     ("Errors & Omissions", "professional"), ("Network Security", "cyber")],
)  # fmt: skip
def test_kinds_of_insurance_are_told_by_their_words(description: str, kind: str) -> None:
    assert rows(policy("A", "P-1", description))["other_1.kind"].value == kind


def test_a_description_of_two_kinds_is_unclear() -> None:
    found = rows(policy("A", "P-1", "Professional / Pollution Liability"))
    assert found["other_1.kind"].is_unclear


def test_the_kind_of_a_policy_whose_description_cannot_be_read_is_unclear() -> None:
    hidden = CellReading(1, Source.OCR, doubt="This box is not in the picture.")
    cells = {
        f"other.{name}": CellReading(
            1, Source.OCR, (Line(text, (COLUMNS[name], 530.0, 600.0, 536.0)),)
        )
        for name, text in policy("C", "D95854618", "").items()
        if name != "description"
    }
    blank = {f"other.{name}": CellReading(1, Source.OCR) for name in COLUMNS}
    found = free_rows(blank | cells | {"other.description": hidden})
    assert found["other_1.kind"].is_unclear


@pytest.mark.parametrize(
    ("second", "stand", "sure"),
    [
        ("Each Claim $1,000,000 Aggl $2,000,000", True, False),
        ("Eacb Claim $1,000,000 Agg $2,000,000", True, True),
        ("Each Claim $1,000,000 Agg $3,000,000", True, False),
        ("Eacb Claim $1,000,000 Agg $2,000,000", False, False),
        (None, True, True),
    ],
    ids=["whose amount differs", "a word differs", "an amount differs", "anything", "spaces"],
)
def test_amounts_are_sure_where_a_doubt_is_about_words(
    second: str | None, stand: bool, sure: bool
) -> None:
    text = "Each Claim $1,000,000 Agg $2,000,000"
    line = Line(text, (428, 530, 590, 536), 0.9, "In doubt.", second, words_stand=stand)
    number = Line("D958546", (216, 530, 260, 536))
    cells = {
        f"other.{name}": CellReading(
            1, Source.OCR, {"limits": (line,), "policy_number": (number,)}.get(name, ())
        )
        for name in COLUMNS
    }
    found = free_rows(cells)
    assert found["other_1.limits"].is_unclear
    for name, amount in (("each_claim", 1_000_000), ("aggregate", 2_000_000)):
        assert found[f"other_1.{name}"].value == amount
        assert found[f"other_1.{name}"].is_unclear is not sure


def test_beside_its_boxes_one_more_policy_may_have_left_the_free_rows() -> None:
    one = rows(policy("A", "PL-1", "Pollution Liability"))
    found = next_row(one, "beside")
    assert {path.partition(".")[0] for path in found} == {"other_2"}
    assert {entry.doubt for entry in found.values()} == {"beside"}
    doubted = {path: entry.doubted("poor") if entry.value else entry for path, entry in one.items()}
    assert next_row(doubted, "beside").keys() == found.keys()
    assert next_row(rows(), "beside") == {}
    assert (
        next_row(rows(*[policy("A", f"PL-{n}", "Cyber Liability") for n in "123"]), "beside") == {}
    )
