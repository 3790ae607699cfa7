"""Hostile documents end in a clear refusal, and the next document is read as if nothing was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connector.documents.admit import Limits, admit
from connector.documents.quarantine import Quarantine, Walls
from connector.errors import DocumentRefused, UnreadableFile
from tests.documents import bombs, making
from tests.documents.reading import read_through

TESTS = str(Path(__file__).resolve().parents[1])
SEVERAL_SECONDS = {
    bombs.drawing_within_itself,
    bombs.drawings_that_double,
    bombs.strokes_without_end,
    bombs.flate_bomb,
    bombs.endless_pattern,
}
GOOD = making.pdf()


@pytest.fixture(scope="module")
def quarantine() -> Iterator[Quarantine]:
    walls = Walls(seconds=8, readable=(TESTS,))
    with Quarantine(walls, preload=["tests.documents.reading"]) as running:
        yield running


@pytest.mark.parametrize(
    ("bomb", "refusal"),
    [
        pytest.param(bomb, refusal, marks=[pytest.mark.slow] if bomb in SEVERAL_SECONDS else [])
        for bomb, refusal in bombs.REFUSED_AS.items()
    ],
)
def test_a_bomb_is_refused_by_name(
    quarantine: Quarantine, bomb: Callable[[], bytes], refusal: type[DocumentRefused]
) -> None:
    with pytest.raises(refusal) as caught:
        quarantine.run(read_through, bomb())
    assert caught.value.status == 422
    assert caught.value.halt
    assert quarantine.run(read_through, GOOD) == 1


@pytest.mark.parametrize("dud", bombs.HARMLESS)
def test_a_dud_is_read_like_any_other(quarantine: Quarantine, dud: Callable[[], bytes]) -> None:
    assert quarantine.run(read_through, dud()) == 1


SEEDS = (
    making.pdf(2),
    making.form(),
    making.changed(making.form(), object_stream_mode=making.GENERATE),
    making.encrypted(""),
    making.encrypted("secret"),
    making.with_javascript_and_attachment(),
    making.with_picture(100, 100, nested=2),
    making.picture("TIFF", (40, 40), frames=2, compression="tiff_lzw"),
    making.picture("PNG", (40, 40)),
    making.picture("JPEG", (40, 40)),
)
WORDS = (
    *(b"<<", b">>", b"[", b"]", b"(", b")", b"stream\n", b"endstream", b"endobj", b"obj", b" 0 R"),
    *(b"/Kids", b"/Count", b"/Length", b"/Type /Pages", b"/Parent", b"/Prev 0", b"/XRefStm 0"),
    *(b"-1", b"2147483648", b"9" * 30, b"0.0000001", b"/Encrypt", b"/MediaBox", b"%PDF-", b"\x00"),
    *(b"\xff\xd8\xff", b"xref", b"trailer", b"startxref", b"%%EOF", b"/Filter /FlateDecode"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document with a few bytes changed, cut, copied, or replaced by words of the format."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["change", "word", "cut", "copy", "truncate"])):
            case "change":
                data[start : start + 1] = bytes([draw(st.integers(0, 255))])
            case "word":
                data[start:end] = draw(st.sampled_from(WORDS))
            case "cut":
                del data[start:end]
            case "copy":
                data[start:start] = data[start:end] * draw(st.integers(1, 20))
            case _:
                del data[max(start, 20) :]
    return bytes(data)


Note = Callable[[str, object], None]
"""pytest's record_property: `make bench-security` counts what is noted."""


def admitted_or_refused(quarantine: Quarantine, data: bytes, note: Note) -> None:
    """A crash, a hang or an unforeseen exception is an UnreadableFile, and not allowed here."""
    note("documents", 1)
    try:
        document = quarantine.run(admit, data, "mutated.pdf", Limits())
    except UnreadableFile:
        raise
    except DocumentRefused as refusal:
        assert refusal.message.endswith(".")
    else:
        assert 1 <= document.page_count <= 100


BOUNDED = {
    "deadline": None,
    "database": None,
    "phases": (Phase.generate,),
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=200, derandomize=True, **BOUNDED)
@given(data=mutated())
def test_no_mutated_document_stops_admission(
    quarantine: Quarantine, record_property: Note, data: bytes
) -> None:
    admitted_or_refused(quarantine, data, record_property)


@settings(max_examples=300, derandomize=True, **BOUNDED)
@given(data=st.binary(max_size=2000))
def test_no_bytes_stop_admission(
    quarantine: Quarantine, record_property: Note, data: bytes
) -> None:
    admitted_or_refused(quarantine, data, record_property)


@pytest.mark.slow
@settings(max_examples=3000, **BOUNDED)
@given(data=mutated())
def test_no_mutated_document_stops_the_service(
    quarantine: Quarantine, record_property: Note, data: bytes
) -> None:
    """Drawn and read to the end: pdfium may fall over a new one, our process may not."""
    record_property("documents", 1)
    try:
        assert quarantine.run(read_through, data) >= 1
    except DocumentRefused as refusal:
        assert refusal.status == 422
