"""How well a reading did against the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.certificate.field import Scalar
from connector.certificate.fields import BY_KEY, FIELDS
from tests.drawing.corpus import Drawn


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that was read wrongly or is in doubt."""

    key: str
    truth: Scalar
    read: Scalar
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """`values`: keys that the print or the reading has a value for; `exact`: those that are equal,
    in doubt or not. `silent`: wrong critical values whose key is not named as unclear; `quiet`: the
    same of values that nothing is decided by. `doubts`: critical keys named as unclear, without
    those that the print itself leaves open; `review` and `in_order` say whether the document needs
    a person, and whether its print gives no cause for it.
    """

    name: str
    values: int
    exact: int
    silent: tuple[Difference, ...]
    quiet: tuple[Difference, ...]
    doubts: tuple[Difference, ...]
    review: bool
    in_order: bool


def scored(drawn: Drawn, flat: Mapping[str, Scalar]) -> Score:
    """A reading (flat keys; what is missing was not read) against what was drawn."""
    expected, open_ones = drawn.expected, drawn.unclear | drawn.truth.arguable
    unclear = set(str(flat.get("unclear_fields") or "").split(", ")) - {""}
    keys = [key for key in expected if key in BY_KEY and key not in drawn.truth.arguable]
    wrong = [key for key in keys if flat.get(key) != expected[key]]
    said = _reasons(flat)
    silent = [key for key in wrong if _owner(key) not in unclear]
    counted = [key for key in keys if expected[key] is not None or flat.get(key) is not None]
    differences = {
        key: Difference(key, expected.get(key), flat.get(key), said.get(key, ""))
        for key in {*silent, *unclear}
    }
    return Score(
        drawn.name,
        values=len(counted),
        exact=sum(flat.get(key) == expected[key] for key in counted),
        silent=tuple(differences[key] for key in silent if BY_KEY[_owner(key)].critical),
        quiet=tuple(differences[key] for key in silent if not BY_KEY[_owner(key)].critical),
        doubts=tuple(differences[k] for k in _critical(unclear) if k not in open_ones),
        review=bool(flat.get("needs_review")),
        in_order=not set(_critical(open_ones)),
    )


def _owner(key: str) -> str:
    """The key itself; for the words of a limit (INCLUDED), the limit's."""
    return key.removesuffix("_text") if key.removesuffix("_text") in BY_KEY else key


def _critical(keys: Iterable[str]) -> list[str]:
    """Those a rule or a push may depend on, in the form's order."""
    chosen = set(keys)
    return [field.key for field in FIELDS if field.key in chosen and field.critical]


def _reasons(flat: Mapping[str, Scalar]) -> dict[str, str]:
    parts = [part.partition(": ") for part in str(flat.get("review_reasons") or "").split("; ")]
    return {key: why for key, _, why in parts}
