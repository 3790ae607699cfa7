"""The benchmark's documents."""

from __future__ import annotations

from tests.drawing.corpus import FIRST_MEASURED, KINDS, MORE_KINDS, Kind, corpus
from tests.drawing.makes import MAKES


def test_every_kind_shows_the_same_certificates() -> None:
    text, fax = (list(corpus(KINDS[name], count=8)) for name in ("text", "fax"))
    assert [drawn.truth for drawn in text] == [drawn.truth for drawn in fax]
    assert [drawn.expected for drawn in text] == [drawn.expected for drawn in fax]


def test_measured_seeds_are_not_those_of_tests_and_tuning() -> None:
    assert all(drawn.truth.seed >= FIRST_MEASURED for drawn in corpus(KINDS["text"]))


def test_a_corpus_holds_every_difficulty_and_the_older_editions_in_turn() -> None:
    drawn = list(corpus(Kind("text", None), count=8))
    assert {each.truth.difficulty for each in drawn} == {"clean", "usual", "hard"}
    assert {each.edition for each in drawn} == {"2014/01", "2010/05", "2009/09", "2009/01"}


def test_kinds_name_makes_that_can_be_drawn() -> None:
    assert {kind.make for kind in (KINDS | MORE_KINDS).values()} <= set(MAKES)


def test_names_of_documents_are_unique() -> None:
    names = [drawn.name for kind in KINDS.values() for drawn in corpus(kind, count=8)]
    assert len(set(names)) == len(names)


def test_a_document_is_drawn_the_same_each_time() -> None:
    (drawn,) = corpus(KINDS["text"], count=1)
    assert drawn.data == drawn.data
