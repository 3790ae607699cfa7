"""gunicorn's threads get whole requests: what comes slowly is waited for by the worker's own loop.

Of itself a thread reads the request from the line, and somebody who sends one byte a second keeps it
for as long as he likes; so few clients as there are threads stop the service (measured: 32 of them).
Here the loop takes in whatever has come on any line, into memory or a file, and hands a request to
a thread when it is all there. Slow ones are ended, the slowest first where there are too many. An
answer that nobody takes is ended likewise, and closing a line in good order is waited for here too.
"""

from __future__ import annotations

import errno
import json
import logging
import selectors
import socket
import tempfile
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from heapq import nsmallest
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from connector.web.framing import Frame
from connector.web.large_bodies import SMALL, may_send

log = logging.getLogger(__name__)

HEAD_SECONDS = 10.0
"""For the head of a request, from its first moment."""
GRACE_SECONDS = 30.0
LEAST_RATE = 16_000
"""Bytes a second: whoever sends at least so many, beyond the grace, is never ended."""
ANSWER_SECONDS = 30.0
"""For taking one piece of an answer."""
LINGER_SECONDS = 2.0
"""For the other side to close, too (RFC 9112, 9.6), before the line is cut."""
LINES = 400
"""Connections of one worker; beyond that the kernel lets them wait."""
SPARE_LINES = 50
"""With fewer left, the line that has been idle longest has to go."""
IDLE_SECONDS = 130
"""Longer than a proxy or client keeps a line itself (Caddy: 120), so that none is closed just as it asks."""
ARRIVING = 300
"""Requests that are on their way in; with more than that the slowest has to go."""
LARGE_ARRIVING = 32
"""Of these with a file: each takes up to the largest upload of disk."""
_IN_MEMORY = 64 * 1024
_AT_ONCE = 64 * 1024
_MOST_LINGERING = 200
_MOST_DRAINED = 2**20

SLOW = ("408 Request Timeout", "too_slow", "The request came too slowly. Nothing of it was done; send it again.")  # fmt: skip
BUSY = ("503 Service Unavailable", "busy", "Too many files are being sent just now. Nothing of this one was done; send it again in a minute.")  # fmt: skip

Refusal = tuple[str, str, str]


