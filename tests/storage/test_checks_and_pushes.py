from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from connector.delivery import PushStatus, Receipt
from connector.errors import DestinationRefused, Misconfigured, NotFound
from connector.storage import accounts, certificates, checks, documents, pushes, rule_set_texts
from connector.storage.checks import StoredCheck
from connector.storage.pushes import Key, StoredPush
from tests.storage.databases import NOW, Database
from tests.storage.readings import reading

KEY = Key("conn_1", "procore", "company 8", "V-1", "digest-1")


def test_a_flat_answer_keeps_the_order_of_its_keys(session: Session, database: Database) -> None:
    check = _check(session, database, flat={"zebra": 1, "apple": 2, "mango": None})
    session.expire_all()
    assert list(checks.get(session, database.account.id, check.id).flat) == [
        "zebra", "apple", "mango",
    ]  # fmt: skip


def test_the_latest_check_is_the_one_given_last(session: Session, database: Database) -> None:
    _check(session, database, status="non_compliant")
    second = _check(session, database, status="compliant")
    latest = checks.latest(session, database.account.id, second.certificate_id)
    assert latest is not None
    assert latest.id == second.id


def test_checks_are_listed_newest_first_and_by_status(session: Session, database: Database) -> None:
    saved = [
        _check(session, database, status=s) for s in ("compliant", "needs_review", "compliant")
    ]
    listed = checks.search(session, database.account.id, status="compliant")
    assert [check.id for check in listed] == [saved[2].id, saved[0].id]
    older = checks.search(session, database.account.id, before=saved[2].number)
    assert [check.id for check in older] == [saved[1].id, saved[0].id]


def test_another_account_cannot_see_a_check_or_a_push(session: Session, database: Database) -> None:
    check = _check(session, database)
    push, _ = _begin(session, database, check, KEY)
    other = accounts.create(session, "Other", NOW)
    for look in (
        lambda: checks.get(session, other.id, check.id),
        lambda: pushes.get(session, other.id, push.id),
    ):
        with pytest.raises(NotFound):
            look()


def test_a_rule_set_is_kept_once_and_found_by_its_digest(session: Session) -> None:
    for _ in range(2):
        rule_set_texts.keep(session, "standard", 3, digest="d1", text="rules: []", now=NOW)
    kept = rule_set_texts.by_digest(session, "d1")
    assert kept is not None
    assert kept.text == "rules: []"


def test_the_same_version_with_other_rules_is_refused(session: Session) -> None:
    rule_set_texts.keep(session, "standard", 3, digest="d1", text="rules: []", now=NOW)
    with pytest.raises(Misconfigured, match="Raise it"):
        rule_set_texts.keep(session, "standard", 3, digest="d2", text="rules: [1]", now=NOW)


def test_the_same_push_twice_is_one_push(session: Session, database: Database) -> None:
    check = _check(session, database)
    first, first_is_new = _begin(session, database, check, KEY)
    pushes.finish(first, Receipt("procore", PushStatus.PUSHED, 4, external_ids=("9001",)), NOW)
    second, second_is_new = _begin(session, database, check, KEY)
    assert (first_is_new, second_is_new) == (True, False)
    assert second.id == first.id
    assert second.is_finished
    assert second.receipt is not None
    assert second.receipt["external_ids"] == "9001"


@pytest.mark.parametrize(
    "other",
    [
        Key("conn_2", "procore", "company 8", "V-1", "digest-1"),
        Key("conn_1", "procore", "company 9", "V-1", "digest-1"),
        Key("conn_1", "procore", "company 8", "V-2", "digest-1"),
        Key("conn_1", "procore", "company 8", "V-1", "digest-2"),
        Key(None, "procore", "company 8", "V-1", "digest-1"),
    ],
)
def test_another_target_vendor_or_content_is_another_push(
    session: Session, database: Database, other: Key
) -> None:
    check = _check(session, database)
    first, _ = _begin(session, database, check, KEY)
    second, is_new = _begin(session, database, check, other)
    assert is_new
    assert second.id != first.id


def test_a_held_push_ends_when_what_was_sent_before_stands_again(
    session: Session, database: Database
) -> None:
    """A review that ends with the old content leaves nothing to send, and nothing waiting."""
    check, in_doubt = _check(session, database), replace(KEY, digest="in doubt")
    sent, _ = _begin(session, database, check, KEY)
    pushes.finish(sent, Receipt("procore", PushStatus.PUSHED), NOW)
    held, _ = _begin(session, database, check, in_doubt)
    pushes.finish(held, Receipt("procore", PushStatus.QUEUED, next_step="Review it."), NOW)
    assert held.is_held
    again, is_new = _begin(session, database, check, KEY)
    assert (again.id, is_new, again.status) == (sent.id, False, PushStatus.PUSHED)
    assert (held.status, (held.receipt or {})["next_step"]) == (PushStatus.UNCHANGED, None)


def test_a_failed_push_is_tried_again_and_not_replayed(
    session: Session, database: Database
) -> None:
    check = _check(session, database)
    push, _ = _begin(session, database, check, KEY)
    pushes.fail(push, DestinationRefused("Procore said no."), NOW)
    assert push.error_message == "Procore said no."
    again, is_new = _begin(session, database, check, KEY)
    assert (again.id, is_new, again.status) == (push.id, False, "queued")
    assert not again.is_finished
    pushes.finish(again, Receipt("procore", PushStatus.PUSHED), NOW + timedelta(hours=1))
    assert again.error_code is None


def _check(
    session: Session,
    database: Database,
    status: str = "compliant",
    flat: dict[str, object] | None = None,
) -> StoredCheck:
    account_id = database.account.id
    document = documents.save(
        session, account_id, sha256="ab" * 32, name="coi.pdf", kind="application/pdf",
        size=1, page_count=1, now=NOW,
    )  # fmt: skip
    row = certificates.save(session, account_id, document, reading(), now=NOW)
    return checks.save(
        session, account_id, row.id, vendor_id=None, rule_set="standard", version=3, digest="d1",
        status=status, on=NOW.date(), context={}, verdict={}, flat=flat or {}, now=NOW,
    )  # fmt: skip


def _begin(
    session: Session, database: Database, check: StoredCheck, key: Key
) -> tuple[StoredPush, bool]:
    return pushes.begin(
        session,
        database.account.id,
        key,
        certificate_id=check.certificate_id,
        check_id=check.id,
        now=NOW,
    )
