"""Certificates in a maker's own print: the same labels and boxes, laid out another way."""
