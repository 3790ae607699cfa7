"""What a person fills in at Zapier: fields that nothing on the way can change."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import pytest
from marshmallow.validate import OneOf

from connector.actions import inputs
from connector.actions.registry import ACTIONS
from connector.catalog.words import title_case
from connector.catalog.zapier.inputs import action_inputs, input_fields


def fields_of(**members: Any) -> dict[str, dict[str, Any]]:
    schema = ma.Schema.from_dict(members)
    return {field["key"]: field for field in input_fields(schema)}


def test_money_and_days_stay_text() -> None:
    found = fields_of(
        value=inputs.dollars("Value", help="An amount."), end=inputs.day("End", help="A day.")
    )
    assert (found["value"]["type"], found["end"]["type"]) == ("string", "string")


def test_a_number_field_is_refused_because_zapier_changes_numbers() -> None:
    number = ma.fields.Integer(metadata={"title": "Days", "description": "How many days."})
    with pytest.raises(TypeError, match="days: a Integer has no safe type"):
        fields_of(days=number)


def test_several_names_are_a_list_and_a_flag_shows_its_default() -> None:
    found = fields_of(
        owner=inputs.names("Owner", help="Names."),
        push=inputs.flag("Push", help="Whether.", default=True),
    )
    assert found["owner"]["list"] is True
    assert (found["push"]["type"], found["push"]["default"]) == ("boolean", "true")


def test_a_closed_choice_is_a_dropdown_with_words_for_people() -> None:
    choice = ma.fields.String(
        validate=OneOf(["each_accident", "policy_limit"]),
        metadata={"title": "Limit", "description": "Which limit."},
    )
    assert fields_of(limit=choice)["limit"]["choices"] == {
        "each_accident": "Each Accident",
        "policy_limit": "Policy Limit",
    }


def test_the_file_comes_first_and_the_deduplication_key_last() -> None:
    keys = [field["key"] for field in action_inputs(ACTIONS["process_certificate"])]
    assert (keys[0], keys[-1]) == ("file", "deduplication_key")
    assert not {"callback_url", "file_url", "file_base64"} & set(keys)


def test_the_certificate_comes_first_where_one_is_chosen() -> None:
    assert action_inputs(ACTIONS["check_certificate"])[0]["key"] == "certificate_id"


@pytest.mark.parametrize(
    ("label", "titled"),
    [
        ("General liability: each occurrence", "General Liability: Each Occurrence"),
        ("Workers compensation: per statute", "Workers Compensation: Per Statute"),
        ("Products-completed operations aggregate", "Products-Completed Operations Aggregate"),
        ("Producer: e-mail", "Producer: E-Mail"),
        ("Deductible (as words)", "Deductible (as Words)"),
        ("Failures (text)", "Failures (Text)"),
        ("NAIC code", "NAIC Code"),
        ("General aggregate applies per", "General Aggregate Applies Per"),
    ],
)
def test_labels_are_in_title_case(label: str, titled: str) -> None:
    assert title_case(label) == titled
