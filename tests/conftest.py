"""What every test may ask for."""

from tests.databases import (
    bare_postgresql_url,
    database,
    database_url,
    postgresql_server,
    postgresql_url,
    sqlite_database,
)

__all__ = [
    "bare_postgresql_url",
    "database",
    "database_url",
    "postgresql_server",
    "postgresql_url",
    "sqlite_database",
]
