"""Documents for the tests: whole ones, and every way in which they are not."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import pikepdf
from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

GENERATE = pikepdf.ObjectStreamMode.generate


def pdf(pages: int = 1, size: tuple[float, float] = letter, text: str = "CERTIFICATE") -> bytes:
    """A PDF with a line of text on each page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True)
    for number in range(pages):
        canvas.drawString(72, size[1] - 72, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def form(value: str = "1,000,000") -> bytes:
    """A PDF with one live form field."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=True)
    canvas.acroForm.textfield(name="limit", value=value, x=100, y=600, width=200, height=40)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def encrypted(
    user: str, owner: str = "owner", data: bytes | None = None, revision: int = 6
) -> bytes:
    """A PDF that needs `user` to open; an empty one only restricts what may be done with it."""
    modern = revision >= 4
    rules = pikepdf.Encryption(user=user, owner=owner, R=revision, aes=modern, metadata=modern)
    return changed(data or pdf(), encryption=rules)


def changed(data: bytes, **saving: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        opened.save(out, **saving)
    return out.getvalue()


def with_picture(width: int, height: int, *, nested: int = 0) -> bytes:
    """A PDF whose page shows a picture that says it has this many pixels, and holds none."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=letter)
        picture = pikepdf.Stream(
            made,
            b"",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        for _ in range(nested):
            picture = pikepdf.Stream(
                made,
                b"/Im0 Do",
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 612, 792],
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture)),
            )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.Contents = pikepdf.Stream(made, b"612 0 0 792 0 0 cm /Im0 Do")
        return saved(made)


def with_content(content: bytes, *, packed: int = 0) -> bytes:
    """A PDF whose page runs `content`, deflated `packed` times over."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=letter)
        for _ in range(packed):
            content = zlib.compress(content, 9)
        stream = pikepdf.Stream(made, content)
        if packed:
            stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * packed)
        page.Contents = stream
        return saved(made)


def with_javascript_and_attachment() -> bytes:
    """A PDF that would run a script and open an attached program, were it let."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        script = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS="while (true) { app.alert('hello'); }"
        )
        made.Root.OpenAction = script
        made.pages[0].AA = pikepdf.Dictionary(O=script)
        made.attachments["evil.exe"] = b"MZ" + bytes(1000)
        return saved(made)


def saved(made: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out, compress_streams=False)
    return out.getvalue()


def picture(
    kind: str, size: tuple[int, int] = (850, 1100), *, frames: int = 1, **saving: Any
) -> bytes:
    """A picture file: white, with a black upper left quarter."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    more = {"save_all": True, "append_images": [image] * (frames - 1)} if frames > 1 else {}
    image.save(out, kind, **more, **saving)
    return out.getvalue()


def heic(size: tuple[int, int] = (640, 480)) -> bytes:
    """The head of a HEIC file: what a phone writes before the picture."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def without_xref(data: bytes) -> bytes:
    """The same PDF with every pointer in its table of contents wrong."""
    return re.sub(rb"\d{10} 00000 n", b"0000000009 00000 n", data)
