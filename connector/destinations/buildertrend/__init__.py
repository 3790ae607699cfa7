"""Buildertrend takes no certificates from other programs, so what a person needs is prepared.

There is no public interface that writes a sub's certificate (November 2026). We never log in as a
person, never use cookies, and call no address of theirs. Entry points: `ways`, `content`, `write`.
"""
