"""A disk that is full under the database is said as what it is, not as an outage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event

from connector.actions.services import Services
from tests.web.conftest import Caller


def test_no_room_for_the_database_is_said_and_nothing_is_kept_by_half(
    services: Services, caller: Caller, certificates: tuple[Path, Path]
) -> None:
    engine = services.sessions.kw["bind"]

    def fill(connection: Any, _: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "connect", fill)
    engine.dispose()
    answer = caller.send("parse_certificate", certificates[0])
    assert (answer.status_code, answer.json["error"]["code"]) == (507, "storage_full")
    assert "Make room" in answer.json["error"]["message"]
    event.remove(engine, "connect", fill)
    engine.dispose()
    assert caller.get("/v1/certificates").json["items"] == []
    assert caller.send("parse_certificate", certificates[0]).status_code == 200
