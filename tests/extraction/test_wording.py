"""What the words of a description claim, deny, and leave open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.certificate.entries import entry_at, with_entries
from connector.certificate.entry import Entry
from connector.extraction import named_parties, wording
from connector.extraction.clauses import clauses
from connector.extraction.packet import completed
from tests.extraction.documents import certificate_of, entry_of

GL, AUTO, UMBRELLA, WC = (
    "general_liability", "auto_liability", "umbrella_liability", "workers_compensation",
)  # fmt: skip
AI, PNC, WAIVER = (
    "additional_insured_endorsement",
    "primary_and_noncontributory_endorsement",
    "waiver_of_subrogation_endorsement",
)


def certificate(description: str, **more: object) -> object:
    values: dict[str, object] = {
        f"{line}.{name}": value
        for line in (GL, AUTO, UMBRELLA, WC)
        for name, value in (
            ("policy_number", f"{line}-1"),
            ("effective_date", date(2026, 3, 1)),
            ("expiration_date", date(2027, 3, 1)),
        )
    }
    values["certificate_holder.name"] = "Summit Builders Inc"
    values["description_of_operations"] = description
    values |= {path.replace("__", "."): value for path, value in more.items()}
    return certificate_of(values)


def stated(description: str, **more: object) -> dict[str, str]:
    """Short path -> "stated" or "unclear" for everything the words come to."""
    found = wording.claims(certificate(description, **more))  # type: ignore[arg-type]
    return {
        path: "unclear" if entry.is_unclear else str(entry.value) for path, entry in found.items()
    }


def lines_with(name: str, found: dict[str, str], how: str = "stated") -> set[str]:
    return {
        path.partition(".")[0]
        for path, value in found.items()
        if path.endswith(name) and value == how
    }


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Summit Builders Inc is included as additional insured with respect to general liability.", {GL}),
        ("Certificate holder is an Additional Insured on the GL and Auto policies.", {GL, AUTO}),
        ("Owner named as add'l insured under the Commercial General Liability and Umbrella policies.", {GL, UMBRELLA}),
        ("All policies include the certificate holder as additional insured except workers' compensation.", {GL, AUTO, UMBRELLA}),
        ("Additional insured per CG 20 10 04 13 and CG 20 37 04 13.", {GL}),
        ("Certificate holder is additional insured for auto liability per CA 20 48.", {AUTO}),
    ],
)  # fmt: skip
def test_lines_that_are_named_are_stated(text: str, lines: set[str]) -> None:
    assert lines_with(AI, stated(text)) == lines


@pytest.mark.parametrize(
    "text",
    ["GL is primary and non-contributory.", "General liability coverage is primary/noncontributory.",
     "Coverage under the CGL policy is on a primary & non contributory basis.", "GL: primary and non-\ncontributory."],
)  # fmt: skip
def test_spellings_of_primary_and_noncontributory(text: str) -> None:
    assert lines_with(PNC, stated(text)) == {GL}


def test_primary_alone_is_unclear() -> None:
    assert lines_with(PNC, stated("General liability is primary."), "unclear") == {GL}


@pytest.mark.parametrize(
    "text",
    ["Waiver of subrogation applies to workers compensation.", "WC includes a waiver of our rights of subrogation.",
     "Subrogation is waived under the Workers' Compensation policy.", "A waiver of subrogation is on the workers’ compensation policy.",
     "A waiver of subrogation is included on the workers\" compensation policy.", "Waiver of subrogation: Worker´s Comp.", "Blanket waiver per WC 00 03 13 04 84."],
)  # fmt: skip
def test_spellings_of_waiver(text: str) -> None:
    assert lines_with(WAIVER, stated(text)) == {WC}


@pytest.mark.parametrize(
    "text",
    ["The certificate holder is not an additional insured on the general liability policy.",
     "No waiver of subrogation applies to general liability.",
     "Additional insured status does not apply to the auto policy.",
     "Waiver of subrogation doesn’t apply to general liability.", "The owner isn’t an additional insured on general liability.",
     "Additional insured status won't apply to the owner’s general liability."],
)  # fmt: skip
def test_a_denial_states_nothing(text: str) -> None:
    assert stated(text) == {}


def test_a_claim_and_a_denial_of_the_same_are_unclear() -> None:
    found = stated(
        "Holder is additional insured on general liability. Holder is not an additional insured on general liability."
    )
    assert GL in lines_with(AI, found, "unclear")


def test_a_claim_for_no_line_counts_for_the_lines_that_are_marked() -> None:
    text = "Certificate holder is an additional insured as required by written contract."
    assert lines_with(AI, stated(text, general_liability__additional_insured=True)) == {GL}


def test_a_claim_for_no_line_is_unclear_where_none_is_marked() -> None:
    text = "Coverage is primary and noncontributory."
    assert lines_with(PNC, stated(text), "unclear") == {GL, AUTO, UMBRELLA}


def test_completed_operations_are_stated_with_additional_insured_only() -> None:
    path = f"{GL}.completed_operations_endorsement"
    text = "Owner is additional insured on GL for ongoing and completed operations."
    assert stated(text)[path] == "stated"
    assert path not in stated("Products and completed operations are covered.")
    assert path not in stated("Owner is additional insured on GL excluding completed operations.")


def test_a_per_project_aggregate_belongs_to_general_liability() -> None:
    for text in ("General aggregate applies per project.", "Per project aggregate applies."):
        assert stated(text)[f"{GL}.per_project_aggregate_endorsement"] == "stated"


def test_two_sentences_do_not_lend_each_other_their_lines() -> None:
    text = (
        "WC: waiver of subrogation in favor of Lakeshore Contracting Corp. Lakeshore Contracting Corp. is "
        "additional insured on the general liability policy."
    )
    found = stated(text)
    assert lines_with(WAIVER, found) == {WC}
    assert lines_with(AI, found) == {GL}


def test_words_of_a_doubtful_description_are_unclear() -> None:
    base = certificate("Summit is additional insured on general liability.")
    doubtful = entry_of("Summit is addit\ufffdonal insured on genera\ufffd liability.").doubted(
        "Letters are lost."
    )
    found = wording.claims(with_entries(base, {"description_of_operations": doubtful}))  # type: ignore[arg-type]
    assert found
    assert all(entry.is_unclear for entry in found.values())


def names(description: str) -> Entry[str] | None:
    return named_parties.additional_insureds(certificate(description))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["Certificate holder is named as additional insured on general liability.",
     "Summit Builders, Inc. is included as an additional insured.", "SUMMIT BUILDERS INC is additional insured."],
)  # fmt: skip
def test_the_holder_is_named_however_it_is_called(text: str) -> None:
    found = names(text)
    assert found is not None
    assert found.is_read
    assert found.value == "Summit Builders Inc"


def test_several_names_in_one_sentence_are_unclear() -> None:
    found = names("Lakeside Health and Harbor Bank are named as additional insureds.")
    assert found is not None
    assert found.is_unclear


def test_blanket_words_name_nobody() -> None:
    assert (
        names(
            "Any person or organization is an additional insured where required by written contract."
        )
        is None
    )


def test_who_is_denied_is_not_named() -> None:
    assert names("Certificate holder is not an additional insured.") is None


def notice(description: str) -> tuple[object, object]:
    found = named_parties.notice(certificate(description))  # type: ignore[arg-type]
    days = found.get("notice_of_cancellation_days")
    return (
        found["notice_of_cancellation"].value if "notice_of_cancellation" in found else None,
        ("unclear" if days.is_unclear else days.value) if days else None,
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [("30 days' notice of cancellation applies, 10 days for non-payment.", 30),
     ("Sixty (60) day notice of cancellation is given.", 60), ("Thirty days notice of cancellation.", 30),
     ("30 day written notice of cancellation except 10 days for nonpayment of premium.", 30),
     ("Notice of cancellation is provided by endorsement.", None)],
)  # fmt: skip
def test_notice_of_cancellation_and_its_days(text: str, days: int | None) -> None:
    assert notice(text) == ("stated", days)


def test_two_numbers_of_days_are_unclear() -> None:
    assert (
        notice("30 days notice of cancellation. 45 days notice of cancellation to lender.")[1]
        == "unclear"
    )


@pytest.mark.parametrize(
    "text",
    ["Project starts in 30 days.", "No notice of cancellation is given.",
     "Notice of cancellation will be delivered in accordance with the policy provisions."],
)  # fmt: skip
def test_other_days_and_denials_promise_nothing(text: str) -> None:
    assert notice(text) == (None, None)


def test_sentences_are_not_cut_at_abbreviations() -> None:
    text = "Smith & Co. Inc. Is covered? Re: Job No. 22-118.\nGL is primary and\nnoncontributory."
    assert [clause.text for clause in clauses(text)][-1] == "GL is primary and noncontributory."


def test_the_description_names_no_line_that_is_absent() -> None:
    base = certificate_of(
        {
            f"{GL}.policy_number": "GL-1",
            "description_of_operations": "Auto liability includes a waiver of subrogation.",
        }
    )
    assert wording.claims(base) == {}
    assert entry_at(base, f"{AUTO}.{WAIVER}").is_blank


def test_a_claim_for_a_line_that_may_not_be_filled_in_is_unclear() -> None:
    base = certificate_of({"description_of_operations": "Auto includes a waiver of subrogation."})
    for sure in (True, False):
        number = entry_of("AU-1") if sure else entry_of("AU-1").doubted("A stamp lies over it.")
        found = completed(with_entries(base, {f"{AUTO}.policy_number": number}), [])
        assert entry_at(found, f"{AUTO}.{WAIVER}").is_unclear is not sure


@pytest.mark.parametrize(
    ("second", "unclear"),
    [
        ("All operations of the named lnsured.", set()),
        ("A11 oper -- of 'he n~med i.", {GL, AUTO, UMBRELLA, WC}),
    ],
)
def test_a_line_that_two_readings_hardly_share_may_hide_any_claim(
    second: str, unclear: set[str]
) -> None:
    text = "All operations of the named insured."
    found = certificate(text)
    read = entry_at(found, "description_of_operations")  # type: ignore[arg-type]
    assert read.evidence
    doubtful = replace(
        read.doubted("Two readings differ."), others=(replace(read.evidence, text=second),)
    )
    broken = with_entries(found, {"description_of_operations": doubtful})  # type: ignore[arg-type]
    claims = wording.claims(broken)
    assert {path.partition(".")[0] for path in claims if path.endswith(WAIVER)} == unclear
    assert all(entry.is_unclear for entry in claims.values())


@pytest.mark.parametrize(
    "text",
    [
        "Waiver of subrogation excluded on general liability.",
        "CG 20 10 12 19 not included.",
        "CG 24 04: none",
    ],
)
def test_what_is_excluded_or_not_included_is_not_stated(text: str) -> None:
    assert stated(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Summit Builders Inc is additional insured on GL for ongoing operations, completed operations are excluded.",
        "Summit Builders Inc is additional insured on GL for ongoing operations, completed operations not included.",
    ],
)
def test_completed_operations_that_are_denied_are_not_stated(text: str) -> None:
    found = stated(text)
    assert lines_with(AI, found) == {GL}
    assert not lines_with("completed_operations_endorsement", found)


@pytest.mark.parametrize(
    "text",
    [
        "Additional insured status for general liability is pending.",
        "Additional insured endorsement CG 20 10 will be issued upon request.",
        "CG 20 10 has been requested.",
    ],
)
def test_what_is_promised_or_asked_for_is_unclear(text: str) -> None:
    found = stated(text)
    assert GL in lines_with(AI, found, "unclear")
    assert not lines_with(AI, found)
