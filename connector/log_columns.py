"""Which columns of a log are ours. The office has its own beside them, some of the same name. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from connector.errors import DestinationRefused

MARK = "(COI)"
"""Behind the title of a column of ours where the office has a column of that name already."""

CERTIFICATE_ID = "certificate_id"
NO_LINE = (
    "The certificate states no coverage line for certain, and this log has one row for each line, so it "
    "has no row there."
)

_OUR_NUMBERS = "cert_"


def key_of_title(title: object) -> str:
    """A column's title as one of our keys: "Insured name" is insured_name."""
    return "_".join(str(title or "").lower().split())


def title_of(key: str, titles: Iterable[object]) -> str:
    """How a new column of ours is called beside these titles."""
    return f"{key} {MARK}" if key in map(key_of_title, titles) else key


def noted_as(key: str, title: object) -> str:
    """What we remember a column of this title by."""
    return f"{key} {MARK}" if title == f"{key} {MARK}" else key


def key_of_note(note: str) -> str:
    return note.removesuffix(f" {MARK}")


def own_columns(
    titles: Sequence[object],
    keys: Iterable[str],
    remembered: Mapping[str, Collection[int]],
    filled: Collection[int],
    *,
    is_log: bool,
) -> dict[str, int]:
    """The indexes of the columns that are ours, by key; a key that is missing has none yet.

    Ours is what we `remember` to have made, while it is still called so. Another column of our
    name is taken only while it is empty (`filled` are those that are not), or when all this is a
    log of ours from before columns were remembered (`is_log`). DestinationRefused where two could
    be meant.
    """
    by_name: dict[str, list[int]] = {}
    for i, title in enumerate(titles):
        by_name.setdefault(key_of_title(title), []).append(i)
    found: dict[str, int] = {}
    for key in keys:
        called = {i for name in _names(key) for i in by_name.get(name, ())}
        known = sorted(called & set(remembered.get(key, ())))
        places = known or sorted(called if is_log else called - set(filled))
        if places:
            found[key] = _nearest(key, titles, places)
    return found


def may_be_ours(titles: Sequence[object], key: str) -> list[int]:
    """The columns that are called like this one of ours, by whomever."""
    return [i for i, title in enumerate(titles) if key_of_title(title) in _names(key)]


def are_our_numbers(column: Iterable[object]) -> bool:
    """Whether a column called certificate_id holds numbers that we gave."""
    return any(str(value or "").startswith(_OUR_NUMBERS) for value in column)


def require_key(where: str, found: Mapping[str, int], *, was_kept: bool) -> None:
    """DestinationRefused when a log that we kept has lost the column by which rows are found again.

    To go on would write every row a second time.
    """
    if was_kept and CERTIFICATE_ID not in found:
        raise DestinationRefused(
            f"{where} no longer has its column “{CERTIFICATE_ID}” in the first row, by which rows "
            "are found again, so nothing was written. Bring it back, or choose a new place for the log."
        )


def _names(key: str) -> tuple[str, str]:
    return key_of_title(f"{key} {MARK}"), key


def _nearest(key: str, titles: Sequence[object], places: Sequence[int]) -> int:
    """The column that is called most exactly like ours."""
    for title in (f"{key} {MARK}", key):
        exact = [i for i in places if titles[i] == title]
        if exact:
            return _only(exact, title)
    return _only(places, str(titles[places[0]]))


def _only(places: Sequence[int], title: str) -> int:
    if len(places) > 1:
        raise DestinationRefused(
            f"The log has {len(places)} columns called “{title}”, so nobody knows which of them is "
            "the connector's, and nothing was written. Give your own column another title."
        )
    return places[0]
