"""What a reader found on a page, cell by cell, before it becomes the entries of a certificate.

Form fields, text layer and OCR all answer a `PageReading`; `assembly.entries` turns it into
entries, the same way for each, so that nothing behind it can tell where the words came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from connector.certificate.entry import Box, Source
from connector.extraction.editions import Edition

ALIKE_UPRIGHTS = "An i cannot be told from an l"
"""How the doubt about a line of a picture begins in which one of its i or l may be the other."""
COVERED = "A stamp, a signature or a pen stroke lies over this box."
CUT_OFF = "This box is not wholly in the picture: a side of the page is cut off."
UNSEEN_LINES = "The form's own lines around this box cannot be seen: the paper is folded, covered or bent there."
HIDING = (COVERED, CUT_OFF, UNSEEN_LINES)
"""The doubts about a box of a picture in which any words may be hidden."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a cell; `confidence` is the reader's, 0 to 1.

    `doubt` is the sentence why this line must not be relied on; `second` is what a second reader
    saw in it, where there is one and it differs. `words_stand`: the doubt is about its points or the
    words in which `second` differs; all others are as both readers saw them.
    """

    text: str
    box: Box
    confidence: float = 1.0
    doubt: str | None = None
    second: str | None = None
    words_stand: bool = False


def reasons(doubt: str | None, lines: Iterable[Line]) -> str | None:
    """A doubt and the doubts of lines as one text, each said once; None when there are none."""
    said = dict.fromkeys(why for why in (doubt, *(line.doubt for line in lines)) if why)
    return " ".join(said) or None


@dataclass(frozen=True, slots=True)
class CellReading:
    """What stands in one cell of the form.

    `lines` go from the top and are empty when nothing stands there; `box` is where the reader
    looked. `ticked` is for ticks (and the signature): True, False, or None when it is not sure,
    which needs a `doubt`. `doubt` is the sentence why the reading must not be relied on. A cell
    that could not be placed is a doubt without lines, never an empty reading.
    """

    page: int
    source: Source
    lines: tuple[Line, ...] = ()
    box: Box | None = None
    ticked: bool | None = None
    doubt: str | None = None

    @property
    def text(self) -> str:
        """The lines joined by line breaks."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """That of the least certain line."""
        return min((line.confidence for line in self.lines), default=1.0)

    @property
    def reason(self) -> str | None:
        """The doubt about the cell and those about its lines, as one text."""
        return reasons(self.doubt, self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.ticked


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page as a reader sees it.

    `page` is 1-based. `cells` are by cell name (`Edition.cells`); a cell that is missing counts
    as not placed. `edition` is None when no known edition fits: everything read is then in doubt.
    `text` is the page's text in lines, as far as the reader knows it, to tell what the page is;
    `lines` are the same with their boxes, for a page that is on no known form (an endorsement).
    `doubt` is a sentence that makes every value of the page unclear. `on_page` sends the boxes of
    the cells to the page as a person sees it, where the reader has laid the page flat first.
    """

    page: int
    source: Source
    edition: Edition | None
    cells: Mapping[str, CellReading] = field(default_factory=dict)
    text: str = ""
    doubt: str | None = None
    lines: tuple[Line, ...] = ()
    on_page: Callable[[Box], Box] | None = None
