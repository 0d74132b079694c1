"""Which schema a database has, and which ones this program knows."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

import bot.store.migrations
from bot.store.database import Database

MIGRATIONS = Path(bot.store.migrations.__path__[0])


@dataclass(frozen=True)
class Schema:
    """The schema a program works with, and all that it can bring up to date."""

    head: str
    known: frozenset[str]

    def problem_with(self, revision: str | None) -> str | None:
        """What is wrong with a database of that revision, and what to do; None: nothing."""
        if revision == self.head:
            return None
        if revision is None:
            return "the database has no tables yet: run `rounds migrate`"
        if revision in self.known:
            return f"the schema {revision} is older than this program: run `rounds migrate`"
        return (
            f"the schema {revision} is newer than this program: install the newer version of Rounds"
        )


def name_of(error: BaseException) -> str:
    """The kind of the driver's error: its words may repeat the address with the password."""
    return type(getattr(error, "orig", None) or error).__name__


def program_schema() -> Schema:
    """The schema of this program, read from the names of its migrations: `0001_the_first…`.

    Alembic would say the same; loading it takes as long as half a start.
    """
    steps = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    return Schema(steps[-1], frozenset(steps))


async def revision_of(database: Database) -> str | None:
    """The revision of a database; None while it has no tables."""
    try:
        async with database.reading() as session:
            version: str | None = await session.scalar(
                text("SELECT version_num FROM alembic_version")
            )
            return version
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise
