"""How far a request has come: its head, then as many bytes as the head announces.

This only says when a request is all here; what it means is read by gunicorn's own parser, which gets
the same bytes. What is malformed counts as whole, so that gunicorn refuses it in its words.
"""

from __future__ import annotations

END_OF_HEAD = b"\r\n\r\n"
MOST_OF_A_HEAD = 64 * 1024
_MOST_OF_A_LINE = 8 * 1024


class Head:
    """The request's first lines, and what of them tells how long the body is."""

    def __init__(self, text: bytes) -> None:
        first, *lines = text.removesuffix(END_OF_HEAD).split(b"\r\n")
        words = first.split(b" ")
        self.method = words[0].decode("latin-1")
        self.target = words[1].decode("latin-1") if len(words) > 1 else "/"
        self._lines = [line.partition(b":") for line in lines]
        self._text, self._first = text, first

    def value(self, name: str) -> str | None:
        """What the header says; of several with one name the first."""
        wanted = name.lower().encode()
        found = (value for key, _, value in self._lines if key.lower() == wanted)
        value = next(found, None)
        return None if value is None else value.strip().decode("latin-1")

    @property
    def waits_for_a_word(self) -> bool:
        """Whether the body comes only after "100 Continue"."""
        return (self.value("Expect") or "").lower() == "100-continue"

    def without_expect(self) -> bytes:
        """The head as it is handed on: the word that it waits for was given already."""
        if not self.waits_for_a_word:
            return self._text
        kept = [b"".join(line) for line in self._lines if line[0].lower() != b"expect"]
        return b"\r\n".join([self._first, *kept]) + END_OF_HEAD


class Frame:
    """Fed with what arrives, piece by piece."""

    def __init__(self) -> None:
        self._start = bytearray()
        self._rest: Counted | Chunks = Counted(0)
        self.head: Head | None = None
        self.is_too_long = False
        self.received = 0

    @property
    def is_whole(self) -> bool:
        return self.is_too_long or (self.head is not None and self._rest.is_whole)

    @property
    def announced(self) -> int:
        """Bytes of the body that the head tells of; 0 where it tells none."""
        return self._rest.announced

    def feed(self, data: bytes) -> bytes:
        """What is to be handed on of what has come: the head in one piece, then all as it is."""
        self.received += len(data)
        if self.head is not None:
            self._rest.feed(data)
            return data
        self._start += data
        head, found, body = bytes(self._start).partition(END_OF_HEAD)
        if not found:
            self.is_too_long = len(self._start) > MOST_OF_A_HEAD
            return bytes(self._start) if self.is_too_long else b""
        self.head = Head(head + found)
        self._rest = _body_of(self.head)
        self._rest.feed(body)
        return self.head.without_expect() + body


class Counted:
    """A body of known length."""

    def __init__(self, length: int) -> None:
        self.announced = self._left = length

    @property
    def is_whole(self) -> bool:
        return self._left <= 0

    def feed(self, data: bytes) -> None:
        self._left -= len(data)


class Chunks:
    """A body in chunks: a line with the size, so many bytes, and again; size 0 and an empty line end it."""

    announced = 0

    def __init__(self) -> None:
        self._left, self._line, self._is_ending = 0, b"", False
        self.is_whole = False

    def feed(self, data: bytes) -> None:
        while data and not self.is_whole:
            if self._left:
                taken = min(self._left, len(data))
                self._left, data = self._left - taken, data[taken:]
                continue
            line, found, rest = (self._line + data).partition(b"\n")
            if not found:
                self._line, self.is_whole = line, len(line) > _MOST_OF_A_LINE
                return
            self._line, data = b"", rest
            self._read(line.strip())

    def _read(self, line: bytes) -> None:
        if self._is_ending:
            self.is_whole = not line
            return
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            size = -1
        self.is_whole = size < 0
        self._is_ending = size == 0
        self._left = size + len(b"\r\n") if size > 0 else 0


def _body_of(head: Head) -> Counted | Chunks:
    length, coding = head.value("Content-Length"), head.value("Transfer-Encoding")
    if coding is not None and length is None:
        return Chunks()
    is_number = length is not None and length.isascii() and length.isdigit() and len(length) < 19
    return Counted(int(length or "0") if is_number and coding is None else 0)
