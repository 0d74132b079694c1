"""The connection to Discord: tokens, declared commands, drops, servers that come and go."""

from __future__ import annotations

import asyncio
from random import Random
from urllib.parse import parse_qs, urlparse

import discord
import pytest

from adapters.discord.client import Discord
from adapters.discord.declare import declaration, fingerprint
from adapters.discord.install import check_token, find_app_id, invite_url
from bot.app import App
from bot.chat.replies import Reply, Text
from bot.config import ConfigError
from bot.features import COMMANDS
from bot.ops.errors import OperatorError
from tests.discord_running import Toy, empty_database, house, running, settings
from tests.fakes.discord import FakeDiscord, Guild
from tests.fakes.discord.rules import command_faults


async def test_a_wrong_token_is_said_in_one_line() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        app = App(database, Random(7), Toy().commands)
        with pytest.raises(ConfigError, match=r"discord\.token: Discord refuses it") as failed:
            async with Discord(settings(fake, "wrong"), app, fake.state.clock.now):
                pass
        assert len(failed.value.problems) == 1
        assert "wrong" not in str(failed.value)

        assert [p.key for p in await check_token(settings(fake, "wrong"))] == ["discord.token"]
        assert await check_token(settings(fake)) == []
        assert await find_app_id(settings(fake)) == fake.state.app_id


async def test_a_service_that_is_down_does_not_make_the_token_wrong() -> None:
    async with FakeDiscord() as fake:
        fake.fail("GET", "/applications/@me", status=503)
        [problem] = await check_token(settings(fake))
        assert "503" in problem.message


async def test_a_service_that_cannot_be_reached_at_the_start_is_said_in_one_line() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        app = App(database, Random(7), Toy().commands)
        fake.fail("GET", "/users/@me", status=503)
        with pytest.raises(OperatorError, match="does not answer"):
            async with Discord(settings(fake), app, fake.state.clock.now):
                pass


def test_the_invitation_asks_for_the_least() -> None:
    asked = parse_qs(urlparse(invite_url("123")).query)
    assert asked["client_id"] == ["123"]
    assert asked["scope"] == ["bot applications.commands"]
    granted = discord.Permissions(int(asked["permissions"][0]))
    assert {name for name, given in granted if given} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "create_private_threads",
        "manage_threads",
    }


def test_discord_takes_all_commands_of_the_bot() -> None:
    declared = declaration(COMMANDS)
    assert command_faults(declared) == []
    assert fingerprint(declared) == fingerprint(declaration(COMMANDS))


async def test_commands_are_declared_only_when_they_changed() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        ana, toy = fake.person("ana"), Toy()
        async with running(fake, database, toy):
            pass
        async with running(fake, database, toy) as h:
            assert fake.syncs == 1
            known = next(c["id"] for c in fake.state.commands if c["name"] == "case")
            seen = await fake.slash(ana, "case add", {"title": "Panic"}, channel=fake.table)
            assert f"</case queue:{known}>" in seen.text
            assert h.toy is toy

        del toy.commands.commands["case swap"]
        async with running(fake, database, toy):
            assert fake.syncs == 2


async def test_the_bot_runs_when_its_commands_cannot_be_declared_today() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        fake.fail("PUT", "/commands$", status=400, code=30034)
        async with running(fake, database) as h:
            await h.discord.messenger.send(h.target(fake.table), Reply(Text("Hello")), "one")
            assert fake.syncs == 0
        async with running(fake, database):
            assert fake.syncs == 1


async def test_a_dropped_connection_misses_nothing() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        await h.fake.slash(ana, "case queue", channel=h.fake.table)
        await h.fake.gateway.drop()
        await h.fake.until(lambda: h.fake.gateway.resumed == 1, "the bot to resume")

        await h.fake.slash(ana, "case queue", channel=h.fake.table)
        assert len(h.toy.asked) == 2
        assert h.fake.gateway.identified == 1


async def test_a_session_that_ended_is_begun_anew() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        await h.fake.slash(ana, "case queue", channel=h.fake.table)
        await h.fake.gateway.drop(resumable=False)
        await h.fake.until(lambda: h.fake.gateway.identified == 2, "a new session", within=20)

        await h.fake.slash(ana, "case queue", channel=h.fake.table)
        assert len(h.toy.asked) == 2
        assert h.fake.syncs == 1


async def test_a_token_that_was_reset_ends_the_bot_with_one_line() -> None:
    async with house() as h:
        serving = asyncio.create_task(h.discord.serve())
        h.fake.state.token = "another"
        await h.fake.gateway.drop(4004)
        with pytest.raises(ConfigError, match="Discord refuses it"):
            await serving
        assert not await h.discord.is_connected()


async def test_it_says_whether_it_is_connected() -> None:
    async with house() as h:
        await h.fake.slash(h.fake.person("ana"), "case queue", channel=h.fake.table)
        assert await h.discord.is_connected()
    assert not await h.discord.is_connected()


async def test_a_server_that_removes_the_bot_and_a_deleted_channel_are_told() -> None:
    async with house() as h:
        other = Guild(h.fake.state.new_id(), "elsewhere", present=False)
        h.fake.state.guilds[other.id] = other
        await h.fake.add_bot(other)
        aside = h.fake.new_channel("aside", guild=other)
        await h.fake.add_bot(other)

        await h.fake.delete_channel(aside)
        await h.fake.remove_bot(other)
        await h.fake.until(lambda: len(h.gone) == 2, "both to be told")
        assert h.gone == [(other.id, aside.id), (other.id, None)]


async def test_nothing_privileged_is_asked_for() -> None:
    async with house() as h:
        assert [s.intents for s in h.fake.gateway.sessions] == [1]
        assert len(h.discord._client.cached_messages) == 0


async def test_closing_lets_a_request_end_first() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        ana = fake.person("ana")
        async with running(fake, database, soon=0.05) as h:
            h.toy.slow = asyncio.Event()
            asked = await fake.send_slash(ana, "case queue", channel=fake.table)
            await fake.until(lambda: h.discord._work, "the request to be taken on")
            asyncio.get_running_loop().call_later(0.05, h.toy.slow.set)
        assert (await fake.see(asked)).text == "The queue is **empty**."
