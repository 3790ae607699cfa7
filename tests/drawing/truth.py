"""What a drawn certificate says: the printed sheet and the flat values a reader must find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.certificate.field import Scalar
from demo.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Truth:
    """`expected` has a value for every key that stands on the certificate's face (flat JSON types).

    `unclear`: keys for which naming them in `unclear_fields` is right (the print contradicts itself
    or can be read in two ways); `arguable`: keys that no one answer is right for, not to be scored.
    """

    seed: int
    difficulty: str
    sheet: Sheet
    expected: Mapping[str, Scalar]
    unclear: frozenset[str] = frozenset()
    arguable: frozenset[str] = frozenset()
