"""What a Zap or a scenario can ask for: one file per action, one registry (registry.py)."""
