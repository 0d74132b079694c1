"""The program as it is run: on both platforms at once, by the real clock, ended by a signal."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.schedule.plan import replan_meeting
from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Group, Meeting
from tests.databases import keyed
from tests.whole.process import House, Process, at_most
from tests.whole.sides import OnDiscord, OnSlack, Side, both_sides, promised

SOON = timedelta(seconds=1)


async def test_groups_on_both_platforms_are_kept_and_prompted_by_one_process(
    tmp_path: Path,
) -> None:
    async with both_sides() as (discord, slack):
        house, sides = House(tmp_path, discord.fake, slack.fake), (discord, slack)
        async with house.running(from_nothing=True) as process:
            await _starts_in_time(process)
            await asyncio.gather(*map(_starts_a_group, sides))
            await _a_second_one_is_refused(house)
            kept = await _told_to_stop_in_the_middle(process, sides)
        async with house.running() as process:
            await process.ready()
            await asyncio.gather(*(_nothing_was_lost(side, kept[side]) for side in sides))
            start = datetime.now(UTC) + timedelta(seconds=5)
            await _meet_at(house, start)
            await asyncio.gather(*(_is_prompted(side, start) for side in sides))
            await _ends(process)


async def _starts_in_time(process: Process) -> None:
    began = time.monotonic()
    await process.ready()
    assert "discord and slack" in "\n".join(process.said)
    assert time.monotonic() - began < at_most(10)


async def _starts_a_group(side: Side) -> None:
    assert "is started" in (await side.start())
    await side.says("Members")


async def _a_second_one_is_refused(house: House) -> None:
    status, said = await house.refusal()
    assert (status, len(said)) == (2, 1)
    assert f"{house.file.name} is in use by process" in said[0]


async def _told_to_stop_in_the_middle(
    process: Process, sides: tuple[OnDiscord, OnSlack]
) -> dict[Side, list[int]]:
    """Everybody types at once and the machine goes down: what was promised to whom."""
    numbers = range(31, 35)
    typing = [asyncio.create_task(side.change(n)) for side in sides for n in numbers]
    await asyncio.wait(typing, return_when=asyncio.FIRST_COMPLETED)
    await _ends(process)
    answers = await asyncio.gather(*typing)
    asked = [(side, n) for side in sides for n in numbers]
    return {
        side: [n for (where, n), kept in zip(asked, answers, strict=True) if kept and where is side]
        for side in sides
    }


async def _ends(process: Process) -> None:
    began = time.monotonic()
    process.stop()
    assert await process.ended() == 0, "\n".join(process.said)
    assert time.monotonic() - began < at_most(10)
    assert not any("Traceback" in line or "ERROR" in line for line in process.said), process.said


async def _nothing_was_lost(side: Side, kept: list[int]) -> None:
    assert kept
    for number in kept:
        await side.says(promised(number))
        assert side.times_said(promised(number)) == 1


async def _meet_at(house: House, start: datetime) -> None:
    """Let the next meetings begin in a few seconds, with their prompts a second apart."""
    database = keyed(f"sqlite+aiosqlite:///{house.file}")
    now = datetime.now(UTC)
    try:
        async with database.writing() as session:
            for group in await session.scalars(select(Group), execution_options=ACROSS_GROUPS):
                coming = select(Meeting).where(Meeting.group_id == group.id)
                meeting = (await session.scalars(coming.order_by(Meeting.day).limit(1))).one()
                group.agenda_lead, group.reminder_lead = 2, 1
                meeting.starts_at = start
                await replan_meeting(session, group, meeting, now)
    finally:
        await database.close()


async def _is_prompted(side: Side, start: datetime) -> None:
    for words, due in (
        ("Agenda: Our table", start - 2 * SOON),
        ("We meet at", start - SOON),
        ("It is time", start),
    ):
        await side.says(words)
        (at,) = [when for when, text in side.words() if words in text]
        assert due <= at <= due + at_most(1) * SOON, (side.platform, words, at - due)
