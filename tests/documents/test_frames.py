"""What an answer from a quarantined child may hold."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from connector.documents.document import Document, DocumentKind
from connector.documents.quarantine.frames import Ended, open_answer


class Getattr:
    """Pickled as a call of `getattr`: the way of Python before 3.11.4 to name an enum's member."""

    def __init__(self, *of: object) -> None:
        self.of = of

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, self.of


def test_a_member_of_an_enum_arrives_however_python_pickled_it() -> None:
    assert open_answer(pickle.dumps(DocumentKind.IMAGE)) is DocumentKind.IMAGE
    assert open_answer(pickle.dumps(Getattr(DocumentKind, "IMAGE"))) is DocumentKind.IMAGE


@pytest.mark.parametrize(
    "of",
    [(DocumentKind, "mro"), (DocumentKind, "__class__"), (Document, "sent"), ("text", "format")],
)
def test_nothing_but_a_member_comes_of_it(of: tuple[object, str]) -> None:
    with pytest.raises(Ended):
        open_answer(pickle.dumps(Getattr(*of)))
