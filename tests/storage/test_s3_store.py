"""Documents in an S3-compatible store: the same promises as in a folder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from connector.errors import DestinationUnavailable, Misconfigured, NotFound
from connector.settings import load as load_settings
from connector.storage.s3_store import S3Store
from connector.wiring.services import document_store
from tests.storage.s3 import BUCKET, KEY, S3


@pytest.fixture
def store(s3: S3) -> S3Store:
    made = document_store(load_settings(s3.environ))
    assert isinstance(made, S3Store)
    return made


def test_bytes_come_back_by_their_digest(store: S3Store, s3: S3) -> None:
    sha256 = store.put(b"%PDF-1.7 certificate")
    assert sha256 == hashlib.sha256(b"%PDF-1.7 certificate").hexdigest()
    assert store.get(sha256) == b"%PDF-1.7 certificate"
    assert store.has(sha256)
    assert s3.names() == [f"documents/{sha256[:2]}/{sha256[2:4]}/{sha256}"]


def test_the_same_bytes_are_kept_once(store: S3Store, s3: S3) -> None:
    assert store.put(b"same") == store.put(b"same")
    assert len(s3.names()) == 1


def test_removed_bytes_are_gone_and_removing_twice_is_fine(store: S3Store) -> None:
    sha256 = store.put(b"old")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert store.remove(sha256, later)
    assert store.remove(sha256, later)
    assert not store.has(sha256)
    with pytest.raises(NotFound, match="no longer kept"):
        store.get(sha256)


def test_bytes_that_were_put_again_meanwhile_are_left_alone(store: S3Store) -> None:
    sha256 = store.put(b"old")
    assert not store.remove(sha256, datetime.now(UTC) - timedelta(hours=1))
    assert store.get(sha256) == b"old"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_digest_is_a_name(store: S3Store, name: str) -> None:
    with pytest.raises(NotFound):
        store.get(name)


def test_other_bytes_than_were_put_are_never_handed_on(store: S3Store, s3: S3) -> None:
    sha256 = store.put(b"certificate")
    client = boto3.client("s3", endpoint_url=s3.url, region_name="us-east-1", **KEY)
    client.put_object(Bucket=BUCKET, Key=s3.names()[0], Body=b"something else")
    client.close()
    with pytest.raises(DestinationUnavailable, match="other bytes"):
        store.get(sha256)


def test_a_bucket_that_is_not_there_is_said_in_words(s3: S3) -> None:
    environ = s3.environ | {"DOCUMENTS_URL": "s3://elsewhere"}
    store = document_store(load_settings(environ))
    with pytest.raises(DestinationUnavailable, match="the bucket must exist"):
        store.put(b"certificate")
    assert "the bucket must exist" in str(store.problem())


def test_a_store_that_does_not_answer_can_be_tried_again() -> None:
    store = S3Store(
        BUCKET, endpoint="http://127.0.0.1:9", region="us-east-1", key_id="a", secret="b"
    )
    with pytest.raises(DestinationUnavailable, match="does not answer") as caught:
        store.put(b"certificate")
    assert caught.value.retryable
    assert "does not answer" in str(store.problem())


def test_a_store_in_good_order_has_no_problem(store: S3Store) -> None:
    assert store.problem() is None


@pytest.mark.parametrize("url", ["ftp://here/x", "s3://", "/var/documents"])
def test_any_other_address_stops_the_start_with_examples(url: str) -> None:
    with pytest.raises(Misconfigured, match="s3://my-bucket/documents"):
        document_store(load_settings({"DOCUMENTS_URL": url}))
