"""What a description claims where a part of it is in doubt."""

from __future__ import annotations

from connector.certificate.entries import entries, with_entries
from connector.certificate.entry import Source
from connector.certificate.model import Certificate
from connector.extraction.packet import completed
from connector.extraction.reading import ALIKE_UPRIGHTS, CellReading, Line
from tests.extraction.documents import entry_of
from tests.extraction.test_wording import AI, AUTO, GL, PNC, WAIVER, certificate

BOX = (0.0, 0.0, 100.0, 10.0)


def said(*lines: Line, doubt: str | None = None) -> dict[str, str]:
    """Short path -> "stated", "unclear" or "blank" for lines of which some are in doubt."""
    text = "\n".join(line.text for line in lines)
    described = entry_of(text).doubted("A part of it is in doubt.")
    base = certificate(text)
    assert isinstance(base, Certificate)
    base = with_entries(base, {"description_of_operations": described})
    found = completed(base, [], CellReading(1, Source.OCR, lines, BOX, None, doubt))
    return {
        f"{name}.{topic}": "unclear" if entry.is_unclear else str(entry.value or "blank")
        for name in (GL, AUTO)
        for topic in (AI, PNC, WAIVER)
        for entry in [getattr(getattr(found, name), topic)]
    }


def sure(text: str) -> Line:
    return Line(text, BOX)


def doubtful(text: str, second: str | None = None, *, words_stand: bool = True) -> Line:
    return Line(text, BOX, doubt="In doubt.", second=second, words_stand=words_stand)


CLAIM = sure("Summit is additional insured on general liability.")
NO_CLAIM = dict.fromkeys(
    (f"{line}.{topic}" for line in (GL, AUTO) for topic in (AI, PNC, WAIVER)), "blank"
)


def test_a_name_that_readers_spell_differently_leaves_the_claims_sure() -> None:
    found = said(CLAIM, doubtful("Re: Lakeshore Medical Plaza.", "Re: Lakcshore Medical Plaze."))
    assert found == NO_CLAIM | {f"{GL}.{AI}": "stated"}


def test_a_point_that_may_be_dirt_matters_only_where_it_ends_a_sentence() -> None:
    found = said(doubtful("GL is primary.and noncontributory for the project."))
    assert found == NO_CLAIM | {f"{GL}.{PNC}": "stated"}
    text = "WC: waiver of subrogation for Hill Corp Auto coverage is as required."
    assert said(doubtful(text))[f"{AUTO}.{WAIVER}"] == "unclear"
    assert said(doubtful(text))[f"{GL}.{WAIVER}"] == "blank"


def test_a_line_of_insurance_that_one_reader_does_not_see_is_unclear() -> None:
    found = said(doubtful("Waiver of subrogation: general liability", "Waiver of subrogation:"))
    assert found[f"{GL}.{WAIVER}"] == "unclear"


def test_a_word_of_which_a_reader_misses_a_letter_is_that_word() -> None:
    found = said(doubtful("Generat liability is primary and noncontributory.",
                          "General liability is prirnary and noncontributory."))  # fmt: skip
    assert found == NO_CLAIM | {f"{GL}.{PNC}": "stated"}


def test_an_i_that_may_be_an_l_matters_only_in_names() -> None:
    text = "Hill Builders LLC is additional insured on general liability."
    line = Line(text, BOX, doubt=f"{ALIKE_UPRIGHTS} in “{text}”.", words_stand=True)
    assert said(line) == NO_CLAIM | {f"{GL}.{AI}": "stated"}
    base = certificate(text)
    assert isinstance(base, Certificate)
    described = entry_of(text).doubted(str(line.doubt))
    base = with_entries(base, {"description_of_operations": described})
    found = completed(base, [], CellReading(1, Source.OCR, (line,), BOX, None, None))
    assert found.additional_insured_names.is_unclear


def test_a_short_word_that_may_deny_leaves_every_claim_unclear() -> None:
    found = said(doubtful("Summit is nol additional insured on general liability.",
                          "Summit is nat additional insured on general liability."))  # fmt: skip
    assert found[f"{GL}.{AI}"] == "unclear"


def test_an_included_that_may_be_an_excluded_is_unclear() -> None:
    found = said(doubtful("Summit is included as additional insured on general liability.",
                          "Summit is xcluded as additional insured on general liability."))  # fmt: skip
    assert found[f"{GL}.{AI}"] == "unclear"


def test_a_word_that_both_readers_spell_nearly_right_may_be_a_claim() -> None:
    found = said(CLAIM, doubtful("Auto is prirnary and noncontributory. Re: Hill", "Re: Hull"))
    assert found[f"{AUTO}.{PNC}"] == "unclear"
    found = said(CLAIM, doubtful("Automobife liability: waiver of subrogation, Hill."))
    assert found[f"{AUTO}.{WAIVER}"] == "unclear"


def test_hidden_words_may_claim_anything() -> None:
    line = doubtful("Summit is additional insured on general liability.", words_stand=False)
    assert said(line)[f"{GL}.{AI}"] == "unclear"
    assert said(CLAIM, doubtful("Re: A.", words_stand=False))[f"{GL}.{AI}"] == "unclear"
    assert said(CLAIM, doubt="A stamp lies over this box.")[f"{GL}.{AI}"] == "unclear"


def test_readings_that_hardly_agree_may_be_anything() -> None:
    found = said(CLAIM, doubtful("All oper of the named i.", "A11 oper -- of 'he n~med i."))
    assert found[f"{GL}.{AI}"] == "unclear"


def test_two_doubtful_lines_are_taken_together() -> None:
    lines = (doubtful("Waiver of subrogation for Hill Corp"), doubtful("Auto coverage included."))
    assert said(*lines)[f"{AUTO}.{WAIVER}"] == "unclear"


def test_a_claim_for_a_line_that_may_be_empty_is_in_doubt_whatever_the_words() -> None:
    line = Line(CLAIM.text, BOX, doubt=f"{ALIKE_UPRIGHTS} in “{CLAIM.text}”.", words_stand=True)
    base = certificate(CLAIM.text)
    assert isinstance(base, Certificate)
    described = entry_of(CLAIM.text).doubted("A part of it is in doubt.")
    maybe = {
        path: entry.doubted("Maybe.")
        for path, entry in entries(base).items()
        if path.startswith(GL) and entry.is_read
    }
    base = with_entries(base, {**maybe, "description_of_operations": described})
    found = completed(base, [], CellReading(1, Source.OCR, (line,), BOX, None, None))
    assert getattr(getattr(found, GL), AI).is_unclear


def test_a_mark_that_readers_see_differently_in_a_lines_name_leaves_the_line_named() -> None:
    text = 'A waiver of subrogation is on the workers" compensation policy.'
    found = said(doubtful(text, text.replace('"', "’")), sure("CGL: blanket."))
    assert found == NO_CLAIM