class Line(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A connection; what arrives on it is `arrival`."""

    arrival: Arrival

    def __init__(self, worker: Reception, taken: socket.socket, client: Any, server: Any) -> None:
        self._worker = worker
        super().__init__(worker.cfg, OurSocket(fileno=taken.detach()), client, server)
        self.data_ready = True

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self._worker.linger(self.sock)
        else:
            self.sock.close()


class OurSocket(socket.socket):
    """Blocking, for gunicorn's threads, means: for some seconds."""

    is_cut = False
    """Whether not all of the request was taken in; the app finds the socket in its environ."""

    def setblocking(self, flag: bool) -> None:
        self.settimeout(ANSWER_SECONDS if flag else 0.0)


class Arrival:
    """One request on its way in; once it is here, what gunicorn's parser reads instead of the line."""

    def __init__(self, line: Line, now: float) -> None:
        self.line, self.began = line, now
        self.frame = Frame()
        self.is_asked = self.is_welcome = self.is_greeted = False
        self._kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`

    def feed(self, data: bytes) -> None:
        self._kept.write(self.frame.feed(data))

    def recv(self, size: int) -> bytes:
        """Never waits: what is not here is not coming."""
        return self._kept.read(size)

    def hand_over(self) -> None:
        self._kept.seek(0)

    def close(self) -> None:
        self._kept.close()

    @property
    def size(self) -> int:
        return max(self.frame.announced, self.frame.received)

    def is_late(self, now: float) -> bool:
        if self.frame.head is None:
            return now > self.began + HEAD_SECONDS
        return now > self.began + GRACE_SECONDS + self.frame.received / LEAST_RATE

    def pace(self, now: float) -> float:
        return self.frame.received / max(now - self.began, 0.1)


class Reception(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A gthread worker whose loop receives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: set[Arrival] = set()
        self._lingering: dict[socket.socket, list[float]] = {}
        self._swept = 0.0

    # What gunicorn asks of its worker, in the loop's thread

    def accept(self, listener: socket.socket) -> None:
        try:
            taken, client = listener.accept()
        except OSError as why:
            if why.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        if self.nr_conns > LINES - SPARE_LINES and self.keepalived_conns:
            self._end_idle()
        self.enqueue_req(Line(self, taken, client, listener.getsockname()))

    def enqueue_req(self, conn: Line) -> None:
        """Something comes on the line: a request, the first or the next one."""
        conn.sock.settimeout(0.0)
        arrival = conn.arrival = Arrival(conn, time.monotonic())
        self._arriving.add(arrival)
        if conn.parser is not None:
            arrival.feed(conn.parser.unreader.take_buffered())
        self._take(arrival)  # most are here at once, and need not be listened for
        if arrival in self._arriving and not arrival.is_asked:
            self._listen(arrival)

    def murder_pending(self) -> None:
        """Asked for after every turn of the loop: what is late goes."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._swept < 0.5:
            return
        self._swept = now
        for arrival in [each for each in self._arriving if each.is_late(now)]:
            self._refuse(arrival, SLOW)
        self._make_room(now)
        for arrival in [] if self.alive else [a for a in self._arriving if not a.frame.received]:
            self._drop(arrival)
        for sock in [each for each, (until, _) in self._lingering.items() if until < now]:
            self._end_lingering(sock)

    # What comes in

    def _listen(self, arrival: Arrival) -> None:
        sock = arrival.line.sock
        self.poller.register(sock, selectors.EVENT_READ, partial(self._more, arrival))

    def _more(self, arrival: Arrival, _: Any) -> None:
        self._take(arrival)

    def _take(self, arrival: Arrival) -> None:
        try:
            data = arrival.line.sock.recv(_AT_ONCE) if not arrival.frame.is_whole else b""
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data and not arrival.frame.is_whole:
            self._drop(arrival)
            return
        try:
            arrival.feed(data)
            self._look_at(arrival)
        except OSError:  # the disk is full
            self._refuse(arrival, BUSY)
        except Exception:  # the loop serves everybody: one request must not end it
            log.exception("a request could not be taken in")
            self._drop(arrival)

    def _look_at(self, arrival: Arrival) -> None:
        if arrival.frame.is_whole:
            self._hand_in(arrival)
        elif arrival.size > SMALL and not arrival.is_welcome:
            self._ask(arrival)
        elif arrival.size > self._largest:
            self._cut(arrival)
        else:
            self._greet(arrival)

    def _ask(self, arrival: Arrival) -> None:
        """Before a file is taken in, a thread looks at who sends it; nothing more is read meanwhile."""
        if arrival.is_asked:
            return
        arrival.is_asked = True
        if sum(each.size > SMALL for each in self._arriving) > LARGE_ARRIVING:
            self._refuse(arrival, BUSY)
            return
        with suppress(KeyError):
            self.poller.unregister(arrival.line.sock)
        asked = self.tpool.submit(may_send, self.wsgi, arrival.frame.head)
        asked.add_done_callback(lambda done: self.method_queue.defer(self._answered, arrival, done))

    def _answered(self, arrival: Arrival, asked: Future[bool]) -> None:
        if arrival not in self._arriving:
            return
        self._listen(arrival)
        arrival.is_welcome = asked.exception() is None and asked.result()
        if arrival.is_welcome:
            self._look_at(arrival)
        else:
            self._cut(arrival)

    def _greet(self, arrival: Arrival) -> None:
        head = arrival.frame.head
        if head is not None and head.waits_for_a_word and not arrival.is_greeted:
            arrival.is_greeted = True
            with suppress(OSError):
                arrival.line.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _cut(self, arrival: Arrival) -> None:
        """The app says why it takes no more; the line ends then."""
        arrival.line.sock.is_cut = True
        self._hand_in(arrival)

    def _hand_in(self, arrival: Arrival) -> None:
        self._forget(arrival)
        arrival.hand_over()
        line = arrival.line
        if line.parser is None:
            line.parser = http.get_parser(self.cfg, arrival, line.client)
        line.parser.unreader.sock = arrival
        super().enqueue_req(line)

    def handle(self, conn: Line) -> Any:
        """In a thread. What came behind the request begins the next one."""
        arrival = conn.arrival
        try:
            kept = super().handle(conn)
            if kept is not True or conn.sock.is_cut:
                return False
            behind = conn.parser.unreader.take_buffered() + arrival.recv(-1)
            conn.parser.unreader.unread(behind)
            return True
        finally:
            arrival.close()

    # What ends before its time

    def _make_room(self, now: float) -> None:
        """Who came just now is not slow yet."""
        too_many = len(self._arriving) - ARRIVING
        if too_many > 0:
            older = [each for each in self._arriving if now - each.began > 1.0]
            for arrival in nsmallest(too_many, older, key=lambda each: each.pace(now)):
                self._refuse(arrival, SLOW)

    def _end_idle(self) -> None:
        idle = self.keepalived_conns.popleft()
        with suppress(KeyError, ValueError):
            self.poller.unregister(idle.sock)
        self.nr_conns -= 1
        idle.close()

    def _refuse(self, arrival: Arrival, why: Refusal) -> None:
        """A few words, as far as the line takes them at once."""
        if arrival.frame.received:
            log.info("a request was ended on its way in: %s", why[1])
            with suppress(OSError):
                arrival.line.sock.send(_answer(*why))
            self._forget(arrival)
            arrival.close()
            self.nr_conns -= 1
            self.linger(arrival.line.sock)
        else:
            self._drop(arrival)

    def _drop(self, arrival: Arrival) -> None:
        if arrival not in self._arriving:
            return
        self._forget(arrival)
        arrival.close()
        self.nr_conns -= 1
        arrival.line.sock.close()

    def _forget(self, arrival: Arrival) -> None:
        self._arriving.discard(arrival)
        with suppress(KeyError, ValueError):
            self.poller.unregister(arrival.line.sock)

    def linger(self, sock: socket.socket) -> None:
        """Say that no more comes, and listen for the other side's goodbye before the line is cut."""
        try:
            sock.settimeout(0.0)
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            sock.close()
            return
        if len(self._lingering) >= _MOST_LINGERING:
            sock.close()
            return
        self._lingering[sock] = [time.monotonic() + LINGER_SECONDS, 0]
        self.poller.register(sock, selectors.EVENT_READ, self._drain)

    def _drain(self, sock: socket.socket) -> None:
        try:
            count = len(sock.recv(_AT_ONCE))
        except BlockingIOError:
            return
        except OSError:
            count = 0
        self._lingering[sock][1] += count
        if not count or self._lingering[sock][1] > _MOST_DRAINED:
            self._end_lingering(sock)

    def _end_lingering(self, sock: socket.socket) -> None:
        del self._lingering[sock]
        with suppress(KeyError, ValueError):
            self.poller.unregister(sock)
        sock.close()

    @property
    def _largest(self) -> int:
        return int(self.wsgi.config["MAX_CONTENT_LENGTH"]) + SMALL  # and the head


def _answer(status: str, code: str, message: str) -> bytes:
    error = {"code": code, "message": message, "field": None, "halt": False}
    body = json.dumps({"error": error}).encode()
    head = (
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Retry-After: 60",
        "Connection: close",
    )
    return "\r\n".join([*head, "", ""]).encode() + body
