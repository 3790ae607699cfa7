"""The generated half of the Zapier integration; the hand-written half is in zap_schemas/."""
