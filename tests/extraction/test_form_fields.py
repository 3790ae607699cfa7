"""Live form fields: names, states and values, and what the page shows of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from connector.extraction import form_fields
from connector.extraction.form_fields import FormPage
from connector.extraction.widgets import STATES_DIFFER
from tests.drawing.makes import draw
from tests.drawing.values import made_up
from tests.extraction.documents import document_of, flat_of, page_of, unclear_in

BOX = (216.0, 336.0, 328.0, 348.0)


def form_of(*fields: Mapping[str, Any], page: bytes | None = None) -> bytes:
    """A page with these fields as widgets, each a dictionary of PDF entries."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page or page_of((20, 20, "page")))) as pdf:
        widgets = []
        for entries in fields:
            widget = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, Rect=Array([216, 444, 328, 456]), F=4
            )
            for key, value in entries.items():
                widget[f"/{key}"] = value
            widgets.append(pdf.make_indirect(widget))
        pdf.pages[0].Annots = Array(widgets)
        pdf.Root.AcroForm = Dictionary(Fields=Array(widgets))
        pdf.save(out)
    return out.getvalue()


def read(data: bytes) -> FormPage:
    return form_fields.read(document_of(data))[1]


POLICY = "Policy_GeneralLiability_PolicyNumberIdentifier_A"
OCCUR = "GeneralLiability_OccurrenceIndicator_A"


@pytest.mark.parametrize(
    "name", [POLICY, f"F[0].P1[0].{POLICY}[0]", POLICY.upper(), f"F[0].P1[0].{POLICY.lower()}[0]"]
)
def test_a_field_is_known_plain_wrapped_and_in_any_case(name: str) -> None:
    page = read(form_of({"T": String(name), "FT": Name.Tx, "V": String("GL-4481902")}))
    cell = page.cells["general_liability.policy_number"]
    assert cell.text == "GL-4481902"
    assert cell.box == BOX


def test_a_name_given_by_parents_is_put_together() -> None:
    data = form_of({"T": String(f"{POLICY}[0]"), "FT": Name.Tx})
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        widget = pdf.pages[0].Annots[0]
        parent = pdf.make_indirect(Dictionary(T=String("F[0].P1[0]"), V=String("GL-7"), FT=Name.Tx))
        widget.Parent = parent
        del widget["/FT"]
        pdf.save(out)
    assert read(out.getvalue()).cells["general_liability.policy_number"].text == "GL-7"


@pytest.mark.parametrize("state", ["/1", "/On", "/Yes", "/X"])
def test_any_state_but_off_is_a_tick(state: str) -> None:
    page = read(form_of({"T": String(OCCUR), "FT": Name.Btn, "AS": Name(state), "V": Name(state)}))
    assert page.cells["general_liability.occurrence"].ticked is True


def test_off_is_no_tick() -> None:
    page = read(form_of({"T": String(OCCUR), "FT": Name.Btn, "AS": Name.Off, "V": Name.Off}))
    assert page.cells["general_liability.occurrence"].ticked is False


@pytest.mark.parametrize(
    ("text", "ticked"),
    [("X", True), ("Y", True), ("1", True), ("", False), ("Off", False), ("0", False)],
)
def test_a_tick_may_be_a_text_field(text: str, ticked: bool) -> None:
    page = read(form_of({"T": String(OCCUR), "FT": Name.Tx, "V": String(text)}))
    assert page.cells["general_liability.occurrence"].ticked is ticked


def test_a_tick_stored_otherwise_than_shown_is_in_doubt() -> None:
    page = read(form_of({"T": String(OCCUR), "FT": Name.Btn, "AS": Name.Off, "V": Name("/1")}))
    cell = page.cells["general_liability.occurrence"]
    assert cell.doubt == STATES_DIFFER


def test_a_word_in_a_tick_field_is_in_doubt() -> None:
    page = read(form_of({"T": String(OCCUR), "FT": Name.Tx, "V": String("see below")}))
    cell = page.cells["general_liability.occurrence"]
    assert cell.ticked is None
    assert cell.doubt


def test_values_in_utf_16_are_text() -> None:
    value = String("\ufeffMüller & Söhne".encode("utf-16-be"))
    page = read(
        form_of(
            {"T": String("NamedInsured_FullName_A"), "FT": Name.Tx, "V": String("Müller – Söhne")}
        )
    )
    assert page.cells["insured"].text == "Müller - Söhne"
    assert value is not None


def test_a_value_that_is_hidden_is_in_doubt() -> None:
    page = read(form_of({"T": String(POLICY), "FT": Name.Tx, "V": String("GL-1"), "F": 2}))
    assert page.cells["general_liability.policy_number"].doubt == form_fields.SHOWN_OTHERWISE


def test_city_state_and_zip_make_one_line() -> None:
    parts = {
        "NamedInsured_FullName_A": "Northfield Roofing LLC",
        "NamedInsured_MailingAddress_LineOne_A": "48 Quarry Road",
        "NamedInsured_MailingAddress_CityName_A": "Peoria",
        "NamedInsured_MailingAddress_StateOrProvinceCode_A": "IL",
        "NamedInsured_MailingAddress_PostalCode_A": "61602",
    }
    page = read(
        form_of(*({"T": String(n), "FT": Name.Tx, "V": String(v)} for n, v in parts.items()))
    )
    assert page.cells["insured"].text == "Northfield Roofing LLC\n48 Quarry Road\nPeoria, IL 61602"


