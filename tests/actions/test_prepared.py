"""Buildertrend and GCPay: prepared, carried over by a person, acknowledged; only what changed is next."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from connector.actions import check_certificate, cover_sheets, inputs, preparing, review
from connector.actions.cover_sheets import Place
from connector.actions.services import Caller as Who
from connector.actions.services import Services
from connector.checking.rule_set import load_rule_set
from connector.delivery import Way
from connector.destinations.buildertrend import files
from connector.destinations.buildertrend.ways import IMPORT
from connector.destinations.buildertrend.ways import WAYS as BUILDERTREND
from connector.destinations.gcpay.ways import WAYS as GCPAY
from connector.storage import certificates, connections, corrections, documents
from tests.actions.office import ask, work_off, work_off_all
from tests.simulators.mail import MailSimulator
from tests.storage.readings import reading
from tests.web.conftest import Caller

NORTHFIELD, COPPER = "Northfield Roofing LLC", "Copper Ridge Electric Inc"
EXPIRES = date(2099, 3, 1)


def pdf(text: str, fields: bool = False) -> bytes:
    """A page that says `text`, drawn; with `fields` also a form field that says it."""
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(72, 700, text)
    if fields:
        page.acroForm.textfield(name="said", value=f"field {text}", x=72, y=600, width=300)
    page.save()
    return out.getvalue()


def on_file(
    services: Services,
    account_id: str,
    insured: str,
    *,
    data: bytes | None = None,
    name: str = "coi.pdf",
    **said: Any,
) -> str:
    """A certificate that was read and checked; its id."""
    now, data = services.clock(), data or pdf(f"certificate of {insured} {said}")
    with services.sessions() as session, session.begin():
        document = documents.save(
            session,
            account_id,
            sha256=services.documents.put(data),
            name=name,
            kind="pdf" if name.endswith("pdf") else "image",
            size=len(data),
            page_count=1,
            now=now,
        )
        found = reading(insured=insured, **{"expires": EXPIRES, **said})
        row = certificates.save(session, account_id, document, found, now=now)
    check(services, account_id, row.id)
    return row.id


def check(services: Services, account_id: str, certificate_id: str, **about: str) -> Any:
    given = inputs.load(
        check_certificate.Input, {"certificate_id": certificate_id, "rule_set": RULES, **about}
    )
    return check_certificate.run(given, Who(account_id), services)


RULES = "general-liability-only"
RULES_TEXT = """\
rule_set: general-liability-only
version: 1
rules:
  - id: gl-each-occurrence
    require: general_liability.each_occurrence
    at_least: 1000000
