"""What a rule may be about: a box of the certificate, or a whole coverage line.

The form's free rows have no fixed place, so their lines go by kind: "professional.each_claim" is
the each-claim limit of whichever row holds professional liability.
"""

from __future__ import annotations

from dataclasses import dataclass

from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH, ENTRY_PATHS, LINE_OF
from connector.certificate.model import OTHER_LINES, STANDARD_LINES

KINDS_OF_OTHER_LINES = tuple(
    kind for kind in BY_PATH[f"{OTHER_LINES[0]}.kind"].choices if kind != "other"
)
"""professional, pollution ...: a row of kind "other" could be anything, so no rule may rest on it."""

LINE_LABELS = {
    "general_liability": "General liability",
    "auto_liability": "Auto liability",
    "umbrella_liability": "Umbrella liability",
    "workers_compensation": "Workers compensation",
} | {kind: f"{kind.capitalize()} liability" for kind in KINDS_OF_OTHER_LINES}
LINE_LABELS |= {"property": "Property", "crime": "Crime"}


@dataclass(frozen=True, slots=True)
class Subject:
    """`kind` is None for a whole line; `name` is the box's own label, without its line's; `label`
    is both, as in a table: "General liability: each occurrence"."""

    path: str
    kind: Kind | None
    line: str | None
    name: str
    label: str
    choices: tuple[str, ...] = ()

    @property
    def model_path(self) -> str:
        """The path in the certificate's model, that of the first free row for a line by kind."""
        if self.line in KINDS_OF_OTHER_LINES:
            return self.path.replace(self.line, OTHER_LINES[0], 1)
        return self.path


def _box(path: str, model_path: str, line: str | None) -> Subject:
    field = BY_PATH[model_path]
    if line is None:
        return Subject(path, field.kind, None, field.label, field.label, field.choices)
    name = field.label.split(": ", 1)[1]
    label = f"{LINE_LABELS[line]}: {name}"
    return Subject(path, field.kind, line, name[:1].upper() + name[1:], label, field.choices)


def _subjects() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    lines = (*STANDARD_LINES, *KINDS_OF_OTHER_LINES)
    found |= {
        line: Subject(line, None, line, LINE_LABELS[line], LINE_LABELS[line]) for line in lines
    }
    for path in ENTRY_PATHS:
        owner, _, box = path.partition(".")
        if owner == OTHER_LINES[0]:
            for kind in KINDS_OF_OTHER_LINES:
                found[f"{kind}.{box}"] = _box(f"{kind}.{box}", path, kind)
        elif owner not in OTHER_LINES:
            found[path] = _box(path, path, LINE_OF.get(path))
    return found


SUBJECTS: dict[str, Subject] = _subjects()
"""Every word that may stand after `require:`."""
