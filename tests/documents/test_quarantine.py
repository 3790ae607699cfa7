"""Whatever happens in quarantine, the process outside goes on with a sentence for the office."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from connector.certificate.entry import Evidence, Source, read
from connector.documents.admit import Limits, admit
from connector.documents.quarantine import Quarantine, Walls
from connector.errors import MachineBusy, TooLarge, UnreadableFile
from tests.documents import inmates, making, reading

TESTS = Path(__file__).resolve().parents[1]
WALLS = Walls(seconds=10, megabytes=512, readable=(str(TESTS),))
INMATES = ("tests.documents.inmates",)


@pytest.fixture(scope="module")
def shared() -> Iterator[Quarantine]:
    with Quarantine(WALLS, preload=INMATES) as quarantine:
        yield quarantine


@pytest.fixture(scope="module")
def impatient() -> Iterator[Quarantine]:
    with Quarantine(Walls(0.8, 512, readable=(str(TESTS),)), preload=INMATES) as quarantine:
        yield quarantine


def is_running(pid: int) -> bool:
    """A zombie that nobody has buried yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(pid: int, within: float = 5) -> bool:
    deadline = time.monotonic() + within
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


def test_a_document_is_admitted_in_a_child(shared: Quarantine) -> None:
    document = shared.run(admit, making.pdf(2), "coi.pdf", limits=Limits())
    assert document == admit(making.pdf(2), "coi.pdf", Limits())
    assert shared.run(inmates.pid) != os.getpid()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [1, 2.5, "ü", b"x", True],
        {"a": (date(2026, 1, 2), {3}, frozenset({"x"}))},
        read(1_000_000, Evidence(1, (0.0, 1.0, 2.0, 3.0), "1,000,000", Source.TEXT_LAYER)),
        bytes(5_000_000),
    ],
    ids=["nothing", "plain values", "containers", "an entry", "five megabytes"],
)
def test_our_own_data_travels_both_ways(shared: Quarantine, value: object) -> None:
    assert shared.run(inmates.echo, value) == value


def test_pictures_travel(shared: Quarantine) -> None:
    drawn = shared.run(reading.white, 2200, 1700)
    assert drawn.shape == (2200, 1700)
    assert drawn.dtype == np.uint8
    assert drawn.min() == 255


def test_a_refusal_arrives_as_it_was_raised(shared: Quarantine) -> None:
    with pytest.raises(TooLarge) as caught:
        shared.run(inmates.refuse)
    assert caught.value.message == "The file is too large."
    assert caught.value.field == "file"
    assert caught.value.halt


def test_the_child_stays_warm(shared: Quarantine) -> None:
    assert shared.run(inmates.pid) == shared.run(inmates.pid)
    with pytest.raises(TooLarge):
        shared.run(inmates.refuse)
    assert shared.run(inmates.pid) == shared.run(inmates.pid)


def test_the_child_is_replaced_after_its_calls() -> None:
    with Quarantine(Walls(calls=2, readable=(str(TESTS),))) as quarantine:
        pids = [quarantine.run(inmates.pid) for _ in range(4)]
    assert pids[0] == pids[1]
    assert pids[2] == pids[3]
    assert pids[1] != pids[2]
    assert not any(map(is_running, pids))


def test_a_call_that_takes_too_long_is_ended(impatient: Quarantine) -> None:
    before = impatient.run(inmates.pid)
    with pytest.raises(UnreadableFile, match="could not be read within"):
        impatient.run(inmates.sleep, 60)
    assert not is_running(before)
    assert impatient.run(inmates.echo, "next") == "next"


def test_an_endless_loop_in_c_is_ended(impatient: Quarantine) -> None:
    with pytest.raises(UnreadableFile, match="could not be read within"):
        impatient.run(inmates.spin)


def test_a_sound_file_on_a_busy_machine_is_waited_for() -> None:
    with Quarantine(Walls(seconds=1, readable=(str(TESTS),))) as quarantine:
        assert quarantine.run(inmates.work_slowly, 0.3, 2.0) == "done"


def test_a_machine_that_stays_too_busy_is_no_fault_of_the_file() -> None:
    walls = Walls(seconds=1, patience=2, readable=(str(TESTS),))
    with Quarantine(walls) as quarantine, pytest.raises(MachineBusy) as caught:
        quarantine.run(inmates.work_slowly, 0.3, 60.0)
    assert caught.value.retryable


