"""What a test may see and move around the service: the mail that came, the rows, the calendar."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from connector.jobs.accept import accept
from connector.jobs.queues import HOUSEKEEPING
from connector.storage.jobs import DAILY
from connector.storage.schema import new_id
from tests.simulators.google_sheets.server import SPREADSHEET, SheetsSimulator
from tests.simulators.mail import Delivered, MailSimulator


class Desk:
    """An office's desk: its letters and its spreadsheet, and the calendar's leaf to turn."""

    def __init__(
        self,
        mail: MailSimulator,
        google: SheetsSimulator,
        sessions: sessionmaker[Session],
        account_id: str,
    ) -> None:
        self._mail, self._google = mail, google
        self._sessions, self._account_id = sessions, account_id

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that went out, the oldest first."""
        return [_shown(delivered) for delivered in list(self._mail.delivered)]

    def rows(self) -> list[dict[str, Any]]:
        """The rows of every tab of the spreadsheet, by column; `tab` says which."""
        tabs = self._google.world.spreadsheets[SPREADSHEET].tabs
        return [{"tab": tab.title, **row} for tab in tabs for row in tab.records()]

    def begin_day(self, day: str) -> dict[str, Any]:
        """The worker does that day's daily work, as it does each morning."""
        given = {"day": date.fromisoformat(day).isoformat()}
        with self._sessions() as session, session.begin():
            accept(
                session, self._account_id, new_id("day"), DAILY, given,
                queue=HOUSEKEEPING, now=datetime.now(UTC),
            )  # fmt: skip
        return given


def _shown(delivered: Delivered) -> dict[str, Any]:
    message = delivered.message
    return {
        "to": delivered.recipients,
        "subject": str(message["Subject"]),
        "files": [part.get_filename() for part in message.iter_attachments()],
    }


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The desk at an address of this machine, for tests in another language."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown: dict[str, Callable[[], Any]] = {"/mails": desk.mails, "/rows": desk.rows}
            self._answer(shown[self.path]())

        def do_POST(self) -> None:
            self._answer(desk.begin_day(self.path.removeprefix("/days/")))

        def _answer(self, value: Any) -> None:
            content = json.dumps(value, default=str).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
