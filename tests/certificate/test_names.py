"""Names: the same company written otherwise is the same; near is for a person; never merged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.certificate.names import Likeness, compare, named_in, normalise, sides

SAME, NEAR, DIFFERENT = Likeness.SAME, Likeness.NEAR, Likeness.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northfield Roofing LLC", "NORTHFIELD ROOFING, L.L.C."),
        ("Northfield Roofing LLC", "Northfield Roofing"),
        ("Smith & Sons Inc.", "Smith and Sons, Incorporated"),
        ("The Summit Group", "Summit Group"),
        ("J. R. Smith Constr. Co., Inc.", "JR Smith Construction"),
        ("O'Brien Bros. Mech. Svcs.", "OBrien Brothers Mechanical Services"),
        ("Nuñez Plumbing", "NUNEZ PLBG"),
        ("Northfield Roofing LLC DBA Northfield Exteriors", "Northfield Exteriors"),
        ("Northfield Roofing LLC\nd/b/a Northfield Exteriors", "Northfield Roofing"),
        ("A-1 Steel", "A1 Steel"),
        ("Smith Limited Liability Company", "Smith LLC"),
    ],
)
def test_the_same_company_written_otherwise(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one) is SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northfield Roofing LLC", "Northfield Roofing Inc"),
        ("Northfield Roofing", "Northfeild Roofing"),
        ("Northfield Roofing", "Northfield Roofing of Ohio"),
        ("Smith Jones Electric", "Jones Smith Electric"),
        ("Project Holdings 1 LLC", "Project Holdings 2 LLC"),
    ],
)
def test_a_near_name_is_for_a_person(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one) is NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northfield Roofing", "Lakeshore Plumbing"),
        ("ABC Inc", "XYZ Inc"),
        ("LLC", "Inc"),
        ("", "Northfield Roofing"),
        ("Smith Roofing", "Smythe Masonry"),
    ],
)
def test_another_company_is_different(one: str, other: str) -> None:
    assert compare(one, other) is DIFFERENT


@pytest.mark.parametrize(
    ("name", "text", "likeness"),
    [
        ("Summit Builders Inc", "Summit Builders Inc and Lakeside Health, ISAOA/ATIMA", SAME),
        ("Lakeside Health", "Summit Builders Inc and Lakeside Health, ISAOA/ATIMA", SAME),
        ("Summit Builders", "Summit Builders, its officers, agents and employees", SAME),
        ("Lakeside Health", "Summit Builders, Inc.; Lakeside Health; First Bank", SAME),
        ("First Bank", "Summit Builders Inc\nFirst Bank ISAOA", SAME),
        ("Lakeside Health", "Summit Builders Inc c/o Lakeside Health", SAME),
        ("Summit Builders", "Summit Builders of Ohio LLC", NEAR),
        ("Brown LLC", "Smith and Brown LLC", NEAR),
        ("Jones", "Smith, Jones & Brown LLC", NEAR),
        ("Lakeside Health", "Re: work at Lakeside Health, building 4", NEAR),
        ("Lakeside Health", "Summit Builders Inc", DIFFERENT),
        ("Lakeside Health", "", DIFFERENT),
    ],
)
def test_a_text_names_a_company_only_as_a_whole(name: str, text: str, likeness: Likeness) -> None:
    assert named_in(name, text) is likeness


def test_the_key_of_a_vendor_keeps_the_kind_of_company() -> None:
    assert normalise("Northfield Roofing, L.L.C.") == normalise("NORTHFIELD ROOFING LLC")
    assert normalise("Smith LLC") != normalise("Smith Inc") != normalise("Smith")
    assert normalise("Northfield Roofing LLC dba Northfield Exteriors") == "northfield roofing llc"


def test_a_dba_has_its_legal_side_first() -> None:
    assert sides("A LLC, d/b/a B and C") == ("A LLC", "B and C")
    assert sides("DBAX Partners") == ("DBAX Partners",)


@given(st.text(max_size=60))
def test_a_name_is_the_same_as_itself_or_says_nothing(text: str) -> None:
    assert compare(text, text) in (SAME, DIFFERENT)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_has_no_order(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one)
