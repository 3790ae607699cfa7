from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from connector.errors import Forbidden, NotFound
from connector.storage import accounts, api_keys
from connector.storage.api_keys import ApiKey
from connector.storage.schema import new_id
from tests.storage.databases import NOW, Database


def test_a_new_key_opens_its_account(session: Session, database: Database) -> None:
    key, secret = api_keys.create(session, database.account.id, "Zapier", NOW)
    found = api_keys.find(session, secret, NOW)
    assert found is key
    assert found.account_id == database.account.id


def test_the_secret_is_kept_nowhere(session: Session, database: Database) -> None:
    key, secret = api_keys.create(session, database.account.id, "Zapier", NOW)
    kept = " ".join(str(getattr(key, column.name)) for column in ApiKey.__table__.columns)
    assert secret not in kept
    assert len(secret) >= 43
    assert secret.startswith(key.prefix)


def test_a_key_that_shares_only_its_beginning_opens_nothing(
    session: Session, database: Database
) -> None:
    _, secret = api_keys.create(session, database.account.id, "Zapier", NOW)
    assert api_keys.find(session, secret[:-1] + "x", NOW) is None
    assert api_keys.find(session, "", NOW) is None


def test_a_revoked_key_opens_nothing_and_stays_revoked_since_then(
    session: Session, database: Database
) -> None:
    key, secret = api_keys.create(session, database.account.id, "Zapier", NOW)
    api_keys.revoke(session, database.account.id, key.id, NOW)
    api_keys.revoke(session, database.account.id, key.id, NOW + timedelta(days=1))
    assert api_keys.find(session, secret, NOW) is None
    assert key.revoked_at == NOW


def test_a_key_ends_at_its_expiry_and_not_before(session: Session, database: Database) -> None:
    end = NOW + timedelta(days=1)
    _, secret = api_keys.create(session, database.account.id, "Audit", NOW, expires_at=end)
    assert api_keys.find(session, secret, end - timedelta(seconds=1)) is not None
    assert api_keys.find(session, secret, end) is None


def test_another_account_cannot_revoke_the_key(session: Session, database: Database) -> None:
    other = accounts.create(session, "Other", NOW)
    key, _ = api_keys.create(session, database.account.id, "Zapier", NOW)
    with pytest.raises(NotFound):
        api_keys.revoke(session, other.id, key.id, NOW)


def test_use_is_noted_at_most_once_a_minute(session: Session, database: Database) -> None:
    key, _ = api_keys.create(session, database.account.id, "Zapier", NOW)
    assert api_keys.is_use_to_be_noted(key, NOW)
    api_keys.note_use(session, key.id, NOW)
    session.refresh(key)
    assert key.last_used_at == NOW
    assert not api_keys.is_use_to_be_noted(key, NOW + timedelta(seconds=59))
    assert api_keys.is_use_to_be_noted(key, NOW + timedelta(seconds=60))


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    naive = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(Exception, match="no time zone"):
        accounts.create(session, "Somewhere", naive)


def test_moments_come_back_aware_and_in_utc(session: Session, database: Database) -> None:
    session.expire_all()
    assert accounts.get(session, database.account.id).created_at == NOW


def test_ids_have_no_letters_that_people_mix_up() -> None:
    letters = set("".join(new_id("cert").removeprefix("cert_") for _ in range(500)))
    assert not letters & set("ILOUilou")
    assert letters <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_a_replaced_key_works_beside_the_new_one_for_a_while(
    session: Session, database: Database
) -> None:
    old, secret = api_keys.create(
        session, database.account.id, "Zapier", NOW, scopes=[api_keys.Scope.READ]
    )
    new, new_secret = api_keys.replace(
        session, database.account.id, old.id, NOW, overlap=timedelta(hours=72)
    )
    assert (new.name, new.scopes) == ("Zapier", ["read"])
    late = NOW + timedelta(hours=72)
    assert api_keys.find(session, secret, late - timedelta(seconds=1)) is old
    assert api_keys.find(session, secret, late) is None
    assert api_keys.find(session, new_secret, late) is new


def test_replacing_never_lets_a_key_live_longer_and_revives_none(
    session: Session, database: Database
) -> None:
    ends = NOW + timedelta(hours=1)
    old, _ = api_keys.create(session, database.account.id, "Zapier", NOW, expires_at=ends)
    new, _ = api_keys.replace(
        session, database.account.id, old.id, NOW, overlap=timedelta(hours=72)
    )
    assert (old.expires_at, new.expires_at) == (ends, ends)
    with pytest.raises(Forbidden):
        api_keys.replace(session, database.account.id, old.id, ends, overlap=timedelta(hours=1))
