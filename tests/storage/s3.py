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


@pytest.fixture
def s3() -> Iterator[S3]:
    """A server with one empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **KEY)
    requests.post(f"{url}/moto-api/reset", timeout=10)  # all servers of a process share one state
    client.create_bucket(Bucket=BUCKET)
    yield S3(url)
    client.close()
    server.stop()
