"""A few quarantined children, kept warm and handed from call to call."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from connector.documents.quarantine.child import Child, Starved
from connector.documents.quarantine.frames import Ended, NotTaken, pack
from connector.documents.quarantine.walls import Walls
from connector.errors import ConnectorError, MachineBusy, UnreadableFile

P = ParamSpec("P")
T = TypeVar("T")

WALLS = Walls()

log = logging.getLogger(__name__)

STOPPED = (
    "Something in the file stopped our reader. Print it to a new PDF, or scan it, and send that."
)
TOO_MUCH_MEMORY = (
    "The file needs more memory to open than a certificate ever should. Print it to a new PDF, "
    "or scan it at 300 dpi, and send that."
)


BUSY = "The machine is too busy to read the file just now. It is not lost; try again in a minute."


class Quarantine:
    """Calls functions in child processes, at most `children` at once; more callers wait.

    Children start when first needed and belong to the process that started them: after a fork
    (gunicorn's workers) each process gets its own. `preload` names modules that a child imports
    before its first call. May be used from several threads.
    """

    def __init__(
        self, walls: Walls = WALLS, *, children: int = 1, preload: Sequence[str] = ()
    ) -> None:
        self.walls = walls
        self._children = children
        self._preload = tuple(preload)
        self._idle: list[Child] = []
        self._begin()

    def _begin(self) -> None:
        """Fresh locks and no children: at first, and in every forked process."""
        for child in self._idle:
            child.disown()
        self._owner = os.getpid()
        self._idle = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self._children)

    def _check_owner(self) -> None:
        if self._owner != os.getpid():
            self._begin()

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start a child now, without waiting for it, so that the first document finds it warm."""
        self._check_owner()
        with self._lock:
            if not self._idle:
                self._idle.append(Child(self.walls, self._preload))

    def close(self) -> None:
        """End the idle children. The next call starts new ones."""
        self._check_owner()
        with self._lock:
            ended, self._idle = self._idle, []
        for child in ended:
            child.end()

    def standing(self) -> dict[str, bool]:
        """Which walls this system has built: memory, files, network. Starts a child to see."""
        self._check_owner()
        with self._places:
            child = self._take()
            try:
                walls = child.wait_until_ready()
            except BaseException:
                child.end()
                raise
            self._give_back(child, is_sound=True)
            return walls

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function(*args, **kwargs)` returns in a child; function and arguments are pickled.

        Its ConnectorErrors are raised here as they are. UnreadableFile when it took too long,
        needed too much memory, crashed, or failed in a way nobody foresaw (that one is logged);
        MachineBusy when it was given too little of the processor.
        """
        self._check_owner()
        call = pack((function, args, kwargs))
        with self._places:
            try:
                kind, value = self._ask(call)
            except NotTaken:
                kind, value = self._ask(call)
        return cast(T, _opened(kind, value))

    def _ask(self, call: bytes) -> tuple[str, Any]:
        child = self._take()
        try:
            kind, value = child.ask(call)
        except Starved as why:
            child.end()
            raise MachineBusy(BUSY) from why
        except (Ended, TimeoutError) as why:
            child.end()
            if isinstance(why, NotTaken):
                raise
            raise UnreadableFile(
                self._too_late() if isinstance(why, TimeoutError) else STOPPED
            ) from why
        except BaseException:
            child.end()
            raise
        self._give_back(child, is_sound=kind in ("done", "refused"))
        return kind, value

    def _take(self) -> Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return Child(self.walls, self._preload)
            if child.is_alive:
                return child
            child.end()

    def _give_back(self, child: Child, *, is_sound: bool) -> None:
        if not is_sound or child.calls >= self.walls.calls:
            child.end()
            return
        with self._lock:
            self._idle.append(child)

    def _too_late(self) -> str:
        return (
            f"The file could not be read within {self.walls.seconds:.0f} seconds. "
            "Print it to a new PDF, or scan it at 300 dpi, and send that."
        )


def _opened(kind: str, value: Any) -> Any:
    if kind == "done":
        return value
    if kind == "refused" and isinstance(value, ConnectorError):
        raise value
    if kind == "memory":
        raise UnreadableFile(TOO_MUCH_MEMORY)
    log.error("a reader failed on a document: %s", value)
    raise UnreadableFile(STOPPED)
