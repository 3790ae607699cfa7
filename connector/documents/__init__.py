"""Bytes of anyone's making become a `Document`, or are refused by name."""
