"""What is raised where a database cannot be reached, opened or used."""

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

UNUSABLE = (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""Errors of a database that is away; asyncpg's own come while it connects, since SQLAlchemy wraps
them only after that."""
