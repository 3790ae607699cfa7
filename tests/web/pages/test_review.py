"""A person settles what is in doubt, value by value; then it is checked and sent."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from connector.actions.services import Services
from connector.storage import certificates, checks, connections, corrections, pushes
from connector.storage.jobs import Job
from connector.storage.users import Role
from tests.web.pages.conftest import Browser, Clock, logged_in, new_office, put_certificate
from tests.web.pages.doubtful import doubtful_pdf

LIMIT, MARK, UMBRELLA = (
    "general_liability_each_occurrence",
    "auto_liability_additional_insured",
    "umbrella_liability_each_occurrence",
)


def shown(browser: Browser) -> str:
    """The label of the value that the page asks about; "" when it asks about none."""
    found = re.search(r'<h2 id="what">(.*?)</h2>', browser.page.text)
    return html.unescape(found[1]) if found else ""


def settle(browser: Browser, certificate_id: str, **said: str) -> Any:
    """Answer the question that the open page asks, and follow to the next."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(field|seen)" value="(\w+)">', browser.page.text)
    )
    sent = browser.send(f"/review/{certificate_id}/value", **{**hidden, **said})
    return browser.get(sent.location) if sent.status_code == 303 else sent


def flat_values(services: Services, account_id: str, certificate_id: str) -> dict[str, Any]:
    with services.sessions() as session:
        row = certificates.get(session, account_id, certificate_id)
        found = row.certificate
        return {
            LIMIT: found.general_liability.each_occurrence.value,
            MARK: found.auto_liability.additional_insured.value,
            UMBRELLA: found.umbrella_liability.each_occurrence.value,
            "needs_review": row.needs_review,
        }


