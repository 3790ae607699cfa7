"""Documents that are pictures: a scan as TIFF, a phone photo as JPEG, PNG or HEIC."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from connector.documents.pdf import too_many_pages, too_many_pixels
from connector.documents.sniff import Sniffed, sniff
from connector.errors import DamagedFile, NotAPdf, TooLarge

DECODERS = {
    Sniffed.JPEG: "JPEG",
    Sniffed.PNG: "PNG",
    Sniffed.TIFF: "TIFF",
    Sniffed.HEIC: "HEIF",
}
"""Pillow's names. Only the one that fits the first bytes may try."""

TRIPPED = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
)
"""What Pillow raises on broken files: its documentation names the first three, fuzzing the rest."""

DAMAGED = "The picture is damaged or cut off. Take or scan it again and send the new file."


def reads_heic() -> bool:
    """True when the optional library for HEIC pictures is installed."""
    try:
        import pi_heif  # noqa: PLC0415 - costly to load where no photo ever comes
    except ImportError:
        return False
    pi_heif.register_heif_opener()
    return True


def count_frames(data: bytes, most_pages: int, most_pixels: int) -> int:
    """How many pages the picture has. Every one is decoded once, so that a cut-off file shows.

    Raises DamagedFile, TooLarge, NotAPdf (see `opened`).
    """
    with opened(data) as picture:
        return sum(1 for _ in _checked_frames(picture, most_pages, most_pixels))


def _checked_frames(picture: Image.Image, most_pages: int, most_pixels: int) -> Iterator[int]:
    for frame in range(most_pages + 1):
        try:
            picture.seek(frame)
        except EOFError:
            return
        if frame == most_pages:
            raise TooLarge(too_many_pages(frame + 1, most_pages).replace("has", "has at least"))
        if picture.width * picture.height > most_pixels:
            raise TooLarge(too_many_pixels(picture.width, picture.height))
        picture.load()
        yield frame
        if picture.format != "TIFF":
            return


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, not yet decoded. What Pillow cannot read inside the block is DamagedFile.

    NotAPdf for a HEIC picture where its library is not installed.
    """
    kind = sniff(data)
    if kind is Sniffed.HEIC and not reads_heic():
        raise NotAPdf("The file is a HEIC picture, which cannot be read here. Send it as JPEG.")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
        try:
            with Image.open(io.BytesIO(data), formats=[DECODERS[kind]]) as picture:
                yield picture
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise TooLarge("The picture has too many pixels. Scan the page at 300 dpi.") from None
        except TRIPPED as why:
            raise DamagedFile(DAMAGED) from why
