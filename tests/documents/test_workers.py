"""Bombs and good documents at once, through real gunicorn workers: no worker dies."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.documents import bombs, making

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "tests.documents.wsgi:application", "--preload"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2"]
    with subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT) as process:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url)
        yield url
        process.terminate()
        process.wait(20)


def wait_for(url: str) -> None:
    for _ in range(150):
        try:
            requests.post(url, data=making.pdf(), timeout=30)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("gunicorn did not start")


@pytest.mark.slow
def test_no_worker_dies_of_a_document(address: str) -> None:
    def post(data: bytes) -> tuple[int, str]:
        answer = requests.post(address, data=data, timeout=60)
        return answer.status_code, answer.text

    hostile = [bombs.drawings_that_double(), bombs.endless_pattern(), bombs.ten_thousand_pages()]
    sent = [hostile[number // 2 % 3] if number % 2 else making.pdf() for number in range(16)]
    with ThreadPoolExecutor(4) as callers:
        answers = list(callers.map(post, sent))
    assert [status for status, _ in answers] == [200, 422] * 8
    assert len({worker for _, worker in answers}) <= 2, "the same workers from first to last"
