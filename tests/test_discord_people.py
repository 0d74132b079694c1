"""Who is let in on Discord: people, and nobody because of a role."""

from __future__ import annotations

from bot.store.database import Database
from tests.discord_running import house
from tests.fakes.discord.world import EVERY_PERMISSION
from tests.parity.on_discord import on_discord

ADMINISTRATOR = 1 << 3


async def test_what_a_bot_does_is_refused_and_reaches_nobody() -> None:
    async with house() as h:
        other = h.fake.person("other")
        other.bot = True
        typed = await h.fake.slash(other, "case add", {"title": "Panic"}, channel=h.fake.table)
        assert typed.text == "I am here for people only."
        assert h.toy.asked == []


async def test_an_administrator_sees_nothing_of_a_group_they_are_not_in(
    sqlite_database: Database,
) -> None:
    assert int(EVERY_PERMISSION) & ADMINISTRATOR, "everybody here is an administrator"
    when = "every: week weekday: tuesday time: 18:30 zone: Europe/Berlin"
    commands = ("case queue", "case mine", "meeting agenda", "turn list", "rounds status")
    async with on_discord(sqlite_database) as played:
        await played.carry_out([f"ana: /group start name: Circle {when}", "ana: /case add Sleep"])
        await played.carry_out([f"olga: /{command}" for command in commands])
        seen = played.play.seen_by("@olga")

    assert ["That is for members of" in each for each in seen] == [True] * len(commands)
