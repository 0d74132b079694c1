"""What every test may ask for."""

from tests.databases import (
    database,
    database_url,
    postgresql_server,
    postgresql_url,
    sqlite_database,
)

__all__ = ["database", "database_url", "postgresql_server", "postgresql_url", "sqlite_database"]