def test_what_a_child_started_ends_with_it(impatient: Quarantine) -> None:
    grandchild = impatient.run(inmates.start_child_and_hang)
    assert is_running(grandchild)
    with pytest.raises(UnreadableFile):
        impatient.run(inmates.sleep, 60)
    assert ends(grandchild)


@pytest.mark.parametrize("grow", [inmates.grow_in_python, inmates.grow_in_c])
def test_a_call_that_wants_too_much_memory_is_ended(
    shared: Quarantine, grow: Callable[[], int]
) -> None:
    with pytest.raises(UnreadableFile, match="more memory"):
        shared.run(grow)
    assert shared.run(inmates.echo, "next") == "next"


@pytest.mark.parametrize("die", [inmates.crash, inmates.abort, inmates.leave])
def test_a_crash_is_a_sentence(shared: Quarantine, die: Callable[[], None]) -> None:
    with pytest.raises(UnreadableFile, match="stopped our reader") as caught:
        shared.run(die)
    assert caught.value.status == 422
    assert caught.value.halt
    assert shared.run(inmates.echo, "next") == "next"


def test_a_mistake_of_ours_is_a_sentence_and_a_line_in_the_log(
    shared: Quarantine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UnreadableFile, match="stopped our reader"):
        shared.run(inmates.stumble)
    assert "KeyError" in caplog.text
    assert "inmates.py" in caplog.text


def test_a_child_killed_between_calls_is_replaced(shared: Quarantine) -> None:
    """Also when its end is not yet known as the next call is handed over."""
    for _ in range(2):
        os.kill(shared.run(inmates.pid), signal.SIGKILL)
        assert shared.run(inmates.echo, "next") == "next"


