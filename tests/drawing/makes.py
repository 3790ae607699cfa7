"""One truth in every make that a subcontractor sends: form, text, scan, fax, photo and worse.

`draw(truth, edition, make, style)` is the whole of it; MAKES names the makes. Vector makes are
drawn; raster makes are our own page rendered with pypdfium2 and worn by `wear`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pikepdf
from PIL import Image

from demo.form import form_pdf
from demo.layout import Layout
from demo.page import certificate_pdf
from demo.sheet import Style
from tests.drawing import bending, wear
from tests.drawing.editions import layout
from tests.drawing.layers import lie, under_picture, with_damaged_font
from tests.drawing.picture import image_file, pdf_of, pdf_of_strips, picture
from tests.drawing.relaid import relaid
from tests.drawing.styles import OwnStyle, field_habits, official_style
from tests.drawing.truth import Truth

FAX_FINE, FAX_LOW = (204, 196), (204, 98)
"""Dots per inch across and down."""


@dataclass(frozen=True, slots=True)
class Job:
    """One certificate about to be drawn."""

    truth: Truth
    layout: Layout
    style: Style
    rng: wear.Rng

    def text(self) -> bytes:
        return certificate_pdf(self.layout, self.truth.sheet, self.style)

    def picture(self, dpi: float) -> Image.Image:
        return picture(self.text(), dpi)


def draw(
    truth: Truth, edition: str = "2016/03", make: str = "text", style: Style | None = None
) -> bytes:
    """The certificate as a file of this make; the same arguments give the same bytes."""
    if make not in _DRAW:
        raise ValueError(f"{make}: one of {', '.join(MAKES)}")
    style = style or official_style(truth.seed, truth.difficulty)
    rng = np.random.default_rng([truth.seed, *make.encode()])
    return _DRAW[make](Job(truth, layout_for(edition, style), style, rng))


def layout_for(edition: str, style: Style) -> Layout:
    """The edition's layout as this style places it on the paper."""
    drawn = layout(edition)
    if isinstance(style, OwnStyle) and style.relaid is not None:
        drawn = relaid(drawn, style.relaid)
    return drawn.moved(*style.placed)


def _form(job: Job) -> bytes:
    return form_pdf(job.layout, job.truth.sheet, job.style, field_habits(job.truth.seed))


def _xfa_form(job: Job) -> bytes:
    """A hybrid: live fields and their XFA twin."""
    habits = replace(field_habits(job.truth.seed), wrapped=True, xfa=True)
    return form_pdf(job.layout, job.truth.sheet, job.style, habits)


def _locked_form(job: Job) -> bytes:
    """Encrypted with an empty password for opening: anybody reads it, nobody may change it."""
    out = io.BytesIO()
    locked = pikepdf.Encryption(owner="agency", user="", R=3, aes=False, metadata=False)
    with pikepdf.open(io.BytesIO(_form(job))) as document:
        document.save(out, encryption=locked, static_id=True)
    return out.getvalue()


