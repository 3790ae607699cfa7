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


PROPER = frozenset(["Procore", "Buildertrend", "Google", "Sheets", "API"])
"""Words that keep their capital within a sentence; so does any with one further on, like GCPay."""

UNCOUNTED = frozenset(["coverage"])


def sentence_case(title: str) -> str:
    """ "Send Deficiency Notice" -> "Send deficiency notice"; names keep their capitals."""
    first, *others = title.split(" ")
    return " ".join([first, *(word if _is_name(word) else word.lower() for word in others)])


def with_article(title: str) -> str:
    """ "Push Certificate to Procore" -> "Push a certificate to Procore"."""
    verb, _, rest = sentence_case(title).partition(" ")
    noun = rest.split(" to ")[0].split(" ")[-1]
    if noun in UNCOUNTED:
        return f"{verb} {rest}"
    return f"{verb} {'an' if rest[:1] in 'aeiou' else 'a'} {rest}"


def camel_case(name: str) -> str:
    """ "certificate.non_compliant" -> "certificateNonCompliant"."""
    first, *others = name.replace(".", "_").split("_")
    return first + "".join(word.capitalize() for word in others)


def kebab_case(name: str) -> str:
    """ "parseCertificate" -> "parse-certificate"."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _is_name(word: str) -> bool:
    parts = word.split("-")
    return word in PROPER or any(part[1:] != part[1:].lower() for part in parts)


def lower_title(title: str) -> str:
    """ "Procore Vendors" -> "Procore vendors", "Rule sets" -> "rule sets"."""
    first, _, rest = sentence_case(title).partition(" ")
    return " ".join(part for part in (first if _is_name(first) else first.lower(), rest) if part)
