"""The COI connector: reads, checks and passes on certificates of insurance.

The rooms and the one direction in which they may import each other are kept by
import-linter (pyproject.toml); docs/house.md walks through them.
"""
