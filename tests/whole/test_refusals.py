"""Where the program cannot run it says why in one line and ends with status 2."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from bot.keys.masters import write_master
from bot.keys.sealing import new_key
from bot.ops.migrate import migrate
from tests.databases import keyed
from tests.whole.process import House
from tests.whole.sides import both_sides


async def test_without_any_token_it_names_the_variables(tmp_path: Path) -> None:
    status, said = await House(tmp_path).refusal()
    assert (status, len(said)) == (2, 1)
    assert all(name in said[0] for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))


async def test_a_wrong_token_is_named_in_one_line_each(tmp_path: Path) -> None:
    wrong = {
        "DISCORD_TOKEN": ("wrong", "discord.token"),
        "SLACK_BOT_TOKEN": ("xoxb-wrong", "slack.bot_token"),
        "SLACK_APP_TOKEN": ("xapp-wrong", "slack.app_token"),
    }
    async with both_sides() as (discord, slack):

        async def refused(name: str) -> tuple[int, list[str]]:
            folder = tmp_path / name
            folder.mkdir()
            house = House(folder, discord.fake, slack.fake)
            return await house.refusal({name: wrong[name][0]})

        found = await asyncio.gather(*map(refused, wrong))
    for (status, said), (value, key) in zip(found, wrong.values(), strict=True):
        told = [line for line in said if "Configuration" in line]
        assert (status, len(told), told == said[-1:]) == (2, 1, True), said
        assert key in told[0]
        assert value not in "\n".join(said)
        assert "Traceback" not in "\n".join(said)


async def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    async with both_sides() as (discord, _):
        house = House(tmp_path, discord.fake)
        await migrate(f"sqlite+aiosqlite:///{house.file}")
        with sqlite3.connect(house.file) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.close()
        status, said = await house.refusal()
    assert (status, len(said)) == (2, 1), said
    assert "newer" in said[0]


async def test_another_master_key_is_refused_in_one_line(tmp_path: Path) -> None:
    async with both_sides() as (discord, _):
        house = House(tmp_path, discord.fake)
        await migrate(f"sqlite+aiosqlite:///{house.file}")
        database = keyed(f"sqlite+aiosqlite:///{house.file}")
        assert database.keys is not None
        await database.keys.take()
        await database.close()
        other = write_master(new_key())
        status, said = await house.refusal({"ROUNDS_MASTER_KEY": other})
    assert (status, len(said)) == (2, 1), said
    assert "need the master key" in said[0]
    assert other not in said[0]
