"""What is let in, and by which name everything else is turned away."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from connector.documents import image
from connector.documents.admit import Limits, admit
from connector.documents.document import Document, DocumentKind
from connector.errors import (
    DamagedFile,
    DocumentRefused,
    EmptyFile,
    EncryptedFile,
    NotAPdf,
    TooLarge,
)
from tests.documents import making

LIMITS = Limits()
PHOTO = Path(__file__).parent / "files" / "photo.heic"


def admitted(data: bytes, limits: Limits = LIMITS) -> Document:
    return admit(data, "certificate.pdf", limits)


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "content")
    return out.getvalue()


def test_a_pdf_is_let_in_as_it_is() -> None:
    data = making.pdf(3)
    document = admit(data, "../COI.pdf", LIMITS)
    assert document.data is data
    assert document.sent is data
    assert (document.kind, document.page_count, document.name) == (DocumentKind.PDF, 3, "COI.pdf")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert "%PDF" not in repr(document), "bytes do not belong in a log"


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"   \r\n\t", bytes(5000)], ids=["none", "a line", "blanks", "zeros"]
)
def test_nothing_is_an_empty_file(data: bytes) -> None:
    with pytest.raises(EmptyFile, match="is empty"):
        admitted(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MAIL = b"Received: by mx\r\nFrom: agent@example.com\r\nSubject: COI\r\nMIME-Version: 1.0\r\n\r\n"

OTHER_FILES = {
    "a web page": [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"\n\n  <html>",
        b"<!-- Google Drive --><!doctype HTML>",
        b"\xef\xbb\xbf<HTML lang=en>",
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">',
        "<html>Anmeldung</html>".encode("utf-16"),
        b"<script>window.location='https://example.com/login'</script>",
    ],
    "a ZIP archive": [archive("coi.pdf"), archive("coi.txt", "b.txt"), b"PK\x05\x06" + bytes(18)],
    "a Word document": [archive("[Content_Types].xml", "word/document.xml")],
    "an Excel workbook": [archive("[Content_Types].xml", "xl/workbook.xml")],
    "a PowerPoint presentation": [archive("[Content_Types].xml", "ppt/presentation.xml")],
    "an old Word or Excel document": [OLE],
    "an Outlook message": [OLE + "__substg1.0_0037001F".encode("utf-16-le")],
    "a rich-text document": [rb"{\rtf1\ansi Certificate}"],
    "an e-mail": [MAIL + b"Please find the certificate attached.", b"Subject: a\nFrom: b\n\nc"],
    "a plain text": [
        b"https://example.com/coi.pdf",
        b"Certificate of insurance\nInsured: Acme\n",
        "Zertifikat für Müller".encode(),
        base64.b64encode(making.pdf()),
        b"BMW of Springfield\nCertificate of insurance\n",
        b"MZ",
    ],
    "a JSON text": [b'{"error": "expired"}', b'  [1, 2]'],
    "an XML file": [b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    "a PostScript print file": [b"%!PS-Adobe-3.0\n"],
    "a GIF picture": [making.picture("GIF")],
    "a WebP picture": [making.picture("WEBP")],
    "a BMP picture": [making.picture("BMP", (8, 8))],
    "a packed archive": [gzip.compress(b"x"), b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c" + bytes(9)],
    "a program": [b"MZ\x90\x00" + bytes(60), b"\x7fELF" + bytes(60)],
    "of a kind we do not know": [bytes(range(256)) * 4, b"\x00\x01\x02"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "data"),
    [
        pytest.param(what, data, id=f"{what} {number}")
        for what, files in OTHER_FILES.items()
        for number, data in enumerate(files, 1)
    ],
)
def test_another_file_is_called_what_it_is(what: str, data: bytes) -> None:
    with pytest.raises(NotAPdf) as caught:
        admitted(data)
    assert caught.value.message.startswith(f"The file is {what}, not a PDF. ")
    assert caught.value.halt
    assert len(caught.value.message) <= 250


def test_neither_name_nor_ending_is_believed() -> None:
    assert admit(making.pdf(), "photo.jpg", LIMITS).kind is DocumentKind.PDF
    assert admit(making.picture("PNG"), "coi.pdf", LIMITS).kind is DocumentKind.IMAGE


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_password_to_open_is_refused(revision: int) -> None:
    with pytest.raises(EncryptedFile, match="password-protected"):
        admitted(making.encrypted("secret", revision=revision))


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_password_for_changes_only_is_no_hindrance(revision: int) -> None:
    document = admitted(making.encrypted("", revision=revision))
    assert document.page_count == 1
    with pypdfium2.PdfDocument(document.data) as opened:
        assert "CERTIFICATE" in opened[0].get_textpage().get_text_bounded()


def test_an_unknown_kind_of_encryption_is_refused_as_such() -> None:
    data = making.encrypted("").replace(b"/Filter /Standard", b"/Filter /Adobe.PS")
    with pytest.raises(EncryptedFile, match="cannot open"):
        admitted(data)


@pytest.mark.parametrize(
    "junk",
    [
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        b"<br />\n<b>Warning</b>: something in <b>/srv/x.php</b><br />\n",
        b"\xef\xbb\xbf",
        b"x" * 1000,
    ],
    ids=["blank lines", "HTTP headers", "a PHP warning", "a byte order mark", "a thousand x"],
)
def test_junk_before_the_header_is_forgiven(junk: bytes) -> None:
    document = admitted(junk + making.pdf(2))
    assert document.page_count == 2
    assert_readable(document)


def test_a_header_too_far_in_is_no_header() -> None:
    with pytest.raises(NotAPdf):
        admitted(b"x" * 1100 + making.pdf())


def assert_readable(document: Document) -> None:
    """By both libraries that will read it."""
    with pypdfium2.PdfDocument(document.data) as opened:
        assert len(opened) == document.page_count
    with pikepdf.open(io.BytesIO(document.data)) as pdf:
        assert len(pdf.pages) == document.page_count


@pytest.mark.parametrize(
    "data",
    [
        making.without_xref(making.pdf(2)),
        making.pdf(2)[: making.pdf(2).rindex(b"xref\n") + 30],
        making.pdf(2).replace(b"startxref", b"startxxxx"),
        making.pdf(2) + b"\r\n<!-- served by a proxy -->" * 50,
        making.pdf(2).replace(b"%%EOF", b""),
    ],
    ids=["wrong pointers", "cut off", "no pointer to it", "more after the end", "no end"],
)
def test_a_broken_table_of_contents_is_mended(data: bytes) -> None:
    document = admitted(data)
    assert document.page_count == 2
    assert document.sent == data
    assert document.sha256 == hashlib.sha256(data).hexdigest(), "what was sent is what is stored"
    assert_readable(document)


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b"trailer", b"tralier"), (b"/Count 2", b"/Count 1"), (b"/Count 2", b"/Count 7")],
)
def test_what_pdfium_reads_differently_is_written_anew(good: bytes, bad: bytes) -> None:
    """It finds no page, one too few, or five too many; qpdf counts the pages that are there."""
    data = making.pdf(2).replace(good, bad)
    with contextlib.suppress(pypdfium2.PdfiumError), pypdfium2.PdfDocument(data) as opened:
        assert len(opened) != 2
    document = admitted(data)
    assert document.page_count == 2
    assert document.original == document.sent == data
    assert document.data != data
    assert_readable(document)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(5000),
        making.pdf()[:200],
        making.pdf()[:20] + b"\xff" * 2000,
        b"%PDF-1.7\ntrailer << /Root 1 0 R >>\n1 0 obj << /Type /Catalog >> endobj\n%%EOF",
    ],
    ids=["header only", "zeros", "its first lines", "noise", "no pages"],
)
def test_a_file_beyond_repair_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFile, match=r"damaged|no pages"):
        admitted(data)


def test_a_web_page_that_mentions_a_pdf_is_still_a_web_page() -> None:
    with pytest.raises(NotAPdf, match="web page"):
        admitted(b"<html><body>Our files start with %PDF-1.4</body></html>")


def test_too_many_bytes_are_refused_unopened() -> None:
    with pytest.raises(TooLarge, match=r"25\.0 MB; 25 MB is the limit"):
        admitted(b"x" * (25 * 1024 * 1024 + 1))


def test_a_hundred_pages_are_let_in_and_no_more() -> None:
    assert admitted(making.pdf(100)).page_count == 100
    with pytest.raises(TooLarge, match="101 pages; 100 is the limit"):
        admitted(making.pdf(101))


def test_a_claim_of_many_pages_is_not_counted_after() -> None:
    data = making.pdf().replace(b"/Count 1", b"/Count 9999999")
    with pytest.raises(TooLarge, match="9999999 pages"):
        admitted(data)


def test_a_picture_of_too_many_pixels_is_refused_undecoded() -> None:
    with pytest.raises(TooLarge, match="100,000 by 100,000 pixels"):
        admitted(making.with_picture(100_000, 100_000))
    with pytest.raises(TooLarge):
        admitted(making.with_picture(100_000, 100_000, nested=4))


def test_a_large_scan_is_let_in() -> None:
    assert admitted(making.with_picture(5100, 6600)).page_count == 1


def test_a_page_of_many_meters_is_refused() -> None:
    with pytest.raises(TooLarge, match="five meters"):
        admitted(making.pdf(size=(20_000, 792)))


def test_scripts_and_attachments_stay_asleep() -> None:
    assert admitted(making.with_javascript_and_attachment()).page_count == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_is_let_in(kind: str) -> None:
    document = admitted(making.picture(kind))
    assert (document.kind, document.page_count) == (DocumentKind.IMAGE, 1)


def test_a_fax_of_many_pages_is_let_in() -> None:
    assert admitted(making.picture("TIFF", frames=4, compression="tiff_lzw")).page_count == 4


def test_a_fax_that_trips_the_library_is_damaged() -> None:
    """Its first directory has lost the picture's width: a TypeError inside Pillow."""
    data = making.picture("TIFF", (8, 8))
    with pytest.raises(DamagedFile):
        admitted(data.replace(b"\x00\x01\x04\x00", b"\x00\x02\x04\x00"))


