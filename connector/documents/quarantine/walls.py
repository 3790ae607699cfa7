"""The walls around a quarantined child, as far as the system builds them without privileges."""

from __future__ import annotations

import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from connector.documents.quarantine.landlock import restrict
from connector.documents.quarantine.seccomp import refuse_network

MEGABYTE = 1024 * 1024

MOST_WRITTEN = 256 * MEGABYTE
"""Of one temporary file: tesseract is handed its picture in one."""

READABLE = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/sys/devices/system"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm"),
)
"""Programs, libraries and fonts: neither the service's data nor what /proc tells of others."""

PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Walls:
    """Limits of one child: seconds of a call, megabytes of memory, calls until it is replaced.

    The seconds are the processor's; by the clock a call may take `patience` times as long.
    `readable` are folders it may read besides programs, libraries and this package.
    """

    seconds: float = 20
    patience: int = 6
    megabytes: int = 1024
    calls: int = 200
    readable: tuple[str, ...] = ()


def build(walls: Walls, temporary: Path) -> dict[str, bool]:
    """Put up every wall this system has. Says which ones stand, for `/health` and the log.

    The child may write to `temporary` alone.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    is_linux = sys.platform == "linux"
    return {
        "memory": is_linux and _limit_memory(walls.megabytes * MEGABYTE),
        "files": is_linux and restrict(_readable(walls), [temporary, Path("/dev/null")]),
        "network": refuse_network(),
    }


def _limit_memory(most_bytes: int) -> bool:
    """Count what is really asked for (RLIMIT_DATA), not address space that libraries reserve."""
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    return True


def _readable(walls: Walls) -> list[Path]:
    """Of the import path only what package managers fill: a script's folder may hold anything."""
    installed = [each for each in sys.path if each.endswith(("site-packages", "dist-packages"))]
    places = (*READABLE, *walls.readable, *installed, sys.prefix, sys.base_prefix)
    return [PACKAGE, *(Path(each) for each in places)]
