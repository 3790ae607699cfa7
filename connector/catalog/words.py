"""Our labels as the platforms print them."""

from __future__ import annotations

SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "per",
        "the",
        "to",
        "with",
    ]
)


def title_case(label: str) -> str:
    """ "General liability: each occurrence" -> "General Liability: Each Occurrence"."""
    words = label.split(" ")
    return " ".join(
        word if word.strip("()") in SMALL and _is_inside(words, at) else _capital(word)
        for at, word in enumerate(words)
    )


def _is_inside(words: list[str], at: int) -> bool:
    """Whether a small word stays small: not at the beginning or the end, nor after a colon."""
    return 0 < at < len(words) - 1 and not words[at - 1].endswith(":")


def _capital(word: str) -> str:
    """ "e-mail" -> "E-Mail", "(text)" -> "(Text)"; what has a capital already stays."""
    return "-".join(_first(part) for part in word.split("-"))


def _first(part: str) -> str:
    at = next((at for at, letter in enumerate(part) if letter.isalpha()), 0)
    return part[:at] + part[at : at + 1].upper() + part[at + 1 :]
