"""Planning: the coming meetings of every group are written down, whatever is wrong with one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.features import PLANS
from bot.store.database import Database
from bot.store.tables import Group, Meeting
from scheduler.tick import Ticking
from tests.table import WEEKLY, a_table


async def test_a_group_that_cannot_be_planned_keeps_no_other_from_its_meetings(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    table = await a_table(database, "ana", every="week")
    await table.say("ana", WEEKLY.format(every="week").removeprefix("/"), "other")
    async with database.writing() as session:
        await session.execute(update(Group).where(Group.id == 1).values(zone="Of/Yore"))

    await Ticking(database, PLANS).tick(table.stage.now + timedelta(days=40))

    async with database.reading() as session:
        coming = select(Meeting.day).where(Meeting.group_id == 2)
        assert max(await session.scalars(coming)) > date(2026, 4, 11)
    assert "group 1 cannot be planned" in caplog.text