"""


@pytest.fixture
def office(services: Services, tmp_path: Any) -> Services:
    """Services with a rule set that one general liability line can meet."""
    path = tmp_path / f"{RULES}.yaml"
    path.write_text(RULES_TEXT)
    return replace(services, rule_sets={**services.rule_sets, RULES: load_rule_set(path)})


def push(services: Services, account_id: str, to: str, certificate_id: str, **given: Any) -> Any:
    job_id = ask(services, account_id, f"push_to_{to}", certificate_id=certificate_id, **given)
    job = work_off(services, job_id)
    assert job.status == "done", job.error
    return job.answer


def failed(services: Services, account_id: str, to: str, certificate_id: str, **given: Any) -> str:
    job_id = ask(services, account_id, f"push_to_{to}", certificate_id=certificate_id, **given)
    job = work_off(services, job_id)
    assert job.status == "failed"
    assert job.error is not None
    return str(job.error["message"])


def acknowledge(caller: Caller, push_id: str) -> Any:
    body = {"push_id": push_id, "acknowledged_by": "Ann"}
    return caller.post("/v1/actions/acknowledge_push", json=body)


def fetch(caller: Caller, answer: Any) -> Any:
    """What the link leads to, asked for without a key."""
    path = answer["external_url"].partition("/v1/")[2]
    return caller.client.get(f"/v1/{path}")


def unpacked(response: Any) -> dict[str, bytes]:
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(data: bytes) -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    header, *body = rows
    return [dict(zip(header, row, strict=True)) for row in body]


def texts(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


def connect(services: Services, account_id: str, destination: str, **settings: Any) -> None:
    with services.sessions() as session, session.begin():
        connections.create(
            session, account_id, destination, name=destination, settings=settings, secrets=None,
            keys=services.settings.secret_keys, now=services.clock(),
        )  # fmt: skip


def test_a_packet_holds_the_renamed_pdf_and_a_row_with_typed_dates(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    answer = push(office, caller.account_id, "buildertrend", certificate_id)
    assert (answer["status"], answer["destination"]) == ("prepared", "buildertrend")
    assert "Subs/Vendors" in answer["next_step"]
    assert len(answer["next_step"]) <= 250
    parts = unpacked(fetch(caller, answer))
    name = "Northfield Roofing LLC - insurance - 2099-03-01.pdf"
    assert list(parts) == ["subs.xlsx", name]
    assert NORTHFIELD in texts(parts[name])[0]
    book = openpyxl.load_workbook(io.BytesIO(parts["subs.xlsx"]))
    assert book.active.column_dimensions["F"].width > len(name)
    (row,) = sheet(parts["subs.xlsx"])
    assert row["General liability expires"] == datetime(2099, 3, 1)  # noqa: DTZ001 - as openpyxl has it
    assert (row["Sub/vendor"], row["Verdict"], row["File"]) == (NORTHFIELD, "compliant", name)


def test_the_link_downloads_and_never_shows(office: Services, caller: Caller) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    headers = fetch(caller, answer).headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_a_link_is_not_in_the_log(
    office: Services, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    with caplog.at_level("INFO"):
        fetch(caller, answer)
    assert "/v1/files/<token>" in caplog.text
    assert answer["external_url"].rpartition("/")[2] not in caplog.text


def test_a_link_that_was_changed_or_has_expired_opens_nothing(
    office: Services, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    changed = {"external_url": answer["external_url"][:-2] + "xx"}
    assert fetch(caller, changed).status_code == 403
    late = replace(office, clock=lambda: office.clock() + timedelta(days=15))
    token = answer["external_url"].rpartition("/")[2]
    with pytest.raises(Exception, match="expired"):
        preparing.files_of(token, late)


def test_the_next_packet_holds_only_what_changed_since_the_acknowledged_one(
    office: Services, caller: Caller
) -> None:
    first = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    second = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, COPPER))  # fmt: skip
    assert len(sheet(unpacked(fetch(caller, second))["subs.xlsx"])) == 2
    done = acknowledge(caller, second["push_id"]).get_json()
    assert (done["status"], done["is_duplicate"]) == ("pushed", False)
    rows = caller.get("/v1/pushes").get_json()["items"]
    assert {row["push_id"]: row["status"] for row in rows} == {
        first["push_id"]: "pushed",
        second["push_id"]: "pushed",
    }
    newer = on_file(office, caller.account_id, COPPER, expires=date(2100, 1, 1))
    third = push(office, caller.account_id, "buildertrend", newer)
    (row,) = sheet(unpacked(fetch(caller, third))["subs.xlsx"])
    assert row["Sub/vendor"] == COPPER


def test_what_was_acknowledged_is_not_prepared_again(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    answer = push(office, caller.account_id, "buildertrend", certificate_id)
    again = push(office, caller.account_id, "buildertrend", certificate_id)
    assert (again["push_id"], again["status"], again["is_duplicate"]) == (
        answer["push_id"], "prepared", True,
    )  # fmt: skip
    acknowledge(caller, answer["push_id"])
    twice = acknowledge(caller, answer["push_id"]).get_json()
    assert (twice["status"], twice["is_duplicate"]) == ("pushed", True)
    later = push(office, caller.account_id, "buildertrend", certificate_id)
    assert (later["status"], later["is_duplicate"]) == ("pushed", True)
    check(office, caller.account_id, certificate_id, project_name="Another project")
    assert push(office, caller.account_id, "buildertrend", certificate_id)["status"] == "pushed"


def test_acknowledging_an_older_packet_leaves_what_came_later(
    office: Services, caller: Caller
) -> None:
    first = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    second = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, COPPER))  # fmt: skip
    acknowledge(caller, first["push_id"])
    (row,) = sheet(unpacked(fetch(caller, second))["subs.xlsx"])
    assert row["Sub/vendor"] == COPPER
    rows = caller.get(
        "/v1/pushes", query_string={"status": "prepared", "destination": "buildertrend"}
    ).get_json()["items"]
    assert [row["push_id"] for row in rows] == [second["push_id"]]


def test_a_newer_certificate_takes_the_place_of_one_that_waits(
    office: Services, caller: Caller
) -> None:
    old = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", old)
    new = on_file(office, caller.account_id, NORTHFIELD, expires=date(2100, 1, 1))
    second = push(office, caller.account_id, "buildertrend", new)
    parts = unpacked(fetch(caller, second))
    assert list(parts) == ["subs.xlsx", "Northfield Roofing LLC - insurance - 2100-01-01.pdf"]
    rows = {r["push_id"]: r for r in caller.get("/v1/pushes").get_json()["items"]}
    assert rows[first["push_id"]]["status"] == "unchanged"
    assert "newer certificate" in rows[first["push_id"]]["next_step"]
    back = push(office, caller.account_id, "buildertrend", old)
    assert (back["push_id"], back["status"]) == (first["push_id"], "prepared")


def test_names_that_would_be_formulas_or_folders_are_neither(
    office: Services, caller: Caller
) -> None:
    name = '=HYPERLINK("http://rival.example")/../../etc/passwd'
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, name))  # fmt: skip
    parts = unpacked(fetch(caller, answer))
    assert not any("/" in part or "\\" in part or part.startswith(".") for part in parts)
    book = openpyxl.load_workbook(io.BytesIO(parts["subs.xlsx"]))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_two_subs_of_one_name_stay_two(office: Services, caller: Caller) -> None:
    for number, limit in (("V-1", 1_000_000), ("V-2", 3_000_000)):
        name = "A/B Co"
        certificate_id = on_file(office, caller.account_id, name, each_occurrence=limit)
        check(office, caller.account_id, certificate_id, vendor_id=number, vendor_name=name)
        answer = push(office, caller.account_id, "buildertrend", certificate_id)
    assert list(unpacked(fetch(caller, answer))) == [
        "subs.xlsx",
        "A-B Co - insurance - 2099-03-01.pdf",
        "A-B Co - insurance - 2099-03-01 (2).pdf",
    ]


def test_a_certificate_in_review_is_not_prepared(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD, doubtful=True)
    for to in ("buildertrend", "gcpay"):
        answer = push(office, caller.account_id, to, certificate_id)
        assert (answer["status"], answer["external_url"]) == ("queued", None)


def test_what_waited_for_review_is_prepared_in_the_way_that_was_asked_for(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD, doubtful=True)
    asked = {"mode": "erp_csv", "gcpay_name": "Northfield (GCPay)"}
    held = push(office, caller.account_id, "gcpay", certificate_id, **asked)
    assert held["status"] == "queued"
    with office.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, certificate_id)
        key = "general_liability_each_occurrence"
        corrections.apply(session, row, key, "1,000,000", by="Ann", now=office.clock())
    review.finish(Who(caller.account_id), certificate_id, office)
    for job in work_off_all(office):
        assert job.status == "done", job.error
    rows = caller.get("/v1/pushes").get_json()["items"]
    assert [(row["push_id"], row["status"]) for row in rows] == [(held["push_id"], "prepared")]
    lines = fetch(caller, rows[0]).data.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Northfield (GCPay),")


def test_gcpay_has_an_item_for_each_project(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    found = []
    for project in ("Lakeside", "Harbor"):
        check(office, caller.account_id, certificate_id, project_name=project)
        found.append(push(office, caller.account_id, "gcpay", certificate_id))
    rows = sheet(fetch(caller, found[1]).data)
    assert [row["Project"] for row in rows] == ["Lakeside", "Harbor"]
    assert {row["status"] for row in caller.get("/v1/pushes").get_json()["items"]} == {"prepared"}


def test_a_cover_sheet_files_into_its_own_project_only(office: Services, caller: Caller) -> None:
    who = Who(caller.account_id)
    for project in ("Lakeside", "Harbor"):
        place = Place(NORTHFIELD, "GL", project)
        cover_sheets.keep(who, place, pdf(f"cover sheet of {project}"), office)
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    check(office, caller.account_id, certificate_id, project_name="LAKESIDE")
    answer = push(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    assert "cover sheet of Lakeside" in texts(fetch(caller, answer).data)[0]
    check(office, caller.account_id, certificate_id, project_name="Elsewhere")
    said = failed(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    assert "no cover sheet of Northfield Roofing LLC for Elsewhere" in said


def test_two_certificates_of_one_sub_for_two_lines_are_both_carried_over(
    office: Services, caller: Caller
) -> None:
    liability = on_file(office, caller.account_id, NORTHFIELD)
    other = on_file(office, caller.account_id, NORTHFIELD, expires=date(2098, 1, 1))
    with office.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, other)
        known = row.certificate
        until = known.general_liability.expiration_date
        compensation = replace(known.workers_compensation, expiration_date=until)
        blank = replace(
            known,
            general_liability=type(known.general_liability)(),
            workers_compensation=compensation,
        )
        certificates.fill(session, row, blank, office.clock())
    check(office, caller.account_id, other)
    first = push(office, caller.account_id, "buildertrend", liability)
    second = push(office, caller.account_id, "buildertrend", other)
    parts = unpacked(fetch(caller, second))
    dates = [
        (row["General liability expires"], row["Workers' comp expires"])
        for row in sheet(parts["subs.xlsx"])
    ]
    assert dates == [(datetime(2099, 3, 1), None), (None, datetime(2098, 1, 1))]  # noqa: DTZ001
    assert len(parts) == 3
    again = push(office, caller.account_id, "buildertrend", liability)
    assert (again["push_id"], again["is_duplicate"]) == (first["push_id"], True)


def test_the_subcontractor_uploads_only_an_accepted_certificate(
    office: Services, caller: Caller
) -> None:
    bad = on_file(office, caller.account_id, COPPER, each_occurrence=100_000)
    answer = push(office, caller.account_id, "buildertrend", bad, mode="self_upload")
    assert (answer["status"], answer["external_url"]) == ("unchanged", None)
    assert "Only a compliant certificate" in answer["next_step"]
    good = on_file(office, caller.account_id, NORTHFIELD)
    answer = push(office, caller.account_id, "buildertrend", good, mode="self_upload")
    parts = unpacked(fetch(caller, answer))
    assert list(parts) == ["mail.txt", "Northfield Roofing LLC - insurance - 2099-03-01.pdf"]
    assert "Settings, then Certificates" in parts["mail.txt"].decode()
    assert "General liability: 2099-03-01" in parts["mail.txt"].decode()


def turn(services: Services, account_id: str, certificate_id: str, **said: Any) -> Any:
    """Let the certificate be read otherwise, and check it again."""
    with services.sessions() as session, session.begin():
        row = certificates.get(session, account_id, certificate_id)
        found = reading(**{"insured": NORTHFIELD, "expires": EXPIRES, **said})
        certificates.fill(session, row, found, services.clock())
    return check(services, account_id, certificate_id)


TURNS = [
    ({"each_occurrence": 100_000}, "non_compliant", "unchanged", "no longer meets the rules"),
    ({"doubtful": True}, "needs_review", "queued", "Nobody is sure any more"),
]
WAYS = [("buildertrend", "self_upload"), ("gcpay", "cover_sheet")]


@pytest.mark.parametrize(("to", "mode"), WAYS)
@pytest.mark.parametrize(("said", "verdict", "status", "words"), TURNS)
def test_what_was_prepared_as_accepted_is_withdrawn_when_the_verdict_turns(
    office: Services,
    caller: Caller,
    to: str,
    mode: str,
    said: dict[str, Any],
    verdict: str,
    status: str,
    words: str,
) -> None:
    cover_sheets.keep(Who(caller.account_id), Place(NORTHFIELD, "GL"), pdf("cover sheet"), office)
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, to, certificate_id, mode=mode)
    assert fetch(caller, first).status_code == 200
    assert turn(office, caller.account_id, certificate_id, **said)["status"] == verdict
    alone = fetch(caller, first)  # before anybody pushes again
    assert (alone.status_code, words in alone.get_json()["error"]["message"]) == (409, True)
    assert push(office, caller.account_id, to, certificate_id, mode=mode)["status"] == status
    assert caller.get("/v1/prepared_pushes").get_json()["items"] == []
    rows = {row["push_id"]: row for row in caller.get("/v1/pushes").get_json()["items"]}
    old = rows[first["push_id"]]
    assert (old["status"], words in old["next_step"]) == ("unchanged", True)
    assert fetch(caller, first).status_code == 409
    turn(office, caller.account_id, certificate_id)
    back = push(office, caller.account_id, to, certificate_id, mode=mode)
    assert (back["push_id"], back["status"]) == (first["push_id"], "prepared")
    assert fetch(caller, first).status_code == 200


SHARED = [("buildertrend", "packet"), ("gcpay", "verify_list"), ("gcpay", "erp_csv")]


@pytest.mark.parametrize(("to", "mode"), SHARED)
def test_what_is_in_review_is_left_out_of_what_several_share_and_comes_back_after_it(
    office: Services, caller: Caller, to: str, mode: str
) -> None:
    # A row that says "compliant" is clicked Verify: money goes out by it.
    sub = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, to, sub, mode=mode)
    other = push(
        office, caller.account_id, to, on_file(office, caller.account_id, COPPER), mode=mode
    )
    assert NORTHFIELD in said(fetch(caller, other))
    turn(office, caller.account_id, sub, doubtful=True)

    assert NORTHFIELD not in said(fetch(caller, other)), "before anybody pushes again"
    assert COPPER in said(fetch(caller, other))
    assert fetch(caller, first).status_code == 409
    assert push(office, caller.account_id, to, sub, mode=mode)["status"] == "queued"
    (waiting,) = caller.get("/v1/prepared_pushes").get_json()["items"]
    assert waiting["push_id"] == other["push_id"]
    assert acknowledge(caller, other["push_id"]).status_code == 200

    turn(office, caller.account_id, sub)
    back = push(office, caller.account_id, to, sub, mode=mode)
    assert (back["push_id"], back["status"]) == (first["push_id"], "prepared")
    assert NORTHFIELD in said(fetch(caller, back))
    assert COPPER not in said(fetch(caller, back)), "it was carried over"


def said(response: Any) -> str:
    """All that a prepared file's list says."""
    assert response.status_code == 200
    if response.data[:2] != b"PK":
        return str(response.data.decode("utf-8-sig"))
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        if "[Content_Types].xml" in archive.namelist():
            return str(sheet(response.data))
        lists = [name for name in archive.namelist() if name.endswith(".xlsx")]
        return str([sheet(archive.read(name)) for name in lists])


