"""The fake Discord itself: a bare bot lives on it, and it refuses what Discord refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands

from tests.fakes.discord import FakeDiscord


class Bare(discord.Client):
    """The least bot: one command, one button, one form."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="case", description="Cases")
        group.command(name="add", description="Add a case")(self.add)
        group.command(name="form", description="Add a case with a form")(self.form)
        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def add(
        self, interaction: discord.Interaction[Bare], title: str, minutes: int = 10
    ) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Done", custom_id="done:1"))
        view.stop()
        words = f"{title} for {minutes}, {interaction.user.mention}"
        await interaction.response.send_message(words, view=view, ephemeral=True)

    async def form(self, interaction: discord.Interaction[Bare]) -> None:
        modal = discord.ui.Modal(title="A case", custom_id="form:1")
        field = discord.ui.TextInput[discord.ui.Modal](custom_id="title", default="So far")
        modal.add_item(discord.ui.Label(text="Title", component=field))
        modal.stop()
        await interaction.response.send_modal(modal)

    async def on_interaction(self, interaction: discord.Interaction[Bare]) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message("pressed", ephemeral=True)
        if interaction.type is discord.InteractionType.modal_submit:
            data: dict[str, Any] = dict(interaction.data or {})
            words = data["components"][0]["component"]["value"]
            await interaction.response.send_message(words, ephemeral=True)


@asynccontextmanager
async def bare_bot(fake: FakeDiscord) -> AsyncIterator[Bare]:
    """A bare bot on the fake, until the end of the block."""
    discord.http.Route.BASE = fake.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)
    async with Bare() as bot:
        running = asyncio.create_task(bot.start(fake.token))
        await fake.connected()
        yield bot
    await running


async def test_a_bare_bot_lives_on_the_fake() -> None:
    async with FakeDiscord() as fake, bare_bot(fake) as bot:
        ana = fake.person("ana")

        seen = await fake.slash(ana, "case add", {"title": "Panic"}, channel=fake.table)
        assert seen.private
        assert seen.text == f"Panic for 10, {ana.mention}"
        assert (await fake.press(ana, seen, "Done")).text == "pressed"

        form = await fake.slash(ana, "case form", channel=fake.table)
        assert form.fields == {"Title": "So far"}
        assert (await fake.submit(ana, form, {"Title": "Grief"})).text == "Grief"

        posted = await bot.get_partial_messageable(int(fake.table.id)).send("hello @everyone")
        assert [m.pinged for m in fake.messages(fake.table)] == [["@everyone"]]
        await posted.edit(content="bye")
        assert fake.messages(fake.table)[0].text == "bye"
        await (await bot.create_dm(discord.Object(int(ana.id)))).send("psst")
        assert fake.dms(ana)[0].text == "psst"


async def test_what_is_not_registered_cannot_be_typed() -> None:
    async with FakeDiscord() as fake, bare_bot(fake):
        ana = fake.person("ana")

        with pytest.raises(AssertionError, match="no option"):
            await fake.slash(ana, "case add", {"titel": "Panic"}, channel=fake.table)
        with pytest.raises(AssertionError, match="is of type 4"):
            await fake.slash(
                ana, "case add", {"title": "Panic", "minutes": "ten"}, channel=fake.table
            )


async def test_the_same_nonce_is_one_message_for_a_few_minutes() -> None:
    async with FakeDiscord() as fake, bare_bot(fake) as bot:
        table = bot.get_partial_messageable(int(fake.table.id))
        first = await table.send("one", nonce="abc")
        assert (await table.send("one", nonce="abc")).id == first.id

        fake.delete_message(fake.messages(fake.table)[0])
        with pytest.raises(discord.NotFound):
            await table.send("one", nonce="abc")

        fake.advance(minutes=5)
        assert (await table.send("one", nonce="abc")).id != first.id


async def test_a_dropped_connection_is_resumed_and_misses_nothing() -> None:
    async with FakeDiscord() as fake, bare_bot(fake):
        ana = fake.person("ana")
        await fake.gateway.drop()
        await fake.until(lambda: fake.gateway.resumed == 1, "the bot to resume")
        assert (await fake.slash(ana, "case add", {"title": "A"}, channel=fake.table)).private


async def test_a_message_over_the_limit_is_refused_and_remembered_as_a_problem() -> None:
    fake = FakeDiscord()
    async with fake, bare_bot(fake) as bot:
        with pytest.raises(discord.HTTPException):
            await bot.get_partial_messageable(int(fake.table.id)).send("x" * 2001)

        assert any("2001" in problem for problem in fake.problems)
        fake.problems.clear()


async def test_more_than_fifty_requests_a_second_are_told_to_wait() -> None:
    async with FakeDiscord() as fake, bare_bot(fake) as bot:
        table = bot.get_partial_messageable(int(fake.table.id))
        await asyncio.gather(*(table.send(str(n)) for n in range(60)))

        assert fake.traffic.answered[429] > 0
        assert len(fake.messages(fake.table)) == 60
