"""Certificates of our own drawing, with the truth known: for tests and for the benchmark."""
