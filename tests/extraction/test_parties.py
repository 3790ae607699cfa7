"""Where a name ends and its address begins, and what belongs to neither."""

from __future__ import annotations

import pytest

from connector.certificate.entry import Source
from connector.extraction.parties import NO_NAME, NOT_A_STREET, TWO_FIRMS, divide, is_address
from connector.extraction.reading import CellReading, Line


def block(*texts: str | tuple[float, str]) -> CellReading:
    """Lines 10 points apart; a tuple gives the line's left side as well."""
    lines = []
    for number, text in enumerate(texts):
        x, words = text if isinstance(text, tuple) else (72.0, text)
        lines.append(Line(words, (x, 100 + 10 * number, x + 5 * len(words), 106 + 10 * number)))
    return CellReading(1, Source.TEXT_LAYER, tuple(lines))


def divided(*texts: str | tuple[float, str]) -> tuple[list[str], list[str], str | None]:
    party = divide(block(*texts))
    return [line.text for line in party.name], [line.text for line in party.address], party.doubt


def test_the_name_goes_until_the_street() -> None:
    assert divided("Lisa Gomez, LLC", "1616 Broadway", "New York, NY 10001") == (
        ["Lisa Gomez, LLC"], ["1616 Broadway", "New York, NY 10001"], None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        "DBA Northfield",
        "dba Peoria Roofs",
        "d/b/a Roofs",
        "and its subsidiaries",
        "& Sons Roofing Co.",
    ],
)
def test_a_second_name_line_belongs_to_the_name(second: str) -> None:
    name, address, doubt = divided(
        "Northfield Roofing", second, "48 Quarry Road", "Peoria, IL 61602"
    )
    assert name == ["Northfield Roofing", second]
    assert address == ["48 Quarry Road", "Peoria, IL 61602"]
    assert doubt is None


def test_a_line_that_is_neither_name_nor_street_is_in_doubt() -> None:
    name, _, doubt = divided(
        "Lakeside Owners", "Harborview", "200 Lake Street", "Chicago, IL 60607"
    )
    assert name[0] == "Lakeside Owners"
    assert doubt == NOT_A_STREET


def test_a_block_without_a_street_is_in_doubt() -> None:
    assert divided("Management Solutions", "Inc 914 Air Drive")[2] == NOT_A_STREET


def test_a_name_alone_is_a_name() -> None:
    assert divided("FOR INFORMATION ONLY") == (["FOR INFORMATION ONLY"], [], None)


def test_a_name_that_begins_with_a_number_is_a_name() -> None:
    name, address, _ = divided("84 Lumber Company", "12 Mill Street", "Eighty Four, PA 15330")
    assert name == ["84 Lumber Company"]
    assert address == ["12 Mill Street", "Eighty Four, PA 15330"]


@pytest.mark.parametrize(
    "number", ["CLIENT# 98404", "CERT NO 8358932", "Acct 5521-A", "Insured No. 77"]
)
def test_a_number_in_the_corner_belongs_to_neither(number: str) -> None:
    name, _, doubt = divided(
        (240, number), "Kestrel Insulation Inc", "9 Elm Street", "Boise, ID 83702"
    )
    assert name == ["Kestrel Insulation Inc"]
    assert doubt is None


def test_a_number_without_a_word_in_the_corner_belongs_to_neither() -> None:
    name, _, doubt = divided(
        (250, "KESTR-01"), "Kestrel Insulation Inc", "9 Elm Street", "Boise, ID 83702"
    )
    assert name == ["Kestrel Insulation Inc"]
    assert doubt is None


def test_words_apart_from_the_block_are_in_doubt() -> None:
    assert divided((230, "Additional Location"), "Kestrel Inc", "9 Elm Street", "Boise, ID 83702")[
        2
    ]


def test_state_and_zip_in_fields_of_their_own_join_their_city() -> None:
    lines = (
        Line("Kestrel Insulation Inc", (72, 100, 160, 106)),
        Line("9 Elm Street", (72, 112, 130, 118)),
        Line("Boise", (72, 124, 95, 130)),
        Line("ID", (238, 124, 246, 130)),
        Line("83702", (256, 124, 280, 130)),
    )
    party = divide(CellReading(1, Source.FORM_FIELD, lines))
    assert party.address[-1].text == "Boise, ID 83702"
    assert party.doubt is None


def test_idaho_and_its_zip_code_are_no_number_in_the_corner() -> None:
    lines = (
        Line("Kestrel Insulation Inc", (72, 100, 160, 106)),
        Line("9 Elm Street", (72, 112, 130, 118)),
        Line("Coeur d'Alene", (72, 124, 125, 130)),
        Line("ID 83814", (238, 124, 280, 130)),
    )
    party = divide(CellReading(1, Source.TEXT_LAYER, lines))
    assert party.address[-1].text == "Coeur d'Alene, ID 83814"


def test_a_number_beside_a_name_is_no_zip_code() -> None:
    lines = (
        Line("Kestrel Insulation Inc", (72, 100, 160, 106)),
        Line("40817", (268, 100, 290, 106)),
        Line("9 Elm Street", (72, 112, 130, 118)),
        Line("Boise, ID 83702", (72, 124, 140, 130)),
    )
    party = divide(CellReading(1, Source.TEXT_LAYER, lines))
    assert [line.text for line in party.name] == ["Kestrel Insulation Inc"]
    assert party.doubt is None


