"""The documents' bytes in an S3-compatible store: Amazon's, or any other by its endpoint.

Like the database this is the operator's own, named in the settings, so that the door for
addresses given by users (`outbound/`) does not guard it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from connector.errors import DestinationUnavailable, NotFound
from connector.storage.document_store import path_of

_MISSING = {"404", "NoSuchKey", "NotFound"}

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3, "mode": "standard"},
    # many stores that speak S3 refuse the newer checksums; get() compares the digest itself
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3Store:
    """Documents in a bucket, each an object named by its digest below `prefix`.

    An object is there whole or not at all. Without a key of its own the client takes the
    machine's role (botocore's usual chain).
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str = "",
        region: str = "",
        key_id: str = "",
        secret: str = "",
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region or None,
            aws_access_key_id=key_id or None,
            aws_secret_access_key=secret or None,
            config=_CONFIG,
        )

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._key(sha256), Body=data)
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(sha256))
            data: bytes = found["Body"].read()
        except (ClientError, BotoCoreError) as error:
            if _is_missing(error):
                raise NotFound(
                    "The document's file is no longer kept. Send the certificate again."
                ) from None
            _unavailable(error)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DestinationUnavailable("The document store gave back other bytes than it took.")
        return data

    def has(self, sha256: str) -> bool:
        return self._kept_since(sha256) is not None

    def remove(self, sha256: str, put_before: datetime) -> bool:
        since = self._kept_since(sha256)
        if since is not None and since >= put_before:
            return False
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(sha256))
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)
        return True

    def tidy(self, begun_before: datetime) -> int:
        """Nothing: an object is there whole or not at all."""
        return 0

    def problem(self) -> str | None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (ClientError, BotoCoreError) as error:
            return _sentence(error)
        return None

    def _kept_since(self, sha256: str) -> datetime | None:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._key(sha256))
        except (ClientError, BotoCoreError) as error:
            if _is_missing(error):
                return None
            _unavailable(error)
        moment: datetime = found["LastModified"]
        return moment

    def _key(self, sha256: str) -> str:
        return self._prefix + path_of(sha256)


def _is_missing(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _MISSING


def _unavailable(error: Exception) -> NoReturn:
    raise DestinationUnavailable(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    """Which store it is and what its refusal means stays with the operator's settings."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        return (
            f"The document store refuses ({code}). Look at DOCUMENTS_URL and the S3 settings: "
            "the bucket must exist, and the key must be allowed to read, write and delete in it."
        )
    return "The document store does not answer. It is tried again; look at S3_ENDPOINT_URL if it lasts."
