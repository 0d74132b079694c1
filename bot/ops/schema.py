"""Which schema a database has, and which ones this program knows."""

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

import bot.store
from bot.store.database import Database

VERSION = "SELECT version_num FROM alembic_version"


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(bot.store.__path__[0]) / "migrations"))


@cache
def head() -> str:
    """The schema this program works with."""
    revision = _scripts().get_current_head()
    assert revision is not None
    return revision


@cache
def known() -> frozenset[str]:
    """Every schema this program can bring up to date."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


async def revision_of(database: Database) -> str | None:
    """The schema of a database; None while it has no tables."""
    try:
        async with database.reading() as session:
            version: str | None = await session.scalar(text(VERSION))
            return version
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise


def explain(revision: str | None) -> str | None:
    """What is wrong with that schema, and what to do; None when nothing is."""
    if revision == head():
        return None
    if revision is None:
        return "the database has no tables yet: run `rounds migrate`"
    if revision in known():
        return f"the schema {revision} is older than this program: run `rounds migrate`"
    return f"the schema {revision} is newer than this program: install the newer version of Rounds"
