"""Reading: from bytes to certificates."""
