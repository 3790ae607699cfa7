"""`make pictures`: the pictures that the docs show, made small from those of the last test run."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.web.pages.chromium import PICTURES

DOCS = Path(__file__).parents[3] / "docs" / "pictures"
KEPT = (
    "board-desk-light", "vendor-desk-light", "review-desk-light", "try-desk-light",
    "upload-phone-light", "work-desk-light", "rule-set-desk-light", "setup-desk-light",
)  # fmt: skip
WIDTH, HIGHEST, COLOURS = 800, 700, 200
"""Pixels; a longer page is cut off below. Flat colours keep a picture below 60 kB; the rare ones (red,
green, orange) say what matters, so none is left out for being rare."""


def main() -> None:
    for name in KEPT:
        with Image.open(PICTURES / f"{name}.png") as whole:
            width = min(WIDTH, whole.width)
            small = whole.convert("RGB").resize((width, whole.height * width // whole.width))
        shown = small.crop((0, 0, width, min(small.height, HIGHEST)))
        shown.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(
            DOCS / f"page-{name}.png", optimize=True
        )


if __name__ == "__main__":
    main()
