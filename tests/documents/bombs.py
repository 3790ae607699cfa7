"""Documents made to hurt whoever opens them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf

from connector.errors import DamagedFile, DocumentRefused, TooLarge, UnreadableFile
from tests.documents import making


def assembled(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def ten_thousand_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    pages = b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    return assembled(CATALOG, pages, *([leaf] * 10_000))


def pages_that_claim_to_be_one() -> bytes:
    return ten_thousand_pages().replace(b"/Count 10000", b"/Count 1")


def pages_within_themselves() -> bytes:
    return assembled(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def pages_in_a_deep_tree() -> bytes:
    nodes = [
        b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (number - 1, number + 1)
        for number in range(3, 20_003)
    ]
    leaf = b"<< /Type /Page /Parent 20002 0 R /MediaBox [0 0 612 792] >>"
    return assembled(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", *nodes, leaf)


def deep_nesting() -> bytes:
    """A hundred thousand arrays, one in another, in the page and in its drawing."""
    nest = b"[" * 100_000 + b"]" * 100_000
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Odd %s /Contents 4 0 R >>" % nest
    drawing = nest + b" TJ"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)
    return assembled(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", leaf, stream)


def deep_dictionaries() -> bytes:
    return making.pdf().replace(b"/Trapped /False", b"/Odd " + b"<< /A " * 50_000)


def object_streams_in_a_circle() -> bytes:
    """Object 4 lies in stream 5, which lies in stream 4."""
    inner = b"4 0 5 6 << >> << >>"
    stream = b"<< /Type /ObjStm /N 2 /First 8 /Extends 5 0 R /Length %d >>\nstream\n%s\nendstream"
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return assembled(CATALOG, pages, b"null", b"5 0 R", stream % (len(inner), inner))


def object_stream_without_end() -> bytes:
    """It announces a billion objects."""
    head = b"<< /Type /ObjStm /N 1000000000 /First 2000000000 /Length 10 >>"
    return assembled(CATALOG, b"3 0 R", head + b"\nstream\n1 0 2 0 3 \nendstream")


def tables_in_a_circle() -> bytes:
    data = making.pdf()
    start = data.rindex(b"startxref") + 10
    place = data[start:].split()[0]
    return data.replace(b"/Size", b"/Prev " + place + b" /Size")


def drawing_within_itself() -> bytes:
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] "
        b"/Resources << /XObject << /A 4 0 R /B 4 0 R >> >> /Length 12 >>\n"
        b"stream\n/A Do /B Do \nendstream"
    )
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /XObject << /A 4 0 R /B 4 0 R >> >> >>"
    )
    return assembled(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", leaf, form)


def drawings_that_double() -> bytes:
    """Forty forms, each drawing the next one twice: a million million strokes."""
    forms = [
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] "
        b"/Resources << /XObject << /N %d 0 R >> >> /Length 12 >>\nstream\n/N Do /N Do \nendstream"
        % (number + 1)
        for number in range(4, 44)
    ]
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 45 0 R "
        b"/Resources << /XObject << /N 4 0 R >> >> >>"
    )
    last = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 11 >>\nstream\n0 0 9 9 re f\nendstream"  # fmt: skip
    start = b"<< /Length 5 >>\nstream\n/N Do\nendstream"
    return assembled(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", leaf, *forms, last, start)  # fmt: skip


def strokes_without_end() -> bytes:
    """A hundred megabytes of drawing in a few hundred kilobytes."""
    return packed(zlib.compress(b"0 0 m 600 700 l S\n" * 6_000_000, 9), 1)


def packed(content: bytes, layers: int) -> bytes:
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(612, 792))
        stream = pikepdf.Stream(made, content)
        stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * layers)
        page.Contents = stream
        return making.saved(made)


def flate_bomb() -> bytes:
    """Four gigabytes of nothing, packed twice: one flushed block of a megabyte, over and over."""
    squeezer = zlib.compressobj(9)
    block = squeezer.compress(bytes(1_000_000)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return packed(zlib.compress(block[:2] + block[2:] * 4_000, 9), 2)


def picture_of_ten_gigapixels() -> bytes:
    return making.with_picture(100_000, 100_000)


def inline_picture_of_ten_gigapixels() -> bytes:
    """Not named in the resources: it stands in the drawing itself."""
    content = b"612 0 0 792 0 0 cm BI /W 100000 /H 100000 /CS /G /BPC 8 ID x EI"
    return making.with_content(content)


def picture_behind_a_mask() -> bytes:
    """A small picture whose transparency is ten gigapixels."""
    with pikepdf.open(io.BytesIO(making.with_picture(10, 10))) as made:
        small = made.pages[0].Resources.XObject.Im0
        small.write(bytes(100))
        big = made.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        big.Width, big.Height, big.BitsPerComponent = 100_000, 100_000, 8
        big.ColorSpace = pikepdf.Name.DeviceGray
        small.SMask = big
        return making.saved(made)


def endless_pattern() -> bytes:
    """A page tiled by patterns a thousandth of a point wide."""
    pattern = (
        b"<< /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 "
        b"/Resources << >> /Length 10 >>\nstream\n0 0 1 1 re\nendstream"
    )
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
        b"/Resources << /Pattern << /P 4 0 R >> >> >>"
    )
    content = b"/Pattern cs /P scn 0 0 612 792 re f"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return assembled(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", leaf, pattern, stream)


def boxes_without_numbers() -> bytes:
    return making.pdf().replace(b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ (a) null ]       ")


def endless_page() -> bytes:
    return making.pdf().replace(
        b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ 0 0 900000000 900000000 ]"
    )


def tiff_in_a_circle() -> bytes:
    """Its second page is its first."""
    data = bytearray(making.picture("TIFF", (8, 8)))
    (first,) = struct.unpack("<I", data[4:8])
    (entries,) = struct.unpack("<H", data[first : first + 2])
    place = first + 2 + 12 * entries
    data[place : place + 4] = struct.pack("<I", first)
    return bytes(data)


def png_of_ten_gigapixels() -> bytes:
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(10)))


def png_with_endless_text() -> bytes:
    """A note of 200 MB beside a small picture."""
    note = b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9)
    small = making.picture("PNG", (8, 8))
    return small[:33] + _chunk(b"zTXt", note) + small[33:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def jpeg_of_four_gigapixels() -> bytes:
    data = making.picture("JPEG", (16, 16))
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", 65_500, 65_500) + data[place + 4 :]


REFUSED_AS: dict[Callable[[], bytes], type[DocumentRefused]] = {
    ten_thousand_pages: TooLarge,
    pages_that_claim_to_be_one: DocumentRefused,
    pages_within_themselves: DamagedFile,
    pages_in_a_deep_tree: DamagedFile,
    deep_nesting: DamagedFile,
    deep_dictionaries: DamagedFile,
    object_streams_in_a_circle: DamagedFile,
    object_stream_without_end: DamagedFile,
    drawing_within_itself: UnreadableFile,
    drawings_that_double: UnreadableFile,
    strokes_without_end: UnreadableFile,
    flate_bomb: UnreadableFile,
    picture_of_ten_gigapixels: TooLarge,
    endless_pattern: UnreadableFile,
    endless_page: TooLarge,
    png_of_ten_gigapixels: TooLarge,
    png_with_endless_text: DamagedFile,
    jpeg_of_four_gigapixels: TooLarge,
}
HARMLESS: tuple[Callable[[], bytes], ...] = (
    tables_in_a_circle,
    inline_picture_of_ten_gigapixels,
    picture_behind_a_mask,
    boxes_without_numbers,
    tiff_in_a_circle,
    making.with_javascript_and_attachment,
)
"""What our libraries shrug off: one page each."""
