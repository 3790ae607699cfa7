"""Image-only pages: laid flat, registered by their rules, read cell by cell by two readers."""

from connector.extraction.ocr.availability import Availability, available
from connector.extraction.ocr.pages import read_page

__all__ = ["Availability", "available", "read_page"]