def with_xfa(data: bytes, **values: str) -> bytes:
    """The form with XFA data that holds these values."""
    out = io.BytesIO()
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        packet = pdf.make_stream(
            f"<xfa:datasets><xfa:data>{elements}</xfa:data></xfa:datasets>".encode()
        )
        pdf.Root.AcroForm.XFA = Array([String("datasets"), packet])
        pdf.save(out)
    return out.getvalue()


def test_a_second_value_in_the_xfa_data_puts_a_field_in_doubt() -> None:
    data = form_of({"T": String(POLICY), "FT": Name.Tx, "V": String("GL-1")})
    same = read(with_xfa(data, **{POLICY: "GL-1"})).cells["general_liability.policy_number"]
    other = read(with_xfa(data, **{POLICY: "GL-2"})).cells["general_liability.policy_number"]
    assert same.doubt is None
    assert other.text == "GL-1"
    assert "GL-2" in str(other.doubt)


def test_a_tick_that_the_xfa_data_does_not_have_is_in_doubt() -> None:
    data = form_of({"T": String(OCCUR), "FT": Name.Btn, "AS": Name("/1"), "V": Name("/1")})
    assert read(with_xfa(data, **{OCCUR: "1"})).cells["general_liability.occurrence"].doubt is None
    assert read(with_xfa(data, **{OCCUR: "0"})).cells["general_liability.occurrence"].doubt


def test_a_document_without_fields_has_no_form() -> None:
    assert form_fields.read(document_of(page_of((20, 20, "x")))) == {}


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for widget in pdf.pages[0].Annots:
            change(widget)
        pdf.save(out)
    return out.getvalue()


def drawn_form(seed: int = 5500) -> bytes:
    """A drawn form whose fields are drawn too."""
    for number in range(seed, seed + 20):
        data = draw(made_up(number, "clean"), make="form")
        if b"NeedAppearances true" not in data and flat_of(data)["general_liability_policy_number"]:
            return data
    raise AssertionError("no form with drawn values")


def name_of(widget: Any) -> str:
    return str(widget.get("/T", ""))


def test_a_value_that_the_page_shows_otherwise_is_unclear() -> None:
    def forge(widget: Any) -> None:
        if POLICY in name_of(widget):
            widget.V = String("FORGED-999")

    flat = flat_of(changed(drawn_form(), forge))
    assert "general_liability_policy_number" in unclear_in(flat)
    assert flat["needs_review"] is True


def test_an_emptied_form_whose_values_are_still_drawn_falls_through_to_the_text() -> None:
    def empty(widget: Any) -> None:
        if "/V" in widget and widget.get("/FT") == "/Tx":
            del widget["/V"]

    data = drawn_form()
    before = flat_of(data)
    after = flat_of(changed(data, empty))
    key = "general_liability_policy_number"
    assert after[key] == before[key]
    assert key not in unclear_in(after)


def test_fields_with_names_of_their_own_are_read_by_where_they_stand() -> None:
    counter = iter(range(1000))

    def rename(widget: Any) -> None:
        widget.T = String(f"Text{next(counter)}")
        if "/Parent" in widget:
            del widget["/Parent"]

    data = drawn_form()
    before, after = flat_of(data), flat_of(changed(data, rename))
    for key in (
        "general_liability_policy_number",
        "general_liability_each_occurrence",
        "insured_name",
    ):
        assert after[key] == before[key]


def test_a_field_in_a_layer_that_is_off_is_in_doubt() -> None:
    out = io.BytesIO()
    data = form_of({"T": String(POLICY), "FT": Name.Tx, "V": String("GL-1")})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
        pdf.pages[0].Annots[0].OC = group
        pdf.save(out)
    assert read(out.getvalue()).cells["general_liability.policy_number"].doubt


@pytest.mark.parametrize("rect", [[-300, 444, -200, 456], [216, 444, 216, 444]])
def test_a_field_beside_the_page_or_without_room_is_in_doubt(rect: list[int]) -> None:
    field = {"T": String(POLICY), "FT": Name.Tx, "V": String("GL-1"), "Rect": Array(rect)}
    assert read(form_of(field)).cells["general_liability.policy_number"].doubt


def test_two_fields_of_one_name_that_differ_are_in_doubt() -> None:
    first, second = ({"T": String(POLICY), "FT": Name.Tx, "V": String(v)} for v in ("GL-1", "GL-2"))
    cell = read(form_of(first, second)).cells["general_liability.policy_number"]
    assert cell.text == "GL-1"
    assert "GL-2" in (cell.doubt or "")


def test_a_tick_in_a_state_that_has_no_drawing_is_in_doubt() -> None:
    states = Dictionary(N=Dictionary(Yes=Dictionary()))
    field = {"T": String(OCCUR), "FT": Name.Btn, "V": Name("/1"), "AS": Name("/1"), "AP": states}
    assert read(form_of(field)).cells["general_liability.occurrence"].doubt == STATES_DIFFER


@pytest.mark.parametrize(("drawn_anew", "in_doubt"), [(False, True), (True, False)])
def test_a_value_whose_drawing_is_empty_is_in_doubt_unless_viewers_draw_it_anew(
    drawn_anew: bool, in_doubt: bool
) -> None:
    out = io.BytesIO()
    data = form_of({"T": String(POLICY), "FT": Name.Tx, "V": String("GL-1")})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        empty = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        pdf.pages[0].Annots[0].AP = Dictionary(N=empty)
        pdf.Root.AcroForm.NeedAppearances = drawn_anew
        pdf.save(out)
    assert bool(read(out.getvalue()).cells["general_liability.policy_number"].doubt) is in_doubt
