"""The user's own rating table: read whole, or refused with its line."""

from __future__ import annotations

import pytest

from connector.checking.packet import Rating
from connector.checking.ratings import read_ratings
from connector.errors import InvalidInput

HEAD = "NAIC,Name,Rating,Size\n"


def test_a_table_is_read_by_code() -> None:
    text = (
        '\ufeffname,naic,rating,size,note\nGranite Mutual, 00123, a-, vii,x\n"Pine, Ltd",10002,,\n'
    )
    assert read_ratings(text) == {
        "00123": Rating("00123", "Granite Mutual", "A-", "VII"),
        "10002": Rating("10002", "Pine, Ltd", None, None),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column “naic”"),
        ("naic,name,rating\n", "has no column “size”"),
        (HEAD + "123,Granite,A,VII\n", "line 2: The NAIC code “123” does not have five digits."),
        (
            HEAD + "10001,Granite,A,VII\n10001,Pine,B,VI\n",
            "line 3: The NAIC code 10001 stands here twice.",
        ),
        (HEAD + "10001,,A,VII\n", "line 2: The insurer's name is missing."),
        (HEAD + "10001,Granite,A---,VII\n", "“A---” is no rating"),
        (HEAD + "10001,Granite,A,7\n", "“7” is no size class"),
        (HEAD + "10001," + "x" * 200_000 + ",A,VII\n", "is no CSV file"),
        (HEAD + ",Granite,A,VII\n", "The NAIC code is missing."),
    ],
)
def test_a_wrong_line_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_ratings(text)
    assert said in caught.value.message
