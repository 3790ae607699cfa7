"""Procore as the published contract describes it: see `server.ProcoreSimulator`."""
