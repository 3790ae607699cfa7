"""A real S3 server on this machine: moto's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

BUCKET = "certificates"
KEY = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@dataclass(frozen=True)
class S3:
    """The server's address and what the settings say of it."""

    url: str

    @property
    def environ(self) -> dict[str, str]:
        return {
            "DOCUMENTS_URL": f"s3://{BUCKET}/documents",
            "S3_ENDPOINT_URL": self.url,
            "S3_ACCESS_KEY_ID": "test",
            "S3_SECRET_ACCESS_KEY": "test",
        }

    def names(self) -> list[str]:
        """The objects in the bucket."""
        client = boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", **KEY)
        found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [item["Key"] for item in found]


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that runs for all tests."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str) -> S3:
    """The server with one empty bucket."""
    requests.post(f"{s3_server}/moto-api/reset", timeout=10)
    client = boto3.client("s3", endpoint_url=s3_server, region_name="us-east-1", **KEY)
    client.create_bucket(Bucket=BUCKET)
    client.close()
    return S3(s3_server)
