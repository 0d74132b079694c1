"""Posts on Discord: sent once, edited in place, and every way in which that can fail."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.discord.messenger import DELETED, DiscordMessenger, nonce
from bot.chat.replies import Button, Mention, Reply, Text
from bot.errors import DeliveryError
from bot.store.outbox import Sent, Target
from tests.discord_running import House, empty_database, house, running
from tests.fakes.discord import FakeDiscord, Limits
from tests.shouting import SHOUTS, shout

HELLO = Reply(Text("Hello"))
POSTS = r"^/channels/\d+/messages$"
EDITS = r"^/channels/\d+/messages/\d+$"


def impatient(h: House, call_timeout: float = 0.3) -> DiscordMessenger:
    """The same messenger, for tests in which a call never ends."""
    return DiscordMessenger(h.discord.messenger._client, {}, call_timeout)


async def failure(h: House, target: Target, reply: Reply = HELLO) -> DeliveryError:
    """How sending this fails."""
    with pytest.raises(DeliveryError) as failed:
        await h.discord.messenger.send(target, reply, "key")
    return failed.value


async def test_a_post_pings_only_those_it_names_also_when_it_is_edited() -> None:
    async with house() as h:
        ana, ben = h.fake.person("ana"), h.fake.person("ben")
        both = Text("{a} and {b}, @everyone", a=Mention(ana.id), b=Mention(ben.id))
        target = h.target(h.fake.table)

        sent = await h.discord.messenger.send(target, Reply(both, notify=(ana.id,)), "one")
        [message] = h.fake.messages(h.fake.table)
        assert message.pinged == [ana.id]

        await h.discord.messenger.edit(target, sent, Reply(both))
        assert message.pings == [[ana.id], []]


async def test_somebody_who_is_to_be_pinged_but_not_mentioned_is_mentioned_first() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        reply = Reply(Text("You are next."), notify=(ana.id,))
        await h.discord.messenger.send(h.target(h.fake.table), reply, "one")

        [message] = h.fake.messages(h.fake.table)
        assert message.text == f"{ana.mention}\nYou are next."
        assert message.pinged == [ana.id]


async def test_a_card_is_edited_in_place_with_its_buttons() -> None:
    async with house() as h:
        target = h.target(h.fake.table)
        card = Reply(Text("Turn of ana"), buttons=(Button("Next", "turn.next:1:1", "primary"),))
        sent = await h.discord.messenger.send(target, card, "round:1")
        await h.discord.messenger.edit(target, sent, Reply(Text("The round is over.")))

        [message] = h.fake.messages(h.fake.table)
        assert message.text == "The round is over."
        assert message.buttons == []
        assert sent == Sent(h.fake.table.id, message.id)


async def test_a_private_post_is_a_direct_message() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        target = h.target(h.fake.table, ana)
        sent = await h.discord.messenger.send(target, HELLO, "one")
        await h.discord.messenger.edit(target, sent, Reply(Text("Bye")))

        assert [m.text for m in h.fake.dms(ana)] == ["Bye"]
        assert h.fake.messages(h.fake.table) == []


async def test_the_same_post_sent_again_after_a_crash_is_one_message() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        async with running(fake, database) as h:
            first = await h.discord.messenger.send(h.target(fake.table), HELLO, "meeting:7:call")
        async with running(fake, database) as h:
            again = await h.discord.messenger.send(h.target(fake.table), HELLO, "meeting:7:call")
            other = await h.discord.messenger.send(h.target(fake.table), HELLO, "meeting:8:call")

        assert first == again != other
        assert len(fake.messages(fake.table)) == 2
        assert len(nonce("x" * 500)) == 25


async def test_a_post_that_somebody_deleted_counts_as_delivered() -> None:
    async with house() as h:
        target = h.target(h.fake.table)
        await h.discord.messenger.send(target, HELLO, "one")
        h.fake.delete_message(h.fake.messages(h.fake.table)[0])

        again = await h.discord.messenger.send(target, HELLO, "one")
        assert again == Sent(h.fake.table.id, DELETED)
        assert h.fake.messages(h.fake.table) == []
        with pytest.raises(DeliveryError) as failed:
            await h.discord.messenger.edit(target, again, HELLO)
        assert (failed.value.permanent, failed.value.scope) == (True, "message")


@pytest.mark.parametrize(
    ("code", "reason"), [(50001, "no_access"), (50013, "no_permission"), (50083, "thread_archived")]
)
async def test_a_channel_that_refuses_is_given_up_at_the_first_try(code: int, reason: str) -> None:
    async with house() as h:
        h.fake.forbid(h.fake.table, code)
        failed = await failure(h, h.target(h.fake.table))

        assert (failed.reason, failed.permanent, failed.scope) == (reason, True, "channel")
        assert h.fake.posted() == 1


async def test_a_deleted_channel_is_given_up() -> None:
    async with house() as h:
        target = h.target(h.fake.table)
        sent = await h.discord.messenger.send(target, HELLO, "one")
        await h.fake.delete_channel(h.fake.table)

        failed = await failure(h, target)
        assert (failed.reason, failed.permanent, failed.scope) == ("channel_gone", True, "channel")
        with pytest.raises(DeliveryError) as edited:
            await h.discord.messenger.edit(target, sent, HELLO)
        assert edited.value.scope == "channel"


async def test_closed_direct_messages_concern_that_person_only() -> None:
    async with house() as h:
        ana = h.fake.person("ana", closed_dms=True)
        failed = await failure(h, h.target(h.fake.table, ana))
        assert (failed.reason, failed.permanent, failed.scope) == ("dm_closed", True, "person")


async def test_an_account_that_is_gone_concerns_that_person_only() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        del h.fake.state.users[ana.id]
        failed = await failure(h, h.target(h.fake.table, ana))
        assert (failed.reason, failed.permanent, failed.scope) == ("person_gone", True, "person")


async def test_a_bad_gateway_after_the_post_was_taken_gives_one_message() -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, status=502, accept=True)
        await h.discord.messenger.send(h.target(h.fake.table), HELLO, "one")
        assert len(h.fake.messages(h.fake.table)) == 1


@pytest.mark.parametrize("accept", [True, False])
async def test_a_dropped_connection_can_be_tried_again_without_a_double(accept: bool) -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, drop=True, accept=accept)
        failed = await failure(h, h.target(h.fake.table))
        assert (failed.reason, failed.permanent) == ("unreachable", False)

        await h.discord.messenger.send(h.target(h.fake.table), HELLO, "key")
        assert len(h.fake.messages(h.fake.table)) == 1


async def test_an_unavailable_service_can_be_tried_again() -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, status=503)
        failed = await failure(h, h.target(h.fake.table))
        assert (failed.reason, failed.permanent) == ("http_503", False)


async def test_a_call_that_never_ends_is_given_up_in_time() -> None:
    async with house() as h:
        fault = h.fake.fail("POST", POSTS, hang=True, accept=True)
        with pytest.raises(DeliveryError) as failed:
            await impatient(h).send(h.target(h.fake.table), HELLO, "key")
        assert (failed.value.reason, failed.value.permanent) == ("timeout", False)
        assert fault.times == 0

        await h.discord.messenger.send(h.target(h.fake.table), HELLO, "key")
        assert len(h.fake.messages(h.fake.table)) == 1


async def test_the_edge_asks_for_a_pause_and_gets_it() -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, cloudflare=True)
        failed = await failure(h, h.target(h.fake.table))
        assert (failed.reason, failed.permanent) == ("rate_limited", False)
        assert failed.retry_after == timedelta(seconds=60)


async def test_a_long_pause_is_left_to_the_outbox() -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, status=429, retry_after=45.0, shared=True)
        failed = await failure(h, h.target(h.fake.table))
        assert failed.retry_after == timedelta(seconds=45)
        assert h.fake.traffic.invalid_requests == 0


async def test_a_short_pause_is_waited_for() -> None:
    async with house() as h:
        h.fake.fail("POST", POSTS, status=429, retry_after=0.01)
        await h.discord.messenger.send(h.target(h.fake.table), HELLO, "one")
        assert len(h.fake.messages(h.fake.table)) == 1


async def test_posts_to_one_channel_keep_its_own_limit() -> None:
    limits = Limits(per_channel=(3, 0.2))
    async with (
        FakeDiscord(limits=limits) as fake,
        empty_database() as database,
        running(fake, database) as h,
    ):
        target = h.target(fake.table)
        send = h.discord.messenger.send
        await asyncio.gather(*(send(target, HELLO, f"post:{n}") for n in range(7)))

        assert len(fake.messages(fake.table)) == 7
        assert fake.traffic.invalid_requests <= 3


async def test_an_edit_that_fails_is_told_like_a_post_that_fails() -> None:
    async with house() as h:
        target = h.target(h.fake.table)
        sent = await h.discord.messenger.send(target, HELLO, "one")
        h.fake.fail("PATCH", EDITS, status=503)
        with pytest.raises(DeliveryError) as failed:
            await h.discord.messenger.edit(target, sent, HELLO)
        assert not failed.value.permanent

        h.fake.delete_message(h.fake.messages(h.fake.table)[0])
        with pytest.raises(DeliveryError) as failed:
            await h.discord.messenger.edit(target, sent, HELLO)
        assert (failed.value.reason, failed.value.scope) == ("message_gone", "message")


async def test_a_revoked_token_loses_no_post() -> None:
    async with house() as h:
        h.fake.state.token = "another"
        failed = await failure(h, h.target(h.fake.table))
        assert (failed.reason, failed.permanent) == ("token_refused", False)


@pytest.mark.parametrize("words", SHOUTS, ids=lambda words: words[:20])
async def test_nothing_typed_calls_anybody_in_a_post_or_in_its_edit(words: str) -> None:
    async with house() as h:
        target = h.target(h.fake.table)
        sent = await h.discord.messenger.send(target, shout(words), "one")
        await h.discord.messenger.edit(target, sent, shout(words))
        await h.discord.messenger.edit(target, sent, shout(words[::-1] + words))

        [message] = h.fake.messages(h.fake.table)
        assert message.pings == [[], [], []]
        assert len(message.buttons) == 3