def _off_corner(job: Job) -> bytes:
    """A text page whose corner is not at 0, 0, cut to size by a crop box."""
    out = io.BytesIO()
    width, height = job.layout.page
    with pikepdf.open(io.BytesIO(job.text())) as document:
        page = document.pages[0]
        page.contents_add(b"q 1 0 0 1 -40 25 cm", prepend=True)
        page.contents_add(b"Q")
        page.MediaBox = pikepdf.Array([-90, -30, width + 10, height + 80])
        page.CropBox = pikepdf.Array([-40, 25, width - 40, height + 25])
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _turned_text(job: Job) -> bytes:
    """A page drawn lying on its side that /Rotate sets upright, as print drivers write it."""
    out = io.BytesIO()
    width, height = job.layout.page
    with pikepdf.open(io.BytesIO(job.text())) as document:
        page = document.pages[0]
        page.contents_add(f"q 0 1 -1 0 {height:g} 0 cm".encode(), prepend=True)
        page.contents_add(b"Q")
        page.MediaBox = pikepdf.Array([0, 0, height, width])
        page.Rotate = 90
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _sideways_text(job: Job) -> bytes:
    """An upright page that /Rotate turns onto its side or head."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(job.text())) as document:
        document.pages[0].Rotate = int(job.rng.choice([90, 180, 270]))
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _scan(dpi: int) -> Callable[[Job], bytes]:
    return lambda job: pdf_of([wear.scanned(job.picture(dpi), job.rng)], (dpi, dpi))


def _skewed(job: Job) -> bytes:
    """Fed askew: 2 to 5 degrees."""
    lean = float(job.rng.choice([-1, 1]) * job.rng.uniform(2, 5))
    return pdf_of([wear.scanned(wear.turned(job.picture(300), lean), job.rng)], (300, 300))


def _rotated(turn: Image.Transpose) -> Callable[[Job], bytes]:
    """Scanned sideways or upside down, nothing in the file saying so."""
    return lambda job: pdf_of([wear.scanned(job.picture(300), job.rng).transpose(turn)], (300, 300))


def _fax(dots_per_inch: tuple[int, int]) -> Callable[[Job], bytes]:
    def drawn(job: Job) -> bytes:
        width, height = (size / 72 for size in job.layout.page)
        dots = (round(width * dots_per_inch[0]), round(height * dots_per_inch[1]))
        return pdf_of([wear.faxed(job.picture(300), job.rng, dots)], dots_per_inch)

    return drawn


def _copy(job: Job) -> bytes:
    return pdf_of([wear.copied(job.picture(250), job.rng)], (250, 250))


def _faint(job: Job) -> bytes:
    return pdf_of([wear.faint(job.picture(300), job.rng)], (300, 300))


def _stamp(job: Job) -> bytes:
    return pdf_of([wear.scanned(wear.stamped(job.picture(300), job.rng), job.rng)], (300, 300))


def _stamp_in_blue(job: Job) -> bytes:
    seen = wear.scanned(job.picture(300), job.rng)
    return pdf_of([wear.stamped_in_blue(seen, job.rng)], (300, 300))


def _scanning_app(job: Job) -> bytes:
    return pdf_of([wear.black_and_white(job.picture(220), job.rng)], (220, 220))


def _photo(job: Job, *, curl: float = 0.0) -> Image.Image:
    return wear.photographed(job.picture(230), job.rng, curl=curl)


def _bent_photo(job: Job, bend: Callable[[wear.Rng], bending.Bend]) -> bytes:
    seen = bending.photographed_bent(job.picture(230), job.rng, bend(job.rng))
    return pdf_of([seen], (230, 230))


def _photo_from_the_side(job: Job) -> bytes:
    page, rng = job.picture(260), job.rng
    seen = bending.photographed_bent(page, rng, bending.flat(), tilt=(22, 32))
    return pdf_of([seen], (260, 260))


def _dog_eared(job: Job) -> bytes:
    page = bending.dog_eared(job.picture(230), job.rng)
    return pdf_of([wear.photographed(page, job.rng)], (230, 230))


def _scan_from_a_book(job: Job) -> bytes:
    return pdf_of([bending.from_a_book(job.picture(300), job.rng)], (300, 300))


def _scan_wavy(job: Job) -> bytes:
    return pdf_of([bending.fed_unevenly(job.picture(300), job.rng)], (300, 300))


def _fax_slipped(job: Job) -> bytes:
    page = bending.slipped(job.picture(300), job.rng)
    dots = round(8.5 * FAX_FINE[0]), round(11 * FAX_FINE[1])
    return pdf_of([wear.faxed(page, job.rng, dots)], FAX_FINE)


def _lying(job: Job) -> bytes:
    """A picture of the truth over a text layer that says something else."""
    seen = wear.scanned(job.picture(200), job.rng, skew=0.3)
    told = lie(job.truth.sheet, Random(f"lie {job.truth.seed}"))
    return under_picture(job.layout, told, job.style, seen)


def _searchable(job: Job) -> bytes:
    """A picture over an honest text layer, as scanners with their own OCR write."""
    seen = wear.scanned(job.picture(200), job.rng, skew=0.3)
    return under_picture(job.layout, job.truth.sheet, job.style, seen)


_DRAW: dict[str, Callable[[Job], bytes]] = {
    "form": _form,
    "form_xfa": _xfa_form,
    "form_locked": _locked_form,
    "text": Job.text,
    "text_off_corner": _off_corner,
    "text_turned": _turned_text,
    "text_sideways": _sideways_text,
    "scan600": _scan(600),
    "scan300": _scan(300),
    "scan200": _scan(200),
    "scan150": _scan(150),
    "fax": _fax(FAX_FINE),
    "fax_low": _fax(FAX_LOW),
    "copy": _copy,
    "faint": _faint,
    "stamp": _stamp,
    "stamp_blue": _stamp_in_blue,
    "skewed": _skewed,
    "rotated90": _rotated(Image.Transpose.ROTATE_90),
    "rotated180": _rotated(Image.Transpose.ROTATE_180),
    "rotated270": _rotated(Image.Transpose.ROTATE_270),
    "scan_strips": lambda job: pdf_of_strips(wear.scanned(job.picture(200), job.rng), 9),
    "scan_app": _scanning_app,
    "photo": lambda job: pdf_of([_photo(job)], (230, 230)),
    "photo_curled": lambda job: pdf_of([_photo(job, curl=9)], (230, 230)),
    "photo_rolled": lambda job: _bent_photo(job, bending.rolled),
    "photo_folded": lambda job: _bent_photo(job, bending.folded),
    "photo_side": _photo_from_the_side,
    "photo_dog_ear": _dog_eared,
    "photo_hand": lambda job: pdf_of([bending.shadowed(_photo(job), job.rng)], (230, 230)),
    "photo_cut": lambda job: pdf_of([bending.cut_off(_photo(job), job.rng)], (230, 230)),
    "scan_book": _scan_from_a_book,
    "scan_wavy": _scan_wavy,
    "fax_slipped": _fax_slipped,
    "photo_jpeg": lambda job: image_file(_photo(job), "JPEG", 72),
    "photo_png": lambda job: image_file(_photo(job), "PNG", 72),
    "scan_tiff": lambda job: image_file(wear.scanned(job.picture(200), job.rng), "TIFF", 200),
    "lying": _lying,
    "searchable": _searchable,
    "damaged": lambda job: with_damaged_font(job.layout, job.truth.sheet, job.style),
}
MAKES = tuple(_DRAW)
VECTOR_MAKES = (
    "form",
    "form_xfa",
    "form_locked",
    "text",
    "text_off_corner",
    "text_turned",
    "text_sideways",
    "damaged",
)
"""Makes whose text layer or fields hold the values."""
