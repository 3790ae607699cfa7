"""Draws the two bundled certificates. `python -m demo.draw FOLDER --on 2026-03-02`

compliant.pdf has a text layer and endorsement pages behind it, not-compliant.pdf live form fields.
Their terms follow the day they are drawn for, so that the demo never runs on stale policies.
"""

from __future__ import annotations

import argparse
import io
from datetime import date
from pathlib import Path

from demo.endorsements import draw_endorsement
from demo.firms import compliant, compliant_endorsements, not_compliant
from demo.form import form_pdf
from demo.layout import acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Style
from demo.widgets import FieldHabits

STYLE = Style(
    rows_at=0.08,
    mark="cross",
    filler="Drawn as a sample for the COI connector. Every firm, policy and number on this page is made up.",
)


def draw_demo(folder: Path, on: date) -> tuple[Path, Path]:
    """Write compliant.pdf and not-compliant.pdf as they would be sent on the day `on`."""
    folder.mkdir(parents=True, exist_ok=True)
    good, bad = folder / "compliant.pdf", folder / "not-compliant.pdf"
    good.write_bytes(_packet(on))
    bad.write_bytes(form_pdf(acord_25_2016(), not_compliant(on), STYLE, FieldHabits()))
    return good, bad


def _packet(on: date) -> bytes:
    layout, into = acord_25_2016(), io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, STYLE)
    draw_values(canvas, layout, compliant(on), STYLE)
    canvas.showPage()
    for page in compliant_endorsements():
        draw_endorsement(canvas, page, STYLE)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the two bundled certificates.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    given = parser.parse_args()
    for path in draw_demo(given.folder, given.on):
        print(path)


if __name__ == "__main__":
    main()
