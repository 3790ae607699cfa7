"""Erasing a vendor leaves no name anywhere, touches nobody else, and says what others hold."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from connector.actions import vendor_erasure
from connector.actions.services import Caller as Office
from connector.actions.services import Services
from connector.delivery import MailStatus, PushStatus, Receipt
from connector.errors import Conflict, NotFound
from connector.jobs import hand_over
from connector.storage import (
    accounts,
    arrivals,
    audit,
    certificates,
    checks,
    cover_sheets,
    jobs,
    mails,
    pushes,
    vendor_data,
    vendors,
)
from connector.storage.mails import Letter
from connector.storage.tables import METADATA
from connector.storage.users import Role
from connector.storage.vendors import StoredVendor
from connector.worker.perform import Work, perform
from tests.web.conftest import Caller
from tests.web.pages.conftest import logged_in

NAME, MAIL, PROJECT = "Copper Ridge Electric Inc", "office@copperridge.example", "Harbor Tower"
NAMES = ("copper ridge", "copperridge", "GL-5520037")


@pytest.fixture
def vendor(caller: Caller, services: Services, certificates: tuple[Path, Path]) -> StoredVendor:
    """A vendor about whom there is something in every table that knows vendors."""
    about = {"vendor_id": "V-9", "vendor_name": NAME}
    other = {"vendor_id": "V-1", "vendor_name": "Granite Peak Contractors"}
    for paper, who in ((certificates[1], about), (certificates[0], other)):
        read = caller.send("parse_certificate", paper, **who).get_json()
        said = {
            "certificate_id": read["certificate_id"],
            "project_name": PROJECT,
            "vendor_email": MAIL,
        }
        if who is other:
            del said["vendor_email"]
        caller.post("/v1/actions/check_certificate", json={**said, **who})
        waiver = {
            "rule_id": "gl-each-occurrence",
            "reason": f"{who['vendor_name']} is small",
            "waived_by": "Kim",
        }
        caller.post("/v1/actions/waive_requirement", json={**waiver, **who})
    certificate_id = _newest_of(services, caller, "V-9")
    correction = {
        "field": "insured_name",
        "value": "Copper Ridge Electrical",
        "by": "copper ridge office",
    }
    caller.post(f"/v1/certificates/{certificate_id}/corrections", json=correction)
    _job(caller, services, {"certificate_id": certificate_id, "vendor_name": NAME})
    _sent(caller, services, certificate_id)
    caller.post("/v1/actions/log_to_sheet", json={"certificate_id": certificate_id})
    _run_all(services, caller)
    with services.sessions() as session:
        found = vendors.find(session, caller.account_id, "V-9", None)
        assert found is not None
        return found


def _newest_of(services: Services, caller: Caller, number: str) -> str:
    with services.sessions() as session:
        vendor = vendors.find(session, caller.account_id, number, None)
        assert vendor is not None
        wanted = certificates.Search(vendor_id=vendor.id)
        return certificates.search(session, caller.account_id, wanted)[0].id


def _job(caller: Caller, services: Services, given: dict[str, str]) -> None:
    headers = {**caller.headers, "Idempotency-Key": f"about {NAME}"}
    caller.client.post("/v1/actions/check_certificate", json=given, headers=headers)


def _run_all(services: Services, caller: Caller) -> None:
    """Do what waits, as the worker would."""

    def run_action(action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        return dict(hand_over.run(action, account_id, given, services))

    work = Work(services, run_action, lambda *_: None)
    for _ in range(3):
        with services.sessions() as session:
            waiting = [j for j in jobs.search(session, caller.account_id) if not j.is_ended]
        for job in waiting:
            perform(job.id, job.dispatch, work)


def _sent(caller: Caller, services: Services, certificate_id: str) -> None:
    """A push, a mail, an arrival and a cover sheet."""
    now = services.clock()
    sheet = services.documents.put(b"%PDF-1.4 cover sheet of Copper Ridge")
    with services.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, certificate_id)
        check = checks.latest(session, caller.account_id, certificate_id)
        assert check is not None
        assert row.vendor_id is not None
        push, _ = pushes.begin(
            session, caller.account_id, pushes.Key("conn", "procore", "project 7", NAME, "d"),
            certificate_id=certificate_id, check_id=check.id, now=now, chosen={"vendor": NAME},
        )  # fmt: skip
        pushes.finish(
            push, Receipt("procore", PushStatus.PUSHED, external_ids=("insurance 4711",)), now
        )
        letter = Letter(
            "notice", check.id, "d", certificate_id, check.id, "<1@x>", f"To {NAME}", False
        )
        mails.begin(session, caller.account_id, letter, MAIL, "subcontractor", now)
        mails.note(session, caller.account_id, check.id, MAIL, MailStatus.SENT, None, now)
        arrivals.note(
            session,
            caller.account_id,
            row.vendor_id,
            now,
            file_name="copper ridge.pdf",
            message=f"from {MAIL}",
        )
        cover_sheets.keep(
            session, caller.account_id, vendor="copper ridge electric", vendor_name=NAME, project="",
            item="Insurance", sha256=sheet, now=now,
        )  # fmt: skip


def everything(services: Services) -> str:
    """Every row of every table, the engine's too."""
    said = []
    with services.sessions() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for table in tables:
            said += [
                f"{table}: {tuple(row)}"
                for row in session.execute(select(text("*")).select_from(text(f'"{table}"')))
            ]
    return "\n".join(said).casefold()


