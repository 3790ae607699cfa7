"""Certificates against a rule set -> verdict. Pure: rule sets are loaded from given paths, the day is given."""
