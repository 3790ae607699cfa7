"""Words near one another prove nothing: a sentence must speak of additional insureds, and deny nothing."""

from __future__ import annotations

import pytest

from connector.checking.evaluate import evaluate
from connector.checking.packet import Packet
from tests.checking.packets import DAY, US, good, rules

BLANKET = rules(
    "rules:\n  - id: n\n    require: additional_insured_names\n"
    "    names: {who: legal_names, blanket: accepted}\n"
)
BY_NAME = rules(
    "rules:\n  - id: n\n    require: additional_insured_names\n    names: legal_names\n"
)
TICKED = rules(
    "rules:\n  - id: n\n    require: general_liability.additional_insured_endorsement\n"
    "    endorsed: stated\n"
)


def said(description: str, rule_set: object = BLANKET) -> str:
    certificate = good(additional_insured_names="", description_of_operations=description)
    verdict = evaluate(Packet((certificate,)), rule_set, US, DAY)  # type: ignore[arg-type]
    return next(f.outcome.value for f in verdict.findings if f.rule_id == "n")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Additional insured as required by written contract.", "met"),
        ("Project No. 4417. Owner is additional insured where required by written contract", "met"),
        ("Including but not limited to any person who is additional insured by contract", "met"),
        ("Blanket additional insured per CG 20 10", "met"),
        ("No coverage is afforded to any person other than the named insured.", "not_met"),
        ("Waiver of subrogation applies where required by written contract", "not_met"),
        ("Additional insured status is not granted to any person or organization.", "unclear"),
        ("Blanket additional insured does not apply.", "unclear"),
        ("The owner is additional insured. Waiver applies where required by contract.", "unclear"),
    ],
)
def test_general_words_name_us_only_where_they_are_about_additional_insureds(
    description: str, expected: str
) -> None:
    assert said(description) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Certificate holder is additional insured", "met"),
        ("Certificate holder is included as additional insured where required by contract", "met"),
        ("Additional insured: certificate holder", "met"),
        ("Certificate holder is no additional insured", "unclear"),
        ("Certificate holder isn't an additional insured", "unclear"),
        ("Certificate holder is excluded as additional insured", "unclear"),
        ("Certificate holder is loss payee, additional insured is Lakeside Health", "unclear"),
    ],
)
def test_the_holder_is_named_only_where_nothing_denies_it(description: str, expected: str) -> None:
    assert said(description, BY_NAME) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Certificate holder is additional insured", "met"),
        ("Certificate holder is not an additional insured", "unclear"),
        ("No additional insureds", "unclear"),
        ("Additional insured status is not provided", "unclear"),
        ("Additional insured coverage is not limited to the project", "met"),
    ],
)
def test_a_tick_against_the_words_is_for_a_person(description: str, expected: str) -> None:
    assert said(description, TICKED) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Waiver of subrogation applies.", "met"),
        ("Waiver of subrogation does not apply.", "unclear"),
        ("No waiver of subrogation", "unclear"),
        ("Waiver of subrogation does not apply to workers compensation.", "met"),
        ("Waiver of subrogation does not apply to the GL policy.", "unclear"),
        ("No additional insureds", "met"),
    ],
)
def test_a_waiver_that_is_ticked_and_denied_is_for_a_person(
    description: str, expected: str
) -> None:
    waived = rules(
        "rules:\n  - id: n\n    require: general_liability.waiver_of_subrogation_endorsement\n"
        "    endorsed: stated\n"
    )
    assert said(description, waived) == expected
