"""What a file is, by its first bytes. Names and content types are never asked: both lie."""

from __future__ import annotations

import re
from enum import StrEnum

HEADER_WINDOW = 1024
"""Bytes in which a PDF's header may stand: readers have always allowed mail and web junk before it."""


class Sniffed(StrEnum):
    """What we found, as it reads after "The file is …"."""

    PDF = "a PDF"
    JPEG = "a JPEG picture"
    PNG = "a PNG picture"
    TIFF = "a TIFF picture"
    HEIC = "a HEIC picture"
    EMPTY = "empty"
    GIF = "a GIF picture"
    WEBP = "a WebP picture"
    BMP = "a BMP picture"
    WEB_PAGE = "a web page"
    WORD = "a Word document"
    EXCEL = "an Excel workbook"
    POWERPOINT = "a PowerPoint presentation"
    OLD_OFFICE = "an old Word or Excel document"
    OUTLOOK = "an Outlook message"
    RTF = "a rich-text document"
    ZIP = "a ZIP archive"
    ARCHIVE = "a packed archive"
    EMAIL = "an e-mail"
    POSTSCRIPT = "a PostScript print file"
    XML = "an XML file"
    JSON = "a JSON text"
    TEXT = "a plain text"
    PROGRAM = "a program"
    UNKNOWN = "of a kind we do not know"


IMAGES = frozenset({Sniffed.JPEG, Sniffed.PNG, Sniffed.TIFF, Sniffed.HEIC})

_MAGIC: tuple[tuple[bytes, Sniffed], ...] = (
    (b"\xff\xd8\xff", Sniffed.JPEG),
    (b"\x89PNG\r\n\x1a\n", Sniffed.PNG),
    (b"II*\x00", Sniffed.TIFF),
    (b"MM\x00*", Sniffed.TIFF),
    (b"GIF8", Sniffed.GIF),
    (b"BM", Sniffed.BMP),
    (b"{\\rtf", Sniffed.RTF),
    (b"%!PS", Sniffed.POSTSCRIPT),
    (b"Rar!", Sniffed.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Sniffed.ARCHIVE),
    (b"\x1f\x8b", Sniffed.ARCHIVE),
    (b"MZ", Sniffed.PROGRAM),
    (b"\x7fELF", Sniffed.PROGRAM),
)

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})

_ZIP_FOLDERS: tuple[tuple[bytes, Sniffed], ...] = (
    (b"word/", Sniffed.WORD),
    (b"xl/", Sniffed.EXCEL),
    (b"ppt/", Sniffed.POWERPOINT),
)

_WEB_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|script|meta|title)\b", re.I | re.S)  # fmt: skip
_EMAIL = re.compile(
    rb"(^|\n)(from|to|subject|date|message-id|mime-version|received|return-path)\s?:", re.I
)


def sniff(data: bytes) -> Sniffed:
    """The kind of file that `data` holds."""
    start = data[:4096]
    if not data.strip(b"\x00\t\n\r "):
        return Sniffed.EMPTY
    if known := _by_magic(data, start):
        return known
    return Sniffed.PDF if b"%PDF-" in start[:HEADER_WINDOW] else _text_kind(start)


def _by_magic(data: bytes, start: bytes) -> Sniffed | None:
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS:
        return Sniffed.HEIC
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Sniffed.WEBP
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        is_mail = "__substg1.0_".encode("utf-16-le") in data
        return Sniffed.OUTLOOK if is_mail else Sniffed.OLD_OFFICE
    if start.startswith((b"BM", b"MZ")) and b"\x00" not in start:
        return None  # two letters are too little to go by: text can begin with them
    return next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)


def _zip_kind(data: bytes) -> Sniffed:
    """Office files are ZIPs; the names inside stand unpacked in the bytes."""
    if b"[Content_Types].xml" not in data:
        return Sniffed.ZIP
    return next((kind for folder, kind in _ZIP_FOLDERS if folder in data), Sniffed.ZIP)


def _text_kind(start: bytes) -> Sniffed:
    text = _as_text(start)
    if text is None:
        return Sniffed.UNKNOWN
    if _WEB_PAGE.match(text):
        return Sniffed.WEB_PAGE
    if text.startswith(b"<?xml"):
        return Sniffed.WEB_PAGE if b"<html" in text.lower() else Sniffed.XML
    if text[:1] in (b"{", b"["):
        return Sniffed.JSON
    if len(_EMAIL.findall(text)) >= 2:
        return Sniffed.EMAIL
    return Sniffed.TEXT


def _as_text(start: bytes) -> bytes | None:
    """The first bytes as UTF-8 without its mark, None when they are no text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            return start[2:].decode(encoding, errors="replace").encode().lstrip()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in text)
    return None if controls > len(text) // 100 else text
