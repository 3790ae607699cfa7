"""Sentences for the description box, and which endorsements their words state."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from random import Random

GENERAL, AUTO, UMBRELLA, WORKERS = (
    "general_liability",
    "auto_liability",
    "umbrella_liability",
    "workers_compensation",
)
ADDITIONAL_INSURED = "additional_insured_endorsement"
PRIMARY = "primary_and_noncontributory_endorsement"
WAIVER = "waiver_of_subrogation_endorsement"
COMPLETED = "completed_operations_endorsement"
PER_PROJECT = "per_project_aggregate_endorsement"

LONGEST_LINE = 100
"""Characters that fit the description box at the usual sizes."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`states`: line -> endorsements that the words claim; `general`: endorsements claimed for no line by name."""

    text: str
    states: tuple[tuple[str, str], ...] = ()
    general: tuple[str, ...] = ()
    names_holder: bool = False
    notice_days: int | None = None


NEUTRAL = (
    Sentence("Project 4417, Lakeside Medical Center, Phase 2."),
    Sentence("Re: Job #22-118, 900 Commerce Drive."),
    Sentence("Evidence of insurance only."),
    Sentence("All operations of the named insured."),
    Sentence("RE: Contract No. 5501-B dated 01/15/2025; contract sum $1,250,000."),
)
CLAIMS = (
    Sentence(
        "{holder} is included as additional insured with respect to general liability.",
        ((GENERAL, ADDITIONAL_INSURED),), names_holder=True,
    ),
    Sentence(
        "{holder} is additional insured on the general liability, auto liability and umbrella policies.",
        ((GENERAL, ADDITIONAL_INSURED), (AUTO, ADDITIONAL_INSURED), (UMBRELLA, ADDITIONAL_INSURED)),
        names_holder=True,
    ),
    Sentence(
        "{holder} is additional insured on general liability for ongoing and completed operations.",
        ((GENERAL, ADDITIONAL_INSURED), (GENERAL, COMPLETED)), names_holder=True,
    ),
    Sentence("General liability is primary and noncontributory.", ((GENERAL, PRIMARY),)),
    Sentence(
        "The general liability and umbrella policies are primary and non-contributory.",
        ((GENERAL, PRIMARY), (UMBRELLA, PRIMARY)),
    ),
    Sentence("GL coverage applies on a primary & non-contributory basis.", ((GENERAL, PRIMARY),)),
    Sentence(
        "Waiver of subrogation applies to general liability, auto liability and workers compensation.",
        ((GENERAL, WAIVER), (AUTO, WAIVER), (WORKERS, WAIVER)),
    ),
    Sentence(
        "A waiver of subrogation is included on the workers' compensation policy.", ((WORKERS, WAIVER),)
    ),
    Sentence("WC: waiver of subrogation in favor of {holder}.", ((WORKERS, WAIVER),)),
    Sentence("Auto policy includes a blanket waiver of subrogation.", ((AUTO, WAIVER),)),
    Sentence("A per project aggregate endorsement applies to general liability.", ((GENERAL, PER_PROJECT),)),
)  # fmt: skip
NOTICES = (
    Sentence("30 days' notice of cancellation applies, 10 days for non-payment.", notice_days=30),
    Sentence("Sixty (60) day notice of cancellation is given to the certificate holder.", notice_days=60),
    Sentence("30 day written notice of cancellation to certificate holder.", notice_days=30),
)  # fmt: skip
GENERAL_CLAIMS = (
    Sentence(
        "Certificate holder is named as additional insured as required by written contract.",
        general=(ADDITIONAL_INSURED,), names_holder=True,
    ),
    Sentence("Coverage is primary and noncontributory.", general=(PRIMARY,)),
    Sentence("Waiver of subrogation applies where permitted by law.", general=(WAIVER,)),
    Sentence(
        "Additional insured, primary/non-contributory and waiver of subrogation apply if required by contract.",
        general=(ADDITIONAL_INSURED, PRIMARY, WAIVER),
    ),
)  # fmt: skip
DENIALS = (
    Sentence("The certificate holder is not an additional insured."),
    Sentence("No waiver of subrogation applies to any policy."),
)


def sentences(rng: Random, difficulty: str) -> list[Sentence]:
    """None to five sentences; what the words claim never contradicts itself."""
    neutral = rng.sample(NEUTRAL, k=rng.choice((0, 1, 1)))
    if difficulty == "hard" and rng.random() < 0.2:
        return [*neutral, rng.choice(DENIALS)]
    if difficulty != "clean" and rng.random() < 0.25:
        return [*neutral, rng.choice(GENERAL_CLAIMS)]
    notice = rng.sample(NOTICES, k=rng.choice((0, 0, 1)))
    return [*neutral, *rng.sample(CLAIMS, k=rng.choice((0, 1, 2, 3))), *notice]


def wrapped(texts: list[str], rng: Random) -> str:
    """One sentence per line or all running on, broken where the box ends."""
    paragraphs = texts if rng.random() < 0.5 else [" ".join(texts)]
    lines = [line for text in paragraphs for line in textwrap.wrap(text, LONGEST_LINE)]
    return "\n".join(lines)