def test_a_fax_of_too_many_pages_is_refused() -> None:
    data = making.picture("TIFF", (8, 8), frames=5)
    assert admitted(data, Limits(pages=5)).page_count == 5
    with pytest.raises(TooLarge, match="at least 5 pages; 4 is the limit"):
        admitted(data, Limits(pages=4))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_cut_off_is_damaged(kind: str) -> None:
    data = making.picture(kind, (400, 400))
    with pytest.raises(DamagedFile):
        admitted(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_of_too_many_pixels_is_refused(kind: str) -> None:
    with pytest.raises(TooLarge):
        admitted(making.picture(kind, (200, 200)), Limits(pixels=39_999))


def test_a_bomb_of_a_picture_is_refused_undecoded() -> None:
    data = bytearray(making.picture("PNG", (10, 10)))
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(DocumentRefused):
        admitted(bytes(data))


def test_a_photo_of_a_phone_is_let_in() -> None:
    document = admitted(PHOTO.read_bytes())
    assert (document.kind, document.page_count) == (DocumentKind.IMAGE, 1)


def test_without_its_library_a_heic_photo_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "reads_heic", lambda: False)
    with pytest.raises(NotAPdf, match=r"HEIC picture, which cannot be read here\. Send it as JPEG"):
        admitted(PHOTO.read_bytes())