def test_an_answer_that_runs_code_is_refused(shared: Quarantine, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        shared.run(inmates.set_trap, str(tmp_path / "sprung"))
    assert not list(tmp_path.iterdir())


def test_an_answer_that_calls_our_own_functions_is_refused(shared: Quarantine) -> None:
    with pytest.raises(UnreadableFile):
        shared.run(inmates.set_trap_of_our_own)


def frame(content: bytes) -> bytes:
    return len(content).to_bytes(8, "big") + content


@pytest.mark.parametrize(
    "said",
    [
        b"\xff" * 64,
        frame(b"no pickle"),
        frame(b""),
        frame(pickle.dumps(7)),
        frame(pickle.dumps((1, 2, 3))),
    ],
    ids=["an endless frame", "no pickle", "an empty frame", "a number", "a triple"],
)
def test_an_answer_that_is_none_is_refused(shared: Quarantine, said: bytes) -> None:
    with pytest.raises(UnreadableFile):
        shared.run(inmates.talk_nonsense, said)
    assert shared.run(inmates.echo, "next") == "next"


def test_what_cannot_travel_is_our_mistake_and_costs_no_child(shared: Quarantine) -> None:
    before = shared.run(inmates.pid)
    with pytest.raises((AttributeError, TypeError, ValueError), match="pickle"):
        shared.run(lambda: None)
    assert shared.run(inmates.pid) == before


def test_a_child_that_cannot_start_is_our_mistake() -> None:
    with Quarantine(WALLS, preload=["connector.no_such_room"]) as quarantine:
        with pytest.raises(RuntimeError, match="did not start") as caught:
            quarantine.run(inmates.pid)
        assert "No module named 'connector.no_such_room'" in str(caught.value)
        with pytest.raises(RuntimeError, match="did not start"):
            quarantine.standing()


def test_a_child_knows_no_secret(shared: Quarantine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECTOR_SECRET_KEY", "hush")
    with Quarantine(WALLS) as quarantine:
        known = quarantine.run(inmates.environment)
    assert "hush" not in known.values()
    assert set(known) <= {"PATH", "LANG", "TMPDIR", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}  # fmt: skip


def wall(shared: Quarantine, name: str) -> None:
    if not shared.standing()[name]:
        pytest.skip(f"this system builds no wall around {name}")


def test_a_child_has_no_network(shared: Quarantine) -> None:
    wall(shared, "network")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(UnreadableFile):
            shared.run(inmates.connect, port)
        assert shared.run(inmates.connect_below, port) == ""
        inmates.connect(port)


def test_a_child_sends_no_datagram(shared: Quarantine) -> None:
    wall(shared, "network")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        port = listening.getsockname()[1]
        with pytest.raises(UnreadableFile):
            shared.run(inmates.send_datagram, port)
        with pytest.raises(BlockingIOError):
            listening.recv(10)
        inmates.send_datagram(port)
        assert listening.recv(10) == b"hush"


def test_a_child_cannot_trace_the_service(shared: Quarantine) -> None:
    wall(shared, "network")
    assert shared.run(inmates.trace, os.getpid()) == -1


def test_a_child_reads_programs_and_nothing_else(shared: Quarantine, tmp_path: Path) -> None:
    wall(shared, "files")
    secret = tmp_path / "secret.key"
    secret.write_text("hush")
    for path in (str(secret), "/etc/passwd", f"/proc/{os.getpid()}/environ", str(TESTS.parent / "README.md")):  # fmt: skip
        assert inmates.read(path)
        with pytest.raises(UnreadableFile):
            shared.run(inmates.read, path)


def test_a_child_writes_nothing_but_its_own_temporary_files(
    shared: Quarantine, tmp_path: Path
) -> None:
    wall(shared, "files")
    for path in (tmp_path / "x", TESTS / "x"):
        with pytest.raises(UnreadableFile):
            shared.run(inmates.write, str(path))
        assert not path.exists()


def test_temporary_files_go_with_the_child() -> None:
    with Quarantine(WALLS) as quarantine:
        left = Path(quarantine.run(inmates.write_temporary))
        assert left.exists()
    assert not left.parent.exists()


def test_many_callers_share_a_few_children() -> None:
    seen: list[int] = []
    with Quarantine(WALLS, children=2) as quarantine:
        threads = [
            threading.Thread(target=lambda: seen.append(quarantine.run(inmates.pid)))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 12
    assert 1 <= len(set(seen)) <= 2


def test_a_child_can_be_started_ahead() -> None:
    with Quarantine(WALLS) as quarantine:
        quarantine.start()
        quarantine.start()
        assert quarantine.run(inmates.echo, 1) == 1
    assert quarantine.run(inmates.echo, 2) == 2
    quarantine.close()


FORKED = """
import os, sys
from tempfile import gettempdir
from connector.documents.quarantine import Quarantine, Walls
from tests.documents.inmates import pid
q = Quarantine(Walls(readable=({tests!r},)))
mine, folder = q.run(pid), q.run(gettempdir)
idle = os.fork()
if not idle:
    sys.exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(idle, 0)[1]) == 0
busy = os.fork()
if not busy:
    q.close()
    theirs = q.run(pid)
    q.close()
    sys.exit(0 if theirs != mine else 1)
assert os.waitstatus_to_exitcode(os.waitpid(busy, 0)[1]) == 0
assert q.run(pid) == mine
assert os.path.isdir(folder)
q.close()
assert not os.path.isdir(folder)
"""

ORPHANED = """
import time
from connector.documents.quarantine import Quarantine, Walls
from tests.documents import inmates
q = Quarantine(Walls(seconds=2, readable=({tests!r},)))
print(q.run(inmates.pid), flush=True)
{call}
"""


def python(program: str, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program.format(tests=str(TESTS), **more)],
        cwd=TESTS.parent,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_forked_process_gets_children_of_its_own() -> None:
    with python(FORKED) as process:
        assert process.wait(30) == 0


def seconds_worked(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_an_idle_child_ends_with_its_parent() -> None:
    with python(ORPHANED, call="time.sleep(60)") as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    assert ends(child)


@pytest.mark.slow
def test_a_child_at_work_ends_soon_after_its_parent() -> None:
    """Even in C code that never looks up: an alarm of the kernel's ends it."""
    with python(ORPHANED, call="q.run(inmates.spin)") as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        before = seconds_worked(child)
        while seconds_worked(child) < before + 0.2:
            time.sleep(0.02)
        process.kill()
    assert is_running(child)
    assert ends(child, within=6)
