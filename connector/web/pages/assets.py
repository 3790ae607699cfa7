"""Our own style and script files, named with their content so that browsers keep them for long."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).parents[1] / "static"
ONE_YEAR = 31_536_000


def register(app: Flask) -> None:
    """Let templates name a file by `asset("style.css")`."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = ONE_YEAR
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The file's address; another content has another one."""
    return url_for("static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
