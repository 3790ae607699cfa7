"""The worker: the only process that launches the job engine. It performs what was accepted."""
