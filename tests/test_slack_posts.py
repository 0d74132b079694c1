"""What the bot says unasked on Slack, and what it learns when that does not work."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.chat.replies import Bold, Button, Mention, Reply, Text
from bot.errors import DeliveryError
from bot.store.database import Database
from bot.store.outbox import Sent, Target
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.desk import Desk, desk
from tests.shouting import SHOUTS, shout

HELLO = Reply(Text("Hello"), buttons=(Button("Join", "group.join:1"),))


@pytest.fixture
async def at(sqlite_database: Database) -> AsyncIterator[Desk]:
    async with FakeSlack() as fake, desk(fake, sqlite_database) as made:
        yield made


def target(at: Desk, person: str | None = None) -> Target:
    return Target("T0HOME", at.table, person, "UTC")


async def refusal(at: Desk, person: str | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await at.slack.messenger.send(target(at, person), HELLO, "key")
    return caught.value


async def test_a_post_reaches_the_channel_and_is_edited_in_place(at: Desk) -> None:
    sent = await at.slack.messenger.send(target(at), HELLO, "key")
    (message,) = at.fake.messages(at.table)
    assert sent == Sent(at.table, message.ts)
    assert (message.shown, message.labels) == ("Hello", ["Join"])
    assert message.raw["unfurl_links"] is message.raw["unfurl_media"] is False
    assert message.raw["link_names"] is False

    await at.slack.messenger.edit(target(at), sent, Reply(Text("Goodbye")))
    assert (message.shown, message.labels, message.edits) == ("Goodbye", [], 1)
    assert message.history == ["Hello"]


async def test_a_private_post_opens_the_conversation_once(at: Desk) -> None:
    for _ in range(2):
        await at.slack.messenger.send(target(at, at.ana), HELLO, "key")
    assert [message.shown for message in at.fake.dms(at.ana)] == ["Hello", "Hello"]
    assert [call.method for call in at.fake.calls].count("conversations.open") == 1


async def test_only_those_it_names_are_pinged_on_posts_and_on_edits(at: Desk) -> None:
    words = Text("{a} and {b}, {c}", a=Mention(at.ana), b=Mention(at.ben), c=Bold("<!here>"))
    sent = await at.slack.messenger.send(target(at), Reply(words, notify=(at.ana,)), "key")
    (message,) = at.fake.messages(at.table)
    assert (message.pings, message.shouts) == ({at.ana}, set())
    assert message.shown == f"<@{at.ana}> and @ben, *<!here>*"

    await at.slack.messenger.edit(target(at), sent, Reply(words))
    assert (message.pings, message.shouts) == (set(), set())
    assert message.shown == "@ana and @ben, *<!here>*"


@pytest.mark.parametrize(
    ("error", "scope"),
    [
        ("channel_not_found", "channel"),
        ("not_in_channel", "channel"),
        ("is_archived", "channel"),
        ("restricted_action_read_only_channel", "channel"),
        ("token_revoked", "space"),
        ("account_inactive", "space"),
        ("invalid_auth", "space"),
        ("missing_scope", "channel"),
        ("no_permission", "channel"),
    ],
)
async def test_what_is_gone_for_good_is_told_as_such(at: Desk, error: str, scope: str) -> None:
    at.fake.fail("chat.postMessage", error)
    refused = await refusal(at)
    assert (refused.reason, refused.permanent, refused.scope) == (error, True, scope)


@pytest.mark.parametrize("error", ["missing_scope", "no_permission"])
async def test_a_private_post_that_lacks_a_scope_pauses_nobody_and_the_operator_is_told(
    at: Desk, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    at.fake.fail("conversations.open", error)

    refused = await refusal(at, at.ben)

    assert (refused.reason, refused.permanent, refused.scope) == (error, True, "person")
    (told,) = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert error in told
    assert "reinstall" in told


async def test_real_channels_refuse_the_same_way(at: Desk) -> None:
    at.fake.channels[at.table].archived = True
    assert (await refusal(at)).reason == "is_archived"
    at.fake.channels[at.table].archived = False
    at.fake.channels[at.table].members.discard("U0BOT")
    assert (await refusal(at)).reason == "not_in_channel"


async def test_somebody_who_left_is_gone_for_private_posts_only(at: Desk) -> None:
    at.fake.users[at.ana].deleted = True
    refused = await refusal(at, at.ana)
    assert (refused.reason, refused.permanent, refused.scope) == ("user_disabled", True, "person")
    at.fake.fail("chat.postMessage", "channel_not_found")
    assert (await refusal(at, at.ben)).scope == "person"


async def test_a_card_somebody_deleted_is_gone_as_a_message(at: Desk) -> None:
    with pytest.raises(DeliveryError) as caught:
        await at.slack.messenger.edit(target(at), Sent(at.table, "1.0"), HELLO)
    assert (caught.value.permanent, caught.value.scope) == (True, "message")


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("30", timedelta(seconds=30)),
        (None, timedelta(seconds=30)),
        ("soon", timedelta(seconds=30)),
        ("999999999", timedelta(hours=1)),
        ("0", timedelta(seconds=1)),
    ],
)
async def test_slack_says_how_long_to_wait(at: Desk, said: str | None, waits: timedelta) -> None:
    at.fake.slow_down("chat.postMessage", said)
    refused = await refusal(at)
    assert (refused.permanent, refused.retry_after) == (False, waits)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_broken_slack_may_have_taken_it(at: Desk, status: int) -> None:
    at.fake.break_down("chat.postMessage", status=status)
    refused = await refusal(at)
    assert (refused.reason, refused.permanent) == ("timeout", False)


async def test_a_post_whose_answer_was_lost_is_sent_once_and_told_as_undecided(at: Desk) -> None:
    at.fake.drop_after("chat.postMessage")
    refused = await refusal(at)
    assert (refused.reason, refused.permanent) == ("timeout", False)
    assert len(at.fake.messages(at.table)) == 1


async def test_what_slack_never_said_before_is_tried_again(at: Desk) -> None:
    at.fake.fail("chat.postMessage", "moon_in_the_wrong_house")
    refused = await refusal(at)
    assert (refused.reason, refused.permanent) == ("moon_in_the_wrong_house", False)


async def test_a_channel_that_refuses_does_not_hold_up_the_others(at: Desk) -> None:
    other = at.fake.add_channel("other", at.ana)
    at.fake.fail("chat.postMessage", "is_archived", channel=at.table)
    assert (await refusal(at)).permanent
    await at.slack.messenger.send(Target("T0HOME", other, None, "UTC"), HELLO, "key")
    assert len(at.fake.messages(other)) == 1


async def test_nothing_typed_calls_anybody_in_a_post_or_in_its_edit(at: Desk) -> None:
    for words in SHOUTS:
        sent = await at.slack.messenger.send(target(at), shout(words), words)
        message = at.fake.messages(at.table)[-1]
        for said in (words, words[::-1] + words):
            assert (message.pings, message.shouts, message.links) == (set(), set(), set()), words
            assert len(message.labels) == 3
            await at.slack.messenger.edit(target(at), sent, shout(said))
        assert (message.pings, message.shouts, message.links) == (set(), set(), set()), words
