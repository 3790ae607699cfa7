"""The hands that certificates are printed in: an agency's software, or a maker's own form."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from demo.sheet import Style
from demo.widgets import FieldHabits

FONTS = (
    "Helvetica", "Helvetica", "Helvetica-Bold", "Courier", "Courier-Bold", "Times-Roman", "Vera",
    "Roboto", "Caladea",
)  # fmt: skip
_FILES = {
    "Vera": "Vera.ttf",
    "VeraBd": "VeraBd.ttf",
    "Roboto": "font_roboto/files/Roboto-Regular.ttf",
    "Caladea": "font_caladea/files/Caladea-Regular.ttf",
}
"""Fonts that come with reportlab or as packages, so that every machine draws the same."""


def _register_fonts() -> None:
    for name, file in _FILES.items():
        package = file.partition("/")[0]
        found = importlib.util.find_spec(package) if "/" in file else None
        folder = Path(found.origin).parents[1] if found and found.origin else Path()
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


_register_fonts()

MARKS = ("text", "text", "small", "cross", "cross", "check", "filled", "hand")
OWN_WORDS = (
    {"INSD": "INSR"},
    {"NAME:": "NAME", "ADDRESS:": "ADDRESS", "(A/C, No, Ext):": "(A/C, No, Ext)", "(A/C, No):": "(A/C, No)"},
    {"INSURER A :": "INSURER A:", "INSURER B :": "INSURER B:", "INSURER C :": "INSURER C:"},
    {"INSD": "INSR", "WVD": "WVD", "N / A": "N/A", "Y / N": "Y/N", "LOC": "LOC."},
)  # fmt: skip


def official_style(seed: int, difficulty: str = "usual") -> Style:
    """Values printed into the official form by agency software."""
    rng = Random(f"style {seed}/{difficulty}")
    if difficulty == "clean":
        return Style(size=rng.choice((7.5, 8.0, 8.5, 9.0)), mark=rng.choice(("text", "cross")))
    shift = 0.8 if difficulty == "usual" else rng.choice((1.5, 1.5, 1.5, 2.5, 2.5, 4.0))
    return Style(
        font=rng.choice(FONTS),
        size=rng.choice((7.0, 7.5, 8.0, 8.0, 8.5, 9.0, 9.5)),
        narrow=rng.choice((1.0, 1.0, 1.0, 0.82)),
        mark=rng.choice(MARKS),
        rows_at=rng.choice((None, None, 0.0, 0.08, 0.5)),
        shift=(round(rng.uniform(-shift, shift), 2), round(rng.uniform(-shift, shift), 2)),
        overprint=difficulty == "hard" and rng.random() < 0.3,
        signature=rng.choice(("script", "typed")),
    )


@dataclass(frozen=True, slots=True)
class OwnStyle(Style):
    """A maker that lays the form out itself; `relaid` is the seed, None = the official layout."""

    relaid: int | None = None


def own_style(seed: int, difficulty: str = "usual") -> OwnStyle:
    """A form that an agency or carrier prints itself: laid out anew, scaled, other labels and fonts."""
    rng = Random(f"own {seed}/{difficulty}")
    scale = round(rng.uniform(0.93, 1.02), 3)
    spare = 612 * (1 - scale)
    official = official_style(seed, difficulty)
    return OwnStyle(
        **{field.name: getattr(official, field.name) for field in fields(official)}
        | {
            "placed": (
                scale,
                round(spare / 2 + rng.uniform(-6, 6), 1),
                round(rng.uniform(-8, 14), 1),
            ),
            "dollar_column": rng.random() < 0.5,
            "label_font": rng.choice(("Helvetica", "Times-Roman", "Vera")),
            "label_words": rng.choice(OWN_WORDS),
            "relaid": seed if rng.random() < 0.6 else None,
        }
    )


def field_habits(seed: int) -> FieldHabits:
    """How this certificate's software names and writes form fields."""
    rng = Random(f"fields {seed}")
    return FieldHabits(
        wrapped=rng.random() < 0.5,
        on_state=rng.choice(("/1", "/1", "/Yes", "/On", "/X")),
        line_break=rng.choice(("\r", "\r", "\n", "\r\n")),
        appearances=rng.random() < 0.8,
    )
