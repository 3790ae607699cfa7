"""Our labels as the platforms print them: sentence case and names for Make."""

from __future__ import annotations

import pytest

from connector.catalog.words import camel_case, kebab_case, lower_title, with_article


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Parse Certificate", "Parse a certificate"),
        ("Push Certificate to Procore", "Push a certificate to Procore"),
        ("Push Certificate to GCPay", "Push a certificate to GCPay"),
        ("Log Certificate to Google Sheets", "Log a certificate to Google Sheets"),
        ("Send Deficiency Notice", "Send a deficiency notice"),
        ("Acknowledge Push", "Acknowledge a push"),
        ("Find Vendor Coverage", "Find vendor coverage"),
        ("Undo Acknowledgement", "Undo an acknowledgement"),
    ],
)
def test_a_title_becomes_a_verb_and_a_thing(title: str, said: str) -> None:
    assert with_article(title) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Rule sets", "rule sets"),
        ("Procore vendors", "Procore vendors"),
        ("New Non-Compliant Certificate", "new non-compliant certificate"),
    ],
)
def test_a_title_within_a_sentence_keeps_only_names(title: str, said: str) -> None:
    assert lower_title(title) == said


def test_names_of_parts_and_of_their_files() -> None:
    assert camel_case("certificate.non_compliant") == "certificateNonCompliant"
    assert kebab_case("certificateNonCompliant") == "certificate-non-compliant"
