"""The HTTP face: Flask routes that load input, ask an action, and answer flat JSON."""