def test_a_damaged_heic_photo_is_damaged() -> None:
    with pytest.raises(DamagedFile):
        admitted(making.heic())


def packets() -> dict[str, bytes]:
    """Three pages, written in the three ways that files are."""
    plain = making.pdf(3)
    return {
        "plain": plain,
        "object streams": making.changed(plain, object_stream_mode=making.GENERATE),
        "linearized": making.changed(plain, linearize=True),
    }


@pytest.mark.parametrize("name", packets())
def test_a_file_cut_off_anywhere_loses_no_page_in_silence(name: str) -> None:
    """A notice of cancellation may be the last page: better no answer than one without it."""
    data = packets()[name]
    refused = 0
    for end in range(50, len(data), 37):
        try:
            document = admitted(data[:end])
        except DocumentRefused as refusal:
            refused += isinstance(refusal, DamagedFile)
            continue
        with pypdfium2.PdfDocument(document.data) as pdf:
            words = [page.get_textpage().get_text_bounded().strip() for page in pdf]
        assert words == [f"CERTIFICATE {number}" for number in (1, 2, 3)], (
            f"cut at {end} of {len(data)}"
        )
    assert refused > 5


def test_a_file_cut_off_says_so_and_what_to_do() -> None:
    data = packets()["plain"]
    with pytest.raises(DamagedFile, match=r"cut off.*once more"):
        admitted(data[: len(data) * 7 // 10])
