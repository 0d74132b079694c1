"""The databases of the suite themselves: apart from each other, and really there."""

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.tables import Space


@pytest.mark.parametrize("_again", range(3))
async def test_each_test_begins_with_empty_tables(database: Database, _again: int) -> None:
    async with database.writing() as session:
        session.add(Space(platform="console", ref="somewhere"))

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Space)) == 1
