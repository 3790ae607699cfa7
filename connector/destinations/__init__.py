"""Where a checked certificate goes: one folder per destination; they do not know each other."""
