"""Made-up certificates: the same seed and difficulty give the same truth."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo.sheet import Party, Sheet
from tests.drawing import names
from tests.drawing.contradictions import contradict
from tests.drawing.filling import Filling
from tests.drawing.free_rows import free_rows
from tests.drawing.lines import (
    auto_liability,
    general_liability,
    umbrella_liability,
    workers_compensation,
)
from tests.drawing.print_habits import habits
from tests.drawing.truth import Truth
from tests.drawing.wording import Sentence, sentences, wrapped

LETTERS = "ABCDEF"
DIFFICULTIES = ("clean", "usual", "hard")
STANDARD = {
    "general_liability": general_liability,
    "auto_liability": auto_liability,
    "umbrella_liability": umbrella_liability,
    "workers_compensation": workers_compensation,
}


def made_up(seed: int, difficulty: str = "usual") -> Truth:
    """A certificate: clean (one office's plain print), usual (every habit), hard (contradictions too)."""
    filling = filled(seed, difficulty)
    return Truth(
        seed=seed,
        difficulty=difficulty,
        sheet=Sheet(filling.cells, filling.parties),
        expected=filling.complete(),
        unclear=frozenset(filling.unclear),
        arguable=frozenset(filling.arguable),
    )


def filled(seed: int, difficulty: str) -> Filling:
    """The same, still open to changes."""
    if difficulty not in DIFFICULTIES:
        raise ValueError(difficulty)
    rng = Random(f"{seed}/{difficulty}")
    filling = Filling(rng, difficulty, habits(rng, difficulty))
    _document(filling)
    _people(filling)
    insurers = _insurers(filling)
    _lines(filling, insurers)
    _describe(filling)
    if difficulty == "hard":
        contradict(filling)
    return filling


def _document(filling: Filling) -> None:
    rng = filling.rng
    filling.day("certificate_date", date(2025, 1, 2) + timedelta(days=rng.randrange(700)))
    if rng.random() < 0.5:
        filling.says("certificate_number", f"{rng.randrange(24, 27)}-{rng.randrange(1000, 9999)}")
    if filling.chance(0.2):
        filling.says("revision_number", str(rng.randrange(1, 9)))
    filling.means("authorized_representative_signed", None)
    if rng.random() < 0.9:
        filling.cells["signature"] = names.person(rng)
        filling.means("authorized_representative_signed", True)


def _people(filling: Filling) -> None:
    rng = filling.rng
    agency = names.agency(rng)
    _party(filling, "producer", names.located(rng, agency))
    _party(filling, "insured", names.located(rng, *_insured_names(filling)))
    _party(filling, "certificate_holder", names.located(rng, *_holder_names(filling)))
    filling.says("producer_contact_name", names.person(rng))
    filling.says("producer_phone", names.phone(rng))
    filling.says("producer_email", names.email(rng, agency))
    if rng.random() < 0.6:
        filling.says("producer_fax", names.phone(rng))
    if filling.chance(0.15):
        filling.cells["insured_corner"] = f"CLIENT# {rng.randrange(1000, 99999)}"
    if filling.chance(0.15):
        filling.cells["holder_corner"] = f"CERT NO {rng.randrange(10**6, 10**7)}"


def _insured_names(filling: Filling) -> tuple[str, ...]:
    first = names.firm(filling.rng)
    if filling.chance(0.2):
        return first, f"{filling.rng.choice(('DBA', 'dba', 'd/b/a'))} {names.firm(filling.rng)}"
    if filling.hard(0.1):
        return f"{first.rsplit(' ', 1)[0]} of the Northern", "Counties Joint Venture LLC"
    return (first,)


def _holder_names(filling: Filling) -> tuple[str, ...]:
    """One builder, sometimes with its owner beneath."""
    first = names.builder(filling.rng)
    if filling.hard(0.15):
        return f"{first} and", names.builder(filling.rng)
    return (first,)


def _party(filling: Filling, block: str, party: Party) -> None:
    filling.parties[block] = party
    filling.means(f"{block}_name", party.name)
    filling.means(f"{block}_address", party.address)


def _insurers(filling: Filling) -> str:
    """The letters of the insurers listed."""
    listed = LETTERS[: filling.rng.choice((1, 2, 3, 3, 4, 5, 6))]
    for letter in listed:
        key = f"insurer_{letter.lower()}"
        filling.says(f"{key}_name", names.insurer(filling.rng))
        if not filling.chance(0.06):
            filling.says(f"{key}_naic", names.naic_code(filling.rng))
    return listed


def _lines(filling: Filling, insurers: str) -> None:
    rng = filling.rng
    absent = {"clean": 0.15, "usual": 0.25, "hard": 0.3}[filling.difficulty]
    for number, (line, fill) in enumerate(STANDARD.items()):
        if number and rng.random() < absent:
            if filling.chance(0.3):
                filling.cells[f"{line}_insurer_letter"] = rng.choice(insurers)
            continue
        fill(filling, rng.choice(insurers))
    count = rng.choice((0, 0, 0, 1, 1, 2) if filling.difficulty == "clean" else (0, 0, 1, 1, 2, 3))
    free_rows(filling, [rng.choice(insurers) for _ in range(count)])


def _describe(filling: Filling) -> None:
    chosen = sentences(filling.rng, filling.difficulty)
    holder = filling.parties["certificate_holder"].name
    texts = [sentence.text.replace("{holder}", holder) for sentence in chosen]
    if texts:
        text = wrapped(texts, filling.rng)
        filling.says("description_of_operations", text)
    for sentence in chosen:
        _state(filling, sentence, holder)


def _state(filling: Filling, sentence: Sentence, holder: str) -> None:
    present = [line for line in STANDARD if f"{line}_policy_number" in filling.cells]
    for line, endorsement in sentence.states:
        if line in present:
            filling.means(f"{line}_{endorsement}", "stated")
    filling.arguable |= {
        f"{line}_{endorsement}"
        for endorsement in sentence.general
        for line in [*present, "other_1", "other_2", "other_3"]
        if f"{line}_{endorsement}" in filling.complete()
    }
    if sentence.names_holder and not sentence.general:
        filling.means("additional_insured_names", holder)
    elif sentence.general:
        filling.arguable.add("additional_insured_names")
    if sentence.notice_days:
        filling.means("notice_of_cancellation", "stated")
        filling.means("notice_of_cancellation_days", sentence.notice_days)