@pytest.mark.parametrize("apart", ["1D 83702", "Idaho"])
def test_what_stands_beside_a_city_and_is_no_zip_code_is_in_doubt(apart: str) -> None:
    lines = (
        Line("Kestrel Insulation Inc", (72, 100, 160, 106)),
        Line("9 Elm Street", (72, 112, 130, 118)),
        Line("Boise", (72, 124, 95, 130)),
        Line(apart, (238, 124, 280, 130)),
    )
    assert divide(CellReading(1, Source.OCR, lines)).doubt


def test_a_zip_code_in_doubt_puts_its_line_in_doubt() -> None:
    lines = (
        Line("Kestrel Insulation Inc", (72, 100, 160, 106)),
        Line("9 Elm Street", (72, 112, 130, 118)),
        Line("Boise", (72, 124, 95, 130)),
        Line("83702", (256, 124, 280, 130), doubt="Two readings differ."),
    )
    assert divide(CellReading(1, Source.OCR, lines)).address[-1].doubt == "Two readings differ."


def test_a_centred_block_is_one_block() -> None:
    lines = tuple(
        Line(text, (180 - 3 * len(text), 100 + 10 * n, 180 + 3 * len(text), 106 + 10 * n))
        for n, text in enumerate(
            ["Summit Builders Incorporated", "900 Commerce Drive", "Chicago, IL 60607"]
        )
    )
    party = divide(CellReading(1, Source.TEXT_LAYER, lines))
    assert [line.text for line in party.name] == ["Summit Builders Incorporated"]
    assert len(party.address) == 2


def test_the_producers_name_is_the_first_line_alone() -> None:
    party = divide(
        block("Harbor Point Agency", "A Division of Lake Group", "200 Lake Street"),
        one_name_line=True,
    )
    assert [line.text for line in party.name] == ["Harbor Point Agency"]


@pytest.mark.parametrize(
    "text",
    ["48 Quarry Road", "PO Box 12", "P.O. Box 99", "Suite 200", "Attn: Risk Management", "One Main Street",
     "Peoria, IL 61602", "Toronto, ON M5V 2T6", "County Road 12", "2nd Floor", "c/o Owner LLC", "N56 W17000 Ridgewood Dr", "W229N1433 Westwood Dr"],
)  # fmt: skip
def test_lines_of_addresses_are_known(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["Northfield Roofing LLC", "DBA Peoria Roofs", "Summit Builders Inc", "City of Springfield"],
)
def test_names_are_no_addresses(text: str) -> None:
    assert not is_address(text)


def test_a_firm_whose_name_begins_with_a_number_is_no_street() -> None:
    name, address, doubt = divided(
        "Vantage Constructors Inc and",
        "1st Choice Builders L.L.C.",
        "PO Box 69184",
        "St. Paul, MN 55101",
    )
    assert name == ["Vantage Constructors Inc and", "1st Choice Builders L.L.C."]
    assert address == ["PO Box 69184", "St. Paul, MN 55101"]
    assert doubt is None


def test_a_line_that_may_be_a_second_firm_or_a_street_is_in_doubt() -> None:
    assert divided("Vantage Owners", "84 Lumber LLC", "12 Mill Street", "Boise, ID 83702")[2]


@pytest.mark.parametrize(
    "texts",
    [
        ("Management Solutions", "Inc 914 Air Drive", "Clive IA 50325"),
        ("Northfield Roofing LLC 48 Quarry Road", "Suite 2", "Peoria, IL 61602"),
    ],
)
def test_a_street_that_ran_into_the_name_puts_both_in_doubt(texts: tuple[str, ...]) -> None:
    assert divided(*texts)[2] == NOT_A_STREET


def test_a_number_in_a_name_is_no_street() -> None:
    assert divided("Route 66 Paving Inc", "48 Quarry Road", "Peoria, IL 61602")[2] is None


@pytest.mark.parametrize(
    "lines",
    [
        ("48 Quarry Road",),
        ("48 Quarry Road", "Austin, TX 78701"),
        ("1616 Broadway", "New York, NY 10001"),
        ("P.O. Box 12",),
        ("Austin, TX 78701",),
        ("Attn: John Doe", "Kestrel Roofing LLC", "12 Elm Street", "Austin, TX 78701"),
        ("98404", "Kestrel Roofing LLC", "12 Elm Street", "Austin, TX 78701"),
        ("TBD",),
        ("N/A",),
        ("Same as above",),
        ("See attached schedule",),
    ],
)
def test_what_is_no_name_where_a_name_stands_is_in_doubt(lines: tuple[str, ...]) -> None:
    assert divided(*lines)[2] == NO_NAME.format(text=lines[0])


@pytest.mark.parametrize(
    "first", ["84 Lumber", "1st Choice Roofing", "Same Day Roofing", "Various Trades LLC", "AB"]
)
def test_a_name_that_only_looks_like_a_street_or_a_placeholder_is_a_name(first: str) -> None:
    assert divided(first, "12 Elm Street", "Austin, TX 78701")[2] is None


def test_two_firms_with_no_word_between_them_are_in_doubt() -> None:
    assert divided("Kestrel Roofing LLC", "Hill Steel Inc", "12 Elm Street")[2] == TWO_FIRMS
    assert divided("Kestrel Roofing LLC and", "Hill Steel Inc", "12 Elm Street")[2] is None
    assert divided("Kestrel Roofing LLC", "dba Hill Steel Inc", "12 Elm Street")[2] is None
