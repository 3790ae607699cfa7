"""What a test of the table consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.certificate.field import Kind
from connector.checking.answer import Answer
from connector.checking.case import Case
from connector.checking.rule_file import Located, RuleFile
from connector.checking.subject import SUBJECTS, Subject

Read = Callable[[RuleFile, Located, Subject], Any]
Run = Callable[[Case, Subject, Any], Answer | None]


def own_path(subject: Subject) -> tuple[str, ...]:
    return (subject.model_path,)


def no_roles(argument: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One word of the rule language.

    `paths` are the subjects it fits; `read` makes the argument or refuses it with its line;
    `schema` describes the argument to an editor; `run` answers None where there is nothing to
    test (no vendor was given, no earlier certificate is on file). `boxes` are the model paths it
    looks at, `roles` the roles whose names it needs.
    """

    word: str
    help: str
    paths: tuple[str, ...]
    read: Read
    schema: Mapping[str, Any]
    run: Run
    boxes: Callable[[Subject], tuple[str, ...]] = own_path
    roles: Callable[[Any], tuple[str, ...]] = no_roles


def paths_of(*kinds: Kind) -> tuple[str, ...]:
    """Every subject that is a box of one of these kinds."""
    return tuple(path for path, subject in SUBJECTS.items() if subject.kind in kinds)


def paths_ending(*boxes: str) -> tuple[str, ...]:
    """Every subject on a line whose box has one of these names."""
    return tuple(
        path
        for path, subject in SUBJECTS.items()
        if subject.line and path.partition(".")[2] in boxes
    )


def whole_lines() -> tuple[str, ...]:
    """Every subject that is a coverage line as a whole."""
    return tuple(path for path, subject in SUBJECTS.items() if subject.kind is None)
