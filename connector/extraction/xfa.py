"""The second copy of the values that an XFA form carries beside its fields.

Acrobat shows the XFA values, every other viewer the fields: where they differ nobody knows which
the sender saw.
"""

from __future__ import annotations

import html
import re
from typing import Any

import pikepdf

from connector.certificate.values import tidy

LARGEST_DATA = 4_000_000
"""Bytes of form data that are looked at."""

_ELEMENT = re.compile(r"<([A-Za-z_][\w.\-]*)(?:\s[^<>]*)?>([^<]{0,4000})</\1\s*>")


def xfa_values(form: Any) -> dict[str, str]:
    """The values of an AcroForm's XFA data by field name in lower case; empty without XFA."""
    data = _datasets(form.get("/XFA"))
    return {
        found[1].lower(): tidy(html.unescape(found[2]).replace("\n", " "))
        for found in _ELEMENT.finditer(data)
    }


def _datasets(xfa: Any) -> str:
    """The packet called "datasets": XFA is one stream, or a list of names and streams."""
    if isinstance(xfa, pikepdf.Stream):
        return _text(xfa)
    if not isinstance(xfa, pikepdf.Array):
        return ""
    packets = list(xfa)
    for name, packet in zip(packets[::2], packets[1::2], strict=False):
        if str(name) == "datasets" and isinstance(packet, pikepdf.Stream):
            return _text(packet)
    return ""


def _text(stream: Any) -> str:
    return bytes(stream.read_bytes())[:LARGEST_DATA].decode("utf-8", errors="replace")
