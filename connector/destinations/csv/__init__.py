"""The tracking log as a local file, for offices without Google Sheets."""
