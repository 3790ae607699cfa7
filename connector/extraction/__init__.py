"""A document -> certificates: form fields, text layer, pictures, and how sure each value is."""

from connector.extraction.reader import READER_VERSION, Readers, read

__all__ = ["READER_VERSION", "Readers", "read"]
