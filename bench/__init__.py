"""Measurements, each printed by a command: ratios of one run, never a pass or a fail."""
