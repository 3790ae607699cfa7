"""Real HTTP servers on loopback that behave like the systems we deliver to."""
