"""The service as a caller sees it: an address and a key."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import requests

from connector.actions.action import Flat

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends actions over HTTP and waits for their answers. SystemExit when one fails."""

    address: str
    key: str

    def ask(self, action: str, **given: object) -> Flat:
        """One action with JSON input; the flat answer."""
        reply = requests.post(
            self._url(action), json=given, headers=self._headers(), timeout=PATIENCE
        )
        return self._answer(reply)

    def send(self, action: str, path: Path) -> Flat:
        """One action with a file."""
        with path.open("rb") as file:
            files = {"file": (path.name, file, "application/pdf")}
            reply = requests.post(
                self._url(action), files=files, headers=self._headers(), timeout=PATIENCE
            )
        return self._answer(reply)

    def _answer(self, reply: requests.Response) -> Flat:
        for _ in range(PATIENCE):
            if reply.status_code != 202:
                break
            time.sleep(1)
            reply = requests.get(
                reply.json()["status_url"], headers=self._headers(), timeout=PATIENCE
            )
        body: Flat = reply.json()
        if reply.status_code != 200 or body.get("job_status") == "failed":
            raise SystemExit(f"The service answered {reply.status_code}: {body}")
        return body

    def _url(self, action: str) -> str:
        return f"{self.address}/v1/actions/{action}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}
