"""Work that outlives a request: accept a job, hand it to the engine, read its state.

Only a client of the engine lives here; it is launched by `connector worker` alone.
"""
