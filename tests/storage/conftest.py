from __future__ import annotations

from tests.storage.databases import (  # noqa: F401 - fixtures
    database,
    empty_database_url,
    postgresql_database,
    postgresql_server,
    postgresql_template,
    session,
    sqlite_database,
    sqlite_template,
)
from tests.storage.s3 import s3, s3_server  # noqa: F401 - fixtures