def aged(services: Services) -> None:
    """Every stored document came two hours ago."""
    for path in (services.settings.data_dir / "documents").rglob("*"):
        if path.is_file():
            long_ago = services.clock().timestamp() - 7200
            os.utime(path, (long_ago, long_ago))


def files(services: Services) -> list[Path]:
    return [p for p in (services.settings.data_dir / "documents").rglob("*") if p.is_file()]


def test_no_name_is_left_in_any_table_or_file_and_the_other_vendor_is_untouched(
    caller: Caller, services: Services, vendor: StoredVendor, certificates: tuple[Path, Path]
) -> None:
    before = everything(services)
    filled = {line.partition(":")[0] for line in before.splitlines() if NAMES[0] in line}
    assert {
        "vendors", "certificates", "checks", "corrections", "jobs", "events", "waivers", "pushes",
        "mails", "arrivals", "cover_sheets", "audit_entries", "board_rows",
    } <= filled | {"board_rows"}  # fmt: skip
    aged(services)
    done = vendor_erasure.erase(vendor, Office(caller.account_id), services)
    assert (done.waiting, done.is_compact, done.trouble) == (0, True, ())
    after = everything(services)
    for name in NAMES:
        lines = [line for line in after.splitlines() if name.casefold() in line]
        assert lines == []
    for path in services.settings.data_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            assert not any(name.casefold().encode() in data for name in NAMES), path.name
    assert [path.read_bytes() for path in files(services)] == [certificates[0].read_bytes()]
    found = caller.get("/v1/certificates").get_json()["items"]
    assert [row["vendor_id"] for row in caller.get("/v1/vendors").get_json()["items"]] == ["V-1"]
    assert len(found) == 1
    with services.sessions() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_the_fact_stays_in_the_log_and_its_entries_keep_what_was_done_when(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    before = caller.get("/v1/audit?limit=200").get_json()["items"]
    aged(services)
    vendor_erasure.erase(vendor, Office(caller.account_id), services)
    newest, *rest = caller.get("/v1/audit?limit=200").get_json()["items"]
    assert newest["act"] == "vendor.erased"
    assert "certificates: 1" in newest["details"]
    assert [(row["audit_id"], row["act"], row["at"]) for row in rest] == [
        (row["audit_id"], row["act"], row["at"]) for row in before
    ]
    corrected = next(row for row in rest if row["act"] == "certificate.corrected")
    assert (corrected["who"], corrected["details"]) == (None, None)
    waived = [row for row in rest if row["act"] == "waiver.given"]
    assert sorted(bool(row["details"]) for row in waived) == [False, True]
    assert {row["who"] for row in waived} == {"Kim"}


def test_what_others_hold_is_said_before_and_after(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    planned = vendor_erasure.plan(vendor, services)
    said = " ".join(planned.elsewhere)
    assert "insurance 4711" in said
    assert MAIL in said
    assert "Backups" in said
    assert vendor_erasure.erase(vendor, Office(caller.account_id), services).plan == planned


def test_a_document_that_another_vendor_s_certificate_came_in_stays_without_its_name(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    certificate_id = _newest_of(services, caller, "V-9")
    with services.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, certificate_id)
        theirs = vendors.find(session, caller.account_id, "V-1", None)
        assert theirs is not None
        session.execute(
            text("UPDATE certificates SET document_id = :d, page = 9 WHERE vendor_id = :v"),
            {"d": row.document_id, "v": theirs.id},
        )
    aged(services)
    done = vendor_erasure.erase(vendor, Office(caller.account_id), services)
    assert any("stay" in sentence for sentence in done.plan.elsewhere)
    with services.sessions() as session:
        names = session.execute(text("SELECT name, bytes_removed_at FROM documents")).all()
    assert ("document", None) in [tuple(row) for row in names]


def test_bytes_that_another_account_keeps_stay(
    caller: Caller,
    stranger: Caller,
    services: Services,
    vendor: StoredVendor,
    certificates: tuple[Path, Path],
) -> None:
    stranger.send("parse_certificate", certificates[1])
    aged(services)
    vendor_erasure.erase(vendor, Office(caller.account_id), services)
    assert certificates[1].read_bytes() in [path.read_bytes() for path in files(services)]
    assert len(stranger.get("/v1/certificates").get_json()["items"]) == 1


def test_bytes_that_came_within_the_hour_go_with_the_daily_work(
    caller: Caller, services: Services, vendor: StoredVendor, certificates: tuple[Path, Path]
) -> None:
    done = vendor_erasure.erase(vendor, Office(caller.account_id), services)
    assert done.waiting == 2
    assert "within the last hour" in " ".join(vendor_erasure.left(done))
    aged(services)
    assert vendor_erasure.remove_files(caller.account_id, services) == 0
    assert [path.read_bytes() for path in files(services)] == [certificates[0].read_bytes()]


def test_nothing_is_erased_while_work_on_it_is_under_way(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    certificate_id = _newest_of(services, caller, "V-9")
    with services.sessions() as session, session.begin():
        services.enqueue(
            session,
            Office(caller.account_id),
            "check_certificate",
            {"certificate_id": certificate_id},
        )
    before = everything(services)
    with pytest.raises(Conflict, match="under way"):
        vendor_erasure.erase(vendor, Office(caller.account_id), services)
    assert everything(services) == before


def test_another_account_cannot_erase_it(
    stranger: Caller, services: Services, vendor: StoredVendor
) -> None:
    with pytest.raises(NotFound):
        vendor_erasure.erase(vendor, Office(stranger.account_id), services)


def test_the_page_asks_an_admin_for_the_name(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    aged(services)
    path = f"/vendors/{vendor.id}/erase"
    reviewer = logged_in(services, caller.account_id, "robin@summit.example", Role.REVIEWER)
    assert reviewer.get(path).status_code == 403
    admin = logged_in(services, caller.account_id, "dana@summit.example", Role.ADMIN)
    assert NAME in admin.get(path).text
    assert admin.send(path, name="Copper").status_code == 422
    assert "insurance 4711" in admin.send(path, name=NAME).text
    assert admin.get(f"/vendors/{vendor.id}").status_code == 404
    assert "A vendor was erased" in admin.get("/audit").text
    assert "copper" not in admin.get("/audit").text.lower()


def test_the_export_has_every_row_that_an_erasure_removes(
    caller: Caller, services: Services, vendor: StoredVendor
) -> None:
    admin = logged_in(services, caller.account_id, "dana@summit.example", Role.ADMIN)
    answer = admin.get(f"/vendors/{vendor.id}/export.zip")
    found = zipfile.ZipFile(io.BytesIO(answer.data))
    answer.close()
    rows = json.loads(found.read("everything.json"))
    aged(services)
    counts = vendor_erasure.erase(vendor, Office(caller.account_id), services).plan.counts
    told = {table: len(rows[table]) for table in rows if rows[table]}
    assert {**told, "audit_entries": 0} == {**counts, "audit_entries": 0}
    assert rows["vendors"][0]["name"] == NAME


def test_every_table_that_could_name_a_vendor_is_known_to_the_erasure() -> None:
    """A new table with a vendor, a certificate, a check or a push in it must be erased too."""
    from connector.storage.erase_vendor import _IN_ORDER  # noqa: PLC0415

    handled = {table.__tablename__ for table in _IN_ORDER} | {"audit_entries", "erasures"}
    about = re.compile(r"^(vendor|certificate|check|push|document)_id$|vendor_name|insured")
    for table in METADATA.tables.values():
        if any(about.search(column.name) for column in table.columns):
            assert table.name in handled, table.name


def test_where_a_plain_name_still_stands_in_free_text_is_said(
    caller: Caller, services: Services
) -> None:
    """A firm called by one word of every day: what is only mentioned is not taken, but told."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        for name in ("Harbor", "Granite Peak"):
            vendors.resolve(
                session, caller.account_id, name=name, normalised_name=name.casefold(),
                external_id=name, now=now,
            )  # fmt: skip
    said = {"vendor_id": "Granite Peak", "rule_id": "gl-each-occurrence", "waived_by": "Kim"}
    reason = "they work at the harbor this year"
    caller.post("/v1/actions/waive_requirement", json={**said, "reason": reason})
    with services.readers() as session:
        harbor = vendors.find(session, caller.account_id, "Harbor", None)
        assert harbor is not None
    done = vendor_erasure.erase(harbor, Office(caller.account_id), services)
    assert done.mentioned == {"waivers": 1, "audit_entries": 1}
    assert "1 waivers" in " ".join(vendor_erasure.left(done))
    assert caller.get("/v1/waivers").get_json()["items"][0]["reason"] == reason


def test_how_long_documents_are_kept_is_the_account_s_own(
    caller: Caller, services: Services
) -> None:
    admin = logged_in(services, caller.account_id, "dana@summit.example", Role.ADMIN)
    admin.get("/setup")
    assert admin.send("/setup/kept", keep_documents_days="3", keep_jobs_days="").status_code == 422
    assert (
        admin.send("/setup/kept", keep_documents_days="365", keep_jobs_days="").status_code == 200
    )
    with services.sessions() as session:
        assert accounts.get(session, caller.account_id).settings == {"keep_documents_days": 365}
        [entry] = audit.search(session, caller.account_id, act="account")
        assert entry.details == {"changed": "keep_documents_days"}


@pytest.mark.parametrize("name", ["null", "status", "compliant", "begins_with", "scopes"])
def test_a_vendor_called_like_a_word_of_ours_reaches_nothing_of_others(name: str) -> None:
    """What a document says chooses neither what an erasure removes nor what an export hands out."""
    says = vendor_data._speaker([name, "GL-1", "2026"])
    others = {
        "status": "compliant", "check": None, "insured_name": "Copper Ridge Electric Inc",
        "filters": {"begins_with": "coi_"}, "scopes": ["read"], "expires": "2026-03-01",
    }  # fmt: skip
    assert not says(others, None, "Copper Ridge")
    assert says({"vendor_name": name})
    assert says({"text": "Policy GL-1 is on file."})
    assert not says({"text": "Policy GL-12 is on file."})