def test_a_link_stays_shut_when_the_certificate_is_accepted_elsewhere_only(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", certificate_id, mode="self_upload")
    turn(office, caller.account_id, certificate_id, each_occurrence=100_000)
    with office.sessions() as session, session.begin():
        row = certificates.get(session, caller.account_id, certificate_id)
        certificates.fill(
            session, row, reading(insured=NORTHFIELD, expires=EXPIRES), office.clock()
        )
    check(office, caller.account_id, certificate_id, project_name="Harbor")
    assert fetch(caller, first).status_code == 409


def test_a_refused_renewal_leaves_what_is_accepted_and_in_force(
    office: Services, caller: Caller
) -> None:
    good = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", good, mode="self_upload")
    poor = on_file(office, caller.account_id, NORTHFIELD, each_occurrence=100_000)
    push(office, caller.account_id, "buildertrend", poor, mode="self_upload")
    (row,) = caller.get("/v1/prepared_pushes").get_json()["items"]
    assert (row["push_id"], fetch(caller, first).status_code) == (first["push_id"], 200)


def test_the_mail_of_an_overtaken_certificate_is_not_handed_out(
    office: Services, caller: Caller
) -> None:
    old = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", old, mode="self_upload")
    new = on_file(office, caller.account_id, NORTHFIELD, expires=date(2100, 1, 1))
    push(office, caller.account_id, "buildertrend", new, mode="self_upload")
    refused = fetch(caller, first)
    assert refused.status_code == 409
    assert "newer certificate" in refused.get_json()["error"]["message"]


def template() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Import your subs. Do not change the titles."])
    page.append(["Company Name", "Phone", "GL Expiration"])
    page.append(["Somebody already here", "555-0100", None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


COLUMNS = {"Company Name": "vendor_name", "GL Expiration": "general_liability_expiration_date"}


def test_an_import_fills_the_offices_own_template_by_its_titles(
    office: Services, caller: Caller
) -> None:
    sha256 = office.documents.put(template())
    connect(office, caller.account_id, "buildertrend", mode="import", template_sha256=sha256, columns=COLUMNS)  # fmt: skip
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    rows = list(openpyxl.load_workbook(io.BytesIO(fetch(caller, answer).data)).active.values)
    assert rows[2] == ("Somebody already here", "555-0100", None)
    assert rows[3] == (NORTHFIELD, None, datetime(2099, 3, 1))  # noqa: DTZ001


def test_two_certificates_of_a_sub_are_one_row_of_the_import(office: Services) -> None:
    """Buildertrend would make a second sub of a second row."""
    columns = {**COLUMNS, "Phone": "workers_compensation_expiration_date"}
    about = {
        "vendor_name": NORTHFIELD, "ending": ".pdf", "columns": columns,
        "template_sha256": office.documents.put(template()),
    }  # fmt: skip
    liability = {"general_liability_expiration_date": "2099-03-01", "workers_compensation_expiration_date": None}  # fmt: skip
    compensation = {"general_liability_expiration_date": None, "workers_compensation_expiration_date": "2099-05-01"}  # fmt: skip
    file = files.write(IMPORT, [about | liability, about | compensation], preparing.Desk(office))
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.values)
    assert len(rows) == 4
    assert rows[3][0] == NORTHFIELD
    assert all(rows[3]), "each date stands on one of the certificates"


def test_without_a_template_the_import_says_where_to_get_it(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    said = failed(office, caller.account_id, "buildertrend", certificate_id, mode="import")
    assert "your own template" in said


def test_the_joined_pdf_has_the_cover_sheet_first(office: Services, caller: Caller) -> None:
    certificate_id = on_file(
        office, caller.account_id, NORTHFIELD, data=pdf("the certificate", fields=True)
    )
    place = Place(NORTHFIELD, "GL policy")
    cover_sheets.keep(Who(caller.account_id), place, pdf("cover sheet QR"), office)
    answer = push(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    assert (answer["status"], answer["destination"]) == ("prepared", "gcpay")
    assert "Verify" in answer["next_step"]
    assert len(answer["next_step"]) <= 250
    response = fetch(caller, answer)
    assert response.mimetype == "application/pdf"
    first, second = texts(response.data)
    assert "cover sheet QR" in first
    assert "the certificate" in second
    with pikepdf.open(io.BytesIO(response.data)) as joined:
        values = [str(field.V) for field in joined.Root.AcroForm.Fields]
    assert values == ["field the certificate"]


def test_each_item_has_a_pdf_of_its_own(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    for item in ("GL policy", "WC policy"):
        cover_sheets.keep(
            Who(caller.account_id), Place(NORTHFIELD, item), pdf(f"cover {item}"), office
        )
    answer = push(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    parts = unpacked(fetch(caller, answer))
    assert [texts(data)[0].strip() for data in parts.values()] == ["cover GL policy", "cover WC policy"]  # fmt: skip


def test_a_photographed_certificate_is_joined_as_a_page(office: Services, caller: Caller) -> None:
    out = io.BytesIO()
    Image.new("RGB", (850, 1100), "white").save(out, "PNG")
    certificate_id = on_file(
        office, caller.account_id, NORTHFIELD, data=out.getvalue(), name="photo.png"
    )
    cover_sheets.keep(Who(caller.account_id), Place(NORTHFIELD, "GL"), pdf("cover sheet"), office)
    answer = push(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    assert len(texts(fetch(caller, answer).data)) == 2


def test_a_cover_sheet_that_is_no_pdf_is_refused(office: Services, caller: Caller) -> None:
    for wrong in (b"<html>login</html>", b"%PDF-1.7 broken"):
        with pytest.raises(Exception, match=r"cover sheet is no PDF|damaged"):
            cover_sheets.keep(Who(caller.account_id), Place(NORTHFIELD, "GL"), wrong, office)


def test_without_a_cover_sheet_the_sentence_says_what_to_do(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    said = failed(office, caller.account_id, "gcpay", certificate_id, mode="cover_sheet")
    assert "there is no cover sheet of Northfield" in said


def test_the_verify_list_has_an_item_for_each_line(office: Services, caller: Caller) -> None:
    push(office, caller.account_id, "gcpay", on_file(office, caller.account_id, NORTHFIELD))
    bad = on_file(office, caller.account_id, COPPER, each_occurrence=100_000)
    answer = push(office, caller.account_id, "gcpay", bad)
    rows = sheet(fetch(caller, answer).data)
    assert [(row["Vendor"], row["Coverage"], row["Status"]) for row in rows] == [
        (NORTHFIELD, "General liability", "compliant"),
        (COPPER, "General liability", "non_compliant"),
    ]
    assert rows[0]["Expiration"] == datetime(2099, 3, 1)  # noqa: DTZ001


@pytest.mark.parametrize("mode", ["verify_list", "erp_csv"])
def test_the_same_content_in_another_file_is_no_new_work_for_a_list(
    office: Services, caller: Caller, mode: str
) -> None:
    old = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "gcpay", old, mode=mode)
    acknowledge(caller, first["push_id"])
    new = on_file(office, caller.account_id, NORTHFIELD, data=pdf("the same, scanned"))
    again = push(office, caller.account_id, "gcpay", new, mode=mode)
    assert old != new
    assert (again["status"], again["push_id"]) == ("pushed", first["push_id"])


def test_another_file_of_the_same_content_is_carried_over_where_files_are(
    office: Services, caller: Caller
) -> None:
    first = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    acknowledge(caller, first["push_id"])
    new = on_file(office, caller.account_id, NORTHFIELD, data=pdf("the same, scanned"))
    assert push(office, caller.account_id, "buildertrend", new)["status"] == "prepared"


def test_only_the_lines_that_changed_are_in_the_next_list(office: Services, caller: Caller) -> None:
    old, new = (on_file(office, caller.account_id, NORTHFIELD) for _ in range(2))
    for certificate_id, year in ((old, 2098), (new, 2100)):
        with office.sessions() as session, session.begin():
            row = certificates.get(session, caller.account_id, certificate_id)
            known = row.certificate
            until = known.general_liability.expiration_date
            ends = replace(until, value=date(year, 1, 1))
            both = replace(
                known,
                workers_compensation=replace(known.workers_compensation, expiration_date=ends),
            )
            certificates.fill(session, row, both, office.clock())
        check(office, caller.account_id, certificate_id)
    first = push(office, caller.account_id, "gcpay", old)
    assert len(sheet(fetch(caller, first).data)) == 2
    acknowledge(caller, first["push_id"])
    second = push(office, caller.account_id, "gcpay", new)
    (row,) = sheet(fetch(caller, second).data)
    assert (row["Coverage"], row["Expiration"]) == ("Workers' compensation", datetime(2100, 1, 1))  # noqa: DTZ001
    acknowledge(caller, second["push_id"])
    assert len(sheet(fetch(caller, second).data)) == 1  # a link once given keeps showing it
    liability = on_file(office, caller.account_id, NORTHFIELD, data=pdf("liability alone"))
    nothing = push(office, caller.account_id, "gcpay", liability)
    assert (nothing["status"], nothing["external_url"]) == ("unchanged", None)


def test_what_waits_is_listed_by_way_with_a_fresh_link_and_the_clicks(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    packet = push(office, caller.account_id, "buildertrend", certificate_id)
    push(office, caller.account_id, "buildertrend", certificate_id, mode="self_upload")
    asked = {"destination": "buildertrend", "mode": "packet", "limit": "1"}
    (row,) = caller.get("/v1/prepared_pushes", query_string=asked).get_json()["items"]
    assert (row["push_id"], row["mode"]) == (packet["push_id"], "packet")
    assert row["next_step"] == packet["next_step"]
    assert "subs.xlsx" in unpacked(fetch(caller, row))
    acknowledge(caller, row["push_id"])
    assert caller.get("/v1/prepared_pushes", query_string=asked).get_json()["items"] == []
    (left,) = caller.get("/v1/prepared_pushes").get_json()["items"]
    assert left["mode"] == "self_upload"
    wrong = caller.get("/v1/prepared_pushes", query_string={"mode": "parcel"})
    assert (wrong.status_code, "packet" in wrong.get_json()["error"]["message"]) == (422, True)


def test_what_was_prepared_last_is_listed_first_whenever_it_was_asked_for(
    office: Services, caller: Caller
) -> None:
    old = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", old)
    new = on_file(office, caller.account_id, NORTHFIELD, expires=date(2100, 1, 1))
    push(office, caller.account_id, "buildertrend", new)
    push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, COPPER))
    push(office, caller.account_id, "buildertrend", old)
    asked = {"destination": "buildertrend", "limit": "1"}
    found = caller.get("/v1/prepared_pushes", query_string=asked).get_json()
    assert found["items"][0]["push_id"] == first["push_id"]
    assert len(sheet(unpacked(fetch(caller, found["items"][0]))["subs.xlsx"])) == 2
    (other,) = caller.get("/v1/prepared_pushes", query_string={**asked, "cursor": found["next"]}).get_json()["items"]  # fmt: skip
    assert other["insured_name"] == COPPER


@pytest.mark.parametrize("way", [*BUILDERTREND.values(), *GCPAY.values()])
def test_what_is_left_to_do_is_one_sentence(way: Way) -> None:
    assert len(way.next_step) <= 250
    assert way.next_step.endswith("acknowledge this push.")
    assert not re.search(r"[.!?]\s", way.next_step)
    if way.name != "erp_csv":
        assert " > " in way.next_step


def test_the_csv_for_the_accounting_system_is_inert(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, "=cmd|' /C calc'!A0")
    answer = push(office, caller.account_id, "gcpay", certificate_id, mode="erp_csv")
    lines = fetch(caller, answer).data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("vendor,project,coverage,policy_number,expiration,status")
    assert lines[1].startswith("'=cmd")


def with_mail(office: Services, mail: MailSimulator) -> Services:
    """The office's services with a mail server of its own."""
    said = replace(
        office.settings, smtp_host="localhost", smtp_port=mail.port, smtp_security="none",
        mail_from="certificates@summit.example",
    )  # fmt: skip
    return replace(office, settings=said)


def test_the_joined_pdf_is_mailed_once_where_an_address_is_set(
    office: Services, caller: Caller
) -> None:
    connect(office, caller.account_id, "gcpay", mode="cover_sheet", mail_to="docs@gcpay.example")
    cover_sheets.keep(Who(caller.account_id), Place(NORTHFIELD, "GL"), pdf("cover sheet"), office)
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    with MailSimulator() as mail:
        mailing = with_mail(office, mail)
        answer = push(mailing, caller.account_id, "gcpay", certificate_id)
        push(mailing, caller.account_id, "gcpay", certificate_id)
    assert (answer["status"], "mailed to docs@gcpay.example" in answer["next_step"]) == ("prepared", True)  # fmt: skip
    (message,) = mail.to("docs@gcpay.example")
    (attached,) = message.iter_attachments()
    assert "cover sheet" in texts(attached.get_content())[0]
    (row,) = caller.get("/v1/pushes").get_json()["items"]
    assert row["next_step"] == answer["next_step"]  # nobody is asked to mail it once more
    rows = caller.get("/v1/notices").get_json()["items"]
    assert [(row["kind"], row["recipient_role"]) for row in rows] == [("gcpay", "gcpay")]


def test_mail_that_cannot_go_out_never_claims_to_have_gone(
    office: Services, caller: Caller
) -> None:
    connect(office, caller.account_id, "gcpay", mode="cover_sheet", mail_to="docs@gcpay.example")
    cover_sheets.keep(Who(caller.account_id), Place(NORTHFIELD, "GL"), pdf("cover sheet"), office)
    certificate_id = on_file(office, caller.account_id, NORTHFIELD)
    with MailSimulator() as mail:
        mailing = with_mail(office, mail)
        mail.orders.by_recipient["docs@gcpay.example"] = "550 No such user"
        refused = push(mailing, caller.account_id, "gcpay", certificate_id)
        mail.orders.by_recipient.clear()
        mail.orders.hangs_up_after_data = True
        unsure = push(mailing, caller.account_id, "gcpay", certificate_id)
    assert "could not be mailed" in refused["next_step"]
    assert "Nobody knows whether" in unsure["next_step"]
    assert {refused["status"], unsure["status"]} == {"prepared"}
    assert fetch(caller, refused).status_code == 200


def test_a_document_that_is_gone_keeps_nobody_from_the_others(
    office: Services, caller: Caller
) -> None:
    gone = pdf("gone")
    push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD, data=gone))  # fmt: skip
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, COPPER))  # fmt: skip
    office.documents.remove(hashlib.sha256(gone).hexdigest(), office.clock() + timedelta(days=1))
    parts = unpacked(fetch(caller, answer))
    assert list(parts) == ["subs.xlsx", "Copper Ridge Electric Inc - insurance - 2099-03-01.pdf"]
    assert "no longer kept" in sheet(parts["subs.xlsx"])[0]["File"]


def test_only_what_was_prepared_can_be_acknowledged(office: Services, caller: Caller) -> None:
    certificate_id = on_file(office, caller.account_id, NORTHFIELD, doubtful=True)
    waiting = push(office, caller.account_id, "buildertrend", certificate_id)
    refused = acknowledge(caller, waiting["push_id"])
    assert refused.status_code == 422
    assert "nothing to acknowledge" in refused.get_json()["error"]["message"]


def test_what_was_never_prepared_is_not_acknowledged(office: Services, caller: Caller) -> None:
    poor = on_file(office, caller.account_id, COPPER, each_occurrence=100_000)
    unchanged = push(office, caller.account_id, "buildertrend", poor, mode="self_upload")
    job = work_off(office, ask(office, caller.account_id, "log_to_sheet", certificate_id=poor))
    assert job.answer is not None
    assert (unchanged["status"], job.answer["status"]) == ("unchanged", "pushed")
    for push_id in (unchanged["push_id"], job.answer["push_id"]):
        refused = acknowledge(caller, push_id)
        assert refused.status_code == 422
        assert "nothing to acknowledge" in refused.get_json()["error"]["message"]


def test_what_was_prepared_without_files_is_acknowledged_twice_without_harm(
    office: Services, caller: Caller
) -> None:
    certificate_id = on_file(office, caller.account_id, COPPER, each_occurrence=100_000)
    with MailSimulator() as mail:
        mail.orders.hangs_up_after_data = True
        asked = {"certificate_id": certificate_id, "subcontractor_email": "sub@copper.example"}
        job_id = ask(office, caller.account_id, "send_notice", **asked)
        job = work_off(with_mail(office, mail), job_id)
    assert job.answer is not None, job.error
    assert job.answer["status"] == "prepared"
    push_id = job.answer["push_id"]
    answers = [acknowledge(caller, push_id).get_json() for _ in range(2)]
    assert [(a["status"], a["is_duplicate"]) for a in answers] == [("pushed", False), ("pushed", True)]  # fmt: skip


def test_what_was_overtaken_is_acknowledged_without_harm(office: Services, caller: Caller) -> None:
    old = on_file(office, caller.account_id, NORTHFIELD)
    first = push(office, caller.account_id, "buildertrend", old)
    new = on_file(office, caller.account_id, NORTHFIELD, expires=date(2100, 1, 1))
    second = push(office, caller.account_id, "buildertrend", new)
    assert acknowledge(caller, first["push_id"]).status_code == 200
    (row,) = caller.get("/v1/prepared_pushes").get_json()["items"]
    assert row["push_id"] == second["push_id"]


def test_what_waits_in_an_unknown_system_is_no_empty_list(office: Services, caller: Caller) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    for said in ("Buildertrend", "buildertrend"):
        found = caller.get("/v1/prepared_pushes", query_string={"destination": said})
        assert [row["push_id"] for row in found.get_json()["items"]] == [answer["push_id"]]
    refused = caller.get("/v1/prepared_pushes", query_string={"destination": "bogus"})
    assert refused.status_code == 422
    assert "buildertrend, gcpay" in refused.get_json()["error"]["message"]


def test_nobody_acknowledges_another_offices_push(
    office: Services, caller: Caller, stranger: Caller
) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    assert acknowledge(stranger, answer["push_id"]).status_code == 404
    assert caller.get("/v1/pushes").get_json()["items"][0]["status"] == "prepared"


def test_the_push_is_told_of_when_it_has_arrived(office: Services, caller: Caller) -> None:
    answer = push(office, caller.account_id, "buildertrend", on_file(office, caller.account_id, NORTHFIELD))  # fmt: skip
    before = caller.get("/v1/pushes", query_string={"status": "pushed"}).get_json()["items"]
    acknowledge(caller, answer["push_id"])
    after = caller.get("/v1/pushes", query_string={"status": "pushed"}).get_json()["items"]
    assert (len(before), [row["push_id"] for row in after]) == (0, [answer["push_id"]])
