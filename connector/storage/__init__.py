"""What is kept: the database, one file of functions per table, and the documents' bytes.

Every query takes an account_id. SQLite is the default, PostgreSQL a matter of the URL.
"""

from connector.storage import tables  # noqa: F401 - a table's foreign keys name others by text
