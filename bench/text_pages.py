"""Text-layer pages: inside the process, over HTTP, and beside bare pypdfium2 extraction."""

from __future__ import annotations

import ctypes
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from bench.service import Service, running
from connector.certificate.flat import flatten
from connector.documents.admit import Limits, admit
from connector.extraction import read
from demo.draw import draw_demo

ROUNDS, WARM_UP = 40, 3
CLIENTS = 8
POSTS = 200


def bare_characters(data: bytes) -> int:
    """Every character of the first page with its box, by pypdfium2 alone: the yardstick."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    text = page.get_textpage()
    count: int = pdfium.FPDFText_CountChars(text)
    sides = [ctypes.c_double() for _ in range(4)]
    for index in range(count):
        pdfium.FPDFText_GetUnicode(text, index)
        pdfium.FPDFText_GetCharBox(text, index, *sides)
    text.close()
    page.close()
    document.close()
    return count


def milliseconds(*calls: Callable[[], object]) -> list[float]:
    """The median of each call, taken in turns: what else the machine does slows all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(ROUNDS + WARM_UP):
        for call, times in zip(calls, taken, strict=True):
            started = time.perf_counter()
            call()
            if number >= WARM_UP:
                times.append((time.perf_counter() - started) * 1000)
    return [statistics.median(times) for times in taken]


def rows() -> Iterator[tuple[str, str]]:
    """What `make bench` prints of text-layer pages."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory() as folder:
        page = _one_page(draw_demo(Path(folder), today)[0])
        document = admit(page, "certificate.pdf", Limits())
        bare, reading, whole = milliseconds(
            lambda: bare_characters(page),
            lambda: read(document),
            lambda: flatten(read(admit(page, "c.pdf", Limits()))[0], today),
        )
        yield "bare pypdfium2, characters with boxes", f"{bare:.1f} ms a page"
        yield "read, in process", f"{reading:.1f} ms a page = {reading / bare:.2f} x bare"
        yield "admit + read + flatten, in process", f"{whole:.1f} ms = {whole / bare:.2f} x bare"
        with running(Path(folder) / "data") as service:
            yield from _over_http(service, page)


def _over_http(service: Service, page: bytes) -> Iterator[tuple[str, str]]:
    bare, one = milliseconds(lambda: bare_characters(page), lambda: service.parse(page, fresh=True))
    yield "parse_certificate over HTTP", f"{one:.1f} ms a page = {one / bare:.2f} x bare"
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: service.parse(page, fresh=True), range(POSTS)))
    rate = POSTS / (time.perf_counter() - started)
    yield f"two gunicorn workers, {CLIENTS} clients", f"{rate:.0f} documents a second"
    yield "peak memory of all its processes", f"{service.peak_memory_mb():.0f} MB"
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "peak memory of this process", f"{mine:.0f} MB"


def _one_page(path: Path) -> bytes:
    """The certificate's own page, without the endorsement pages behind it."""
    whole = pypdfium2.PdfDocument(path)
    alone = pypdfium2.PdfDocument.new()
    alone.import_pages(whole, [0])
    target = path.with_name("one-page.pdf")
    alone.save(target)
    return target.read_bytes()
