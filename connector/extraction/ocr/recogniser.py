"""RapidOCR's recogniser (PP-OCR) on single lines of print, run through ONNX Runtime.

The model file comes in the `rapidocr` wheel; the package itself is not imported, which saves
0.8 s and lets one process keep to one thread. Input and decoding are those of PP-OCR's
recognition step: height 48, values -1 to 1, CTC with the blank at index 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from connector.extraction.ocr.paper import Gray

_HEIGHT = 48
_NARROWEST = 32
_WIDEST = 2400


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a reader saw in one line: the text and how sure it was, on average and of the letter or
    digit it was least sure of.

    `places` are the shares (0 to 1) of the picture's width at which it saw each character of the
    text, spaces left out, and `sure` how sure it was of each; empty where the reader does not say.
    """

    text: str
    confidence: float
    weakest: float = 0.0
    places: tuple[float, ...] = ()
    sure: tuple[float, ...] = ()

    def least_sure_of(self, characters: str) -> float:
        """How sure it was of the least certain of these characters in the text; 1 if there is none."""
        solid = "".join(self.text.split())
        if len(solid) != len(self.sure):
            return self.weakest
        chosen = [p for p, c in zip(self.sure, solid, strict=True) if c in characters]
        return min(chosen, default=1.0)


NOTHING = Glimpse("", 0.0)


def model_file() -> Path | None:
    """The recogniser's model in the installed wheel, or None."""
    package = find_spec("rapidocr")
    places = (package.submodule_search_locations if package else None) or ()
    files = [file for place in places for file in Path(place).glob("models/*rec*.onnx")]
    return min(files, default=None)


class Recogniser:
    """One loaded model. Not to be shared between threads."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        characters = self._session.get_modelmeta().custom_metadata_map["character"]
        self._characters = ["", *characters.splitlines(), " "]

    def read(self, crops: Iterable[Gray]) -> list[Glimpse]:
        """Each crop (one line of print, dark on light) read."""
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Gray) -> Glimpse:
        if crop.size == 0 or min(crop.shape) < 3:
            return NOTHING
        scores = self._session.run(None, {self._input: _prepared(crop)})[0][0]
        return self._decoded(np.asarray(scores, dtype=np.float32))

    def _decoded(self, scores: NDArray[np.float32]) -> Glimpse:
        best = scores.argmax(axis=1)
        first = np.concatenate([[True], best[1:] != best[:-1]])
        steps = np.flatnonzero(first & (best > 0))
        if not len(steps):
            return NOTHING
        text = "".join(self._characters[index] for index in best[steps])
        scored = scores[steps, best[steps]]
        shares = (steps + 0.5) / len(best)
        places = tuple(float(x) for x, c in zip(shares, text, strict=True) if not c.isspace())
        sure = tuple(float(p) for p, c in zip(scored, text, strict=True) if not c.isspace())
        letters = [float(p) for p, c in zip(scored, text, strict=True) if c.isalnum()]
        return Glimpse(text.strip(), float(scored.mean()), min(letters, default=0.0), places, sure)


def _prepared(crop: Gray) -> NDArray[np.float32]:
    height, width = crop.shape
    wide = int(np.clip(round(width * _HEIGHT / height), _NARROWEST, _WIDEST))
    shrinking = height > _HEIGHT
    resized = cv2.resize(
        crop, (wide, _HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    )
    values = np.asarray(resized, dtype=np.float32) / 127.5 - 1.0
    return np.broadcast_to(values, (1, 3, _HEIGHT, wide)).copy()


@cache
def loaded() -> Recogniser | None:
    """The recogniser of this process, loaded once; None when its wheel is missing."""
    model = model_file()
    return Recogniser(model) if model else None
