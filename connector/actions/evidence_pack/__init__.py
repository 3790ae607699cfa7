"""The evidence pack: all that is on file about a vendor, in one ZIP for an auditor or a dispute."""

from connector.actions.evidence_pack.write import file_name, write

__all__ = ["file_name", "write"]
