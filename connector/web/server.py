"""gunicorn around the app: each of its processes makes its own services after the fork."""

from __future__ import annotations

import gc
import logging
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from connector.settings import Settings
from connector.web.app import create_app
from connector.web.reception import IDLE_SECONDS, LINES, Reception
from connector.wiring import services

THREADS = 16
"""Of one process. Most only wait for their job (`work.WAITING_AT_ONCE`)."""

SECONDS_WITHOUT_A_SIGN = 60
"""A process whose loop does not turn for so long is started anew; threads have limits of their own."""


class OurLog(Logger):  # type: ignore[misc]
    """gunicorn's words in our log (`connector.logs`) instead of beside it."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exception(), TimeoutError):
            self.error_log.info("an answer was not taken in time; its connection is closed")
        else:
            super().exception(msg, *args, **kwargs)

    def access(self, *_: Any) -> None:
        """Our own log has a line for each request already."""


def _forget_process(_: Any, worker: Any) -> None:
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings instead of its command line."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": f"{self._settings.listen_on}:{self._settings.port}",
            "workers": self._settings.web_workers,
            "threads": THREADS,
            "worker_class": Reception,
            "worker_connections": LINES,
            "keepalive": IDLE_SECONDS,
            "timeout": SECONDS_WITHOUT_A_SIGN,
            "graceful_timeout": 25,
            "proc_name": "coi-connector-web",
            "loglevel": "warning",
            "logger_class": OurLog,
            # Who is believed about addresses and https is decided in one place: proxies.OwnProxies.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "child_exit": _forget_process,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(services(self._settings))
        gc.freeze()  # what is loaded stays: looking through all of it again and again holds pages up
        return app


def run(settings: Settings) -> None:
    """Answer requests until told to stop."""
    Server(settings).run()