def test_only_the_doubtful_values_are_asked_for_one_after_another(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    page = reviewer.get(f"/review/{certificate_id}")
    assert shown(reviewer) == "General liability: each occurrence"
    assert "Doubtful value 1 of 3" in page.text
    assert "“1,OOO,000” is not a clear amount." in page.text
    settle(reviewer, certificate_id, typed="1,000,000")
    assert shown(reviewer) == "Auto liability: additional insured"
    settle(reviewer, certificate_id, reading="Yes")
    assert shown(reviewer) == "Umbrella liability: each occurrence"
    assert re.search(r'value="5,000,000"\s+checked>', reviewer.page.text), "Enter accepts it"
    settle(reviewer, certificate_id, reading="5,000,000")
    assert shown(reviewer) == ""
    assert "Everything is settled" in reviewer.page.text
    assert flat_values(services, office, certificate_id) == {
        LIMIT: 1_000_000, MARK: True, UMBRELLA: 5_000_000, "needs_review": False,
    }  # fmt: skip


def test_finishing_checks_again_and_a_second_time_checks_nothing_twice(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}")
    for said in ({"typed": "$1,000,000"}, {"reading": "Yes"}, {"reading": "5,000,000"}):
        settle(reviewer, certificate_id, **said)
    for _ in range(2):
        sent = reviewer.send(f"/review/{certificate_id}/finish")
        assert sent.status_code == 303
        reviewer.get(sent.location)
    with services.sessions() as session:
        found = checks.search(session, office, certificate_id=certificate_id)
    assert [check.status for check in found] == [found[0].status, "needs_review"]
    assert found[0].status != "needs_review"
    assert "Finish the review" not in reviewer.page.text


def test_what_cannot_be_understood_is_said_and_stays_typed(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}")
    again = settle(reviewer, certificate_id, typed='one million" <b>')
    assert again.status_code == 422
    assert "does not fit General liability: each occurrence" in html.unescape(again.text)
    assert 'value="one million&#34; &lt;b&gt;"' in again.text
    assert 'aria-describedby="problem"' in again.text
    nothing = settle(reviewer, certificate_id)
    assert "Choose a reading, or type" in nothing.text
    assert flat_values(services, office, certificate_id)["needs_review"] is True


def test_a_box_may_be_empty_and_any_value_may_be_changed(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}?at={UMBRELLA}")
    settle(reviewer, certificate_id, reading="")
    assert flat_values(services, office, certificate_id)[UMBRELLA] is None
    reviewer.get(f"/review/{certificate_id}?at=insured_name")
    assert "This value is not in doubt" in reviewer.page.text
    settle(reviewer, certificate_id, typed="Northfield Roofing Inc")
    assert "<h1>Northfield Roofing Inc</h1>" in reviewer.page.text


def test_undo_brings_back_the_doubt_and_who_did_what_stays_on_record(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}")
    settle(reviewer, certificate_id, typed="2,000,000")
    undone = reviewer.send(f"/review/{certificate_id}/undo")
    assert undone.location == f"/review/{certificate_id}?at={LIMIT}"
    page = reviewer.get(undone.location)
    assert shown(reviewer) == "General liability: each occurrence"
    assert "Doubtful value 1 of 3" in page.text
    assert "robin" in page.text
    assert "taken back by robin" in page.text
    with services.sessions() as session:
        (kept,) = corrections.of_certificate(session, office, certificate_id)
        assert (kept.typed, kept.by, kept.undone_by) == ("2,000,000", "robin", "robin")
        entry = certificates.get(
            session, office, certificate_id
        ).certificate.general_liability.each_occurrence
        assert (entry.is_unclear, entry.evidence.text if entry.evidence else "") == (
            True,
            "1,OOO,000",
        )
    nothing_left = reviewer.send(f"/review/{certificate_id}/undo")
    assert nothing_left.location == f"/review/{certificate_id}"


def test_two_people_at_one_value_do_not_overwrite_each_other_unseen(
    services: Services, reviewer: Browser, admin: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}")
    admin.get(f"/review/{certificate_id}")
    settle(admin, certificate_id, typed="1,000,000")
    late = settle(reviewer, certificate_id, typed="3,000,000")
    assert late.status_code == 409
    assert "Somebody else has set this value meanwhile" in late.text
    assert flat_values(services, office, certificate_id)[LIMIT] == 1_000_000


def test_the_waiting_push_goes_out_with_the_vendor_that_was_chosen(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    with services.sessions() as session, session.begin():
        kept = connections.create(
            session, office, "procore", name="Procore", settings={"company_id": 1},
            secrets={"access_token": "x"}, keys=services.settings.secret_keys, now=services.clock(),
        )  # fmt: skip
        check = checks.latest(session, office, certificate_id)
        assert check is not None
        push, _ = pushes.begin(
            session, office, pushes.Key(kept.id, "procore", "1", "77", "digest before"),
            certificate_id=certificate_id, check_id=check.id, now=services.clock(),
            known_vendor_id="77",
        )  # fmt: skip
        push.receipt = {"destination": "procore", "status": "queued", "next_step": "Waits."}
        held = push.id
    page = reviewer.get(f"/review/{certificate_id}")
    assert shown(reviewer)
    for said in ({"typed": "1,000,000"}, {"reading": "Yes"}, {"reading": "5,000,000"}):
        settle(reviewer, certificate_id, **said)
    page = reviewer.page
    assert "<strong>Procore</strong> waits for this review." in page.text
    reviewer.send(f"/review/{certificate_id}/finish")
    with services.sessions() as session, session.begin():
        (job,) = session.scalars(select(Job).where(Job.action == "push_to_procore"))
        newest = checks.latest(session, office, certificate_id)
        assert newest is not None
        assert job.given["input"] == {
            "certificate_id": certificate_id, "check_id": newest.id, "procore_vendor_id": "77",
        }  # fmt: skip
        sent, is_new = pushes.begin(
            session, office, pushes.Key(kept.id, "procore", "1", "77", "digest after"),
            certificate_id=certificate_id, check_id=newest.id, now=services.clock(),
        )  # fmt: skip
        assert (sent.id, is_new) == (held, False), "one push from waiting to arriving"
        assert len(pushes.search(session, office)) == 1


def test_the_cut_out_is_a_picture_of_our_own_making(reviewer: Browser, certificate_id: str) -> None:
    page = reviewer.get(f"/review/{certificate_id}")
    (address,) = re.findall(r'<img src="(/review/[^"]+)"', page.text)
    cut = reviewer.get(address)
    assert cut.mimetype == "image/png"
    with Image.open(io.BytesIO(cut.data)) as picture:
        assert 700 < picture.width < 1000
        assert 100 < picture.height < 400
    assert "private" in cut.headers["Cache-Control"]
    again = reviewer.get(address, headers={"If-None-Match": cut.headers["ETag"]})
    assert again.status_code == 304
    with Image.open(io.BytesIO(reviewer.get(f"/review/{certificate_id}/page/1.png").data)) as whole:
        assert whole.height > whole.width
    for missing in ("page/2.png", "page/0.png", "value/nothing.png", "value/review_url.png"):
        assert reviewer.get(f"/review/{certificate_id}/{missing}").status_code == 404


def test_text_of_a_certificate_is_data(services: Services, office: str, reviewer: Browser) -> None:
    evil = '<img src=x onerror=alert(1)>"'
    data = doubtful_pdf(
        datetime.now(UTC).date(),
        {"general_liability_policy_number": evil, "general_liability_each_occurrence": "<i>1"},
    )
    certificate_id = put_certificate(services, office, data)
    page = reviewer.get(f"/review/{certificate_id}").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "<i>1" not in page


def test_a_viewer_looks_and_changes_nothing(
    services: Services, viewer: Browser, office: str, certificate_id: str
) -> None:
    page = viewer.get(f"/review/{certificate_id}")
    assert "needs the role reviewer" in page.text
    for what in ("value", "undo", "finish"):
        assert viewer.send(f"/review/{certificate_id}/{what}").status_code == 403


def test_a_link_lets_one_named_person_review_one_certificate(
    services: Services, reviewer: Browser, browser: Browser, office: str, certificate_id: str
) -> None:
    reviewer.get(f"/review/{certificate_id}/ask")
    assert reviewer.send(f"/review/{certificate_id}/ask", person=" ").status_code == 422
    page = reviewer.send(f"/review/{certificate_id}/ask", person="Maria Lopez")
    link = re.search(r"http://127\.0\.0\.1:8000(/review/link/[\w.\-]+)", page.text)
    assert link is not None
    assert "Hello Maria Lopez" in browser.get(link[1]).text
    assert browser.send(link[1]).location == f"/review/{certificate_id}"
    browser.get(f"/review/{certificate_id}")
    settle(browser, certificate_id, typed="1,000,000")
    assert "Maria Lopez (by link)" in browser.page.text
    with services.sessions() as session:
        (kept,) = corrections.of_certificate(session, office, certificate_id)
    assert kept.by == "Maria Lopez (by link)"
    assert browser.get("/review").status_code == 404
    assert browser.get("/password").status_code == 404
    assert browser.get(f"/review/{certificate_id}/ask").status_code == 403


def test_a_review_link_expires_and_cannot_be_altered(
    services: Services, reviewer: Browser, browser: Browser, certificate_id: str, clock: Clock
) -> None:
    reviewer.get(f"/review/{certificate_id}/ask")
    page = reviewer.send(f"/review/{certificate_id}/ask", person="Maria")
    (path,) = re.findall(r"http://127\.0\.0\.1:8000(/review/link/[\w.\-]+)", page.text)
    assert browser.get(path[:-2] + ("AA" if path[-2:] != "AA" else "BB")).status_code == 403
    assert browser.get("/review/link/x").status_code == 403
    browser.get(path)
    browser.send(path)
    clock.move(timedelta(hours=13))
    assert browser.get(f"/review/{certificate_id}").status_code == 303
    clock.move(timedelta(days=3))
    gone = browser.get(path)
    assert gone.status_code == 403
    assert "expired" in gone.text


def test_the_list_names_what_waits_and_teaches_when_nothing_does(
    services: Services, reviewer: Browser, office: str, certificate_id: str
) -> None:
    page = reviewer.get("/review")
    assert f'href="/review/{certificate_id}"' in page.text
    assert "General liability: each occurrence; Auto liability: additional insured" in page.text
    elsewhere = logged_in(services, new_office(services, "Other"), "o@other.example", Role.VIEWER)
    assert "Nothing waits for you" in elsewhere.get("/review").text


@pytest.mark.parametrize("field", ["", "nothing", "review_url", "needs_review", "form'--"])
def test_a_value_that_is_none_is_not_found(
    reviewer: Browser, certificate_id: str, field: str
) -> None:
    reviewer.get(f"/review/{certificate_id}")
    sent = reviewer.send(f"/review/{certificate_id}/value", field=field, typed="x", seen="")
    assert sent.status_code == 404
