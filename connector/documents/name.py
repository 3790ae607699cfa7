"""The name of a document, made safe to store and to show."""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 120
"""Characters. File systems allow 255 bytes, and a character can take four in UTF-8."""

NAMELESS = "document"


def clean_name(name: str) -> str:
    """`name` without folders, control and direction characters, or marks a file system minds.

    The ending stays when a long name is cut. A name with nothing left in it is "document".
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", visible)).strip(" .")
    if len(plain) <= NAME_LIMIT:
        return plain or NAMELESS
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:NAME_LIMIT].rstrip()
    return f"{stem[: NAME_LIMIT - len(ending) - 1].rstrip()}.{ending}"
