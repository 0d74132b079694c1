"""The fake Slack is as strict as the real one, or the other tests prove nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, schemas_present
from tests.fakes.slack.checks import message_problems, view_problems


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(clock=clock) as fake:
        yield fake
        fake.problems.clear()


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient("xoxb-fake", base_url=fake.api_url, retry_handlers=[])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_an_unknown_method_is_an_error_and_fails_the_test(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"
    assert fake.problems == ["unknown method chat.shout"]


async def test_a_method_whose_scope_was_not_asked_for_is_refused(client: AsyncWebClient) -> None:
    assert await error_of(client.conversations_info(channel="C1")) == "missing_scope"


async def test_a_wrong_token_is_refused(fake: FakeSlack) -> None:
    other = AsyncWebClient("xoxb-other", base_url=fake.api_url, retry_handlers=[])
    assert await error_of(other.auth_test()) == "invalid_auth"
    swapped = AsyncWebClient("xapp-fake", base_url=fake.api_url, retry_handlers=[])
    assert await error_of(swapped.auth_test()) == "not_allowed_token_type"


async def test_channels_refuse_as_slack_does(fake: FakeSlack, client: AsyncWebClient) -> None:
    closed = fake.add_channel("closed")
    fake.channels[closed].archived = True
    hidden = fake.add_channel("hidden", bot=False, private=True)
    uninvited = fake.add_channel("uninvited", bot=False)

    async def post(channel: str) -> str:
        return await error_of(client.chat_postMessage(channel=channel, text="hello"))

    assert await post("C404") == "channel_not_found"
    assert await post(closed) == "is_archived"
    assert await post(hidden) == "channel_not_found"
    assert await post(uninvited) == "not_in_channel"


async def test_too_large_a_message_is_refused(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel = fake.add_channel("table")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    call = client.chat_postMessage(channel=channel, text="hello", blocks=[section])
    assert await error_of(call) == "invalid_blocks"
    assert "3001 long" in fake.problems[0]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "must be plain_text"),
        ({"type": "section", "fields": []}, "0 fields"),
        ({"type": "input", "label": {"type": "plain_text", "text": "x"}}, "not allowed here"),
        (
            {
                "type": "actions",
                "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x" * 76}}],
            },
            "button is 76 long",
        ),
    ],
)
def test_each_block_is_held_against_its_limits(block: dict[str, Any], problem: str) -> None:
    assert problem in " ".join(message_problems({"text": "x", "blocks": [block]}))


def test_blocks_are_held_against_slacks_own_schema() -> None:
    if not schemas_present():
        pytest.skip("Slack's schemas are not beside the repository (shared/specs)")
    text = {"type": "mrkdwn", "text": "x", "emoji": True}
    block = {"type": "section", "text": text, "colour": "red"}
    assert "colour" in " ".join(message_problems({"text": "x", "blocks": [block]}))
    assert "flavour" in " ".join(view_problems({"type": "home", "blocks": [], "flavour": "x"}))


async def test_a_trigger_is_good_once_and_for_three_seconds(
    fake: FakeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    ana = fake.add_user("ana")
    text = {"type": "plain_text", "text": "Hello"}
    view = {"type": "modal", "title": text, "blocks": [{"type": "section", "text": text}]}
    first, second = fake.trigger(ana), fake.trigger(ana)

    await client.views_open(trigger_id=first, view=view)
    assert await error_of(client.views_open(trigger_id=first, view=view)) == "expired_trigger_id"
    clock.now += 3.1
    assert await error_of(client.views_open(trigger_id=second, view=view)) == "expired_trigger_id"


async def test_a_response_address_takes_five_answers_within_half_an_hour(
    fake: FakeSlack, clock: Clock
) -> None:
    ana = fake.add_user("ana")
    channel = fake.add_channel("table", ana)
    url, old = fake.response_url(ana, channel), fake.response_url(ana, channel)
    async with aiohttp.ClientSession() as session:

        async def answer(url: str) -> int:
            async with session.post(url, json={"text": "hello"}) as response:
                return response.status

        assert [await answer(url) for _ in range(6)] == [200] * 5 + [404]
        clock.now += 1801
        assert await answer(old) == 404


async def test_whoever_posts_too_fast_is_told_how_long_to_wait(
    fake: FakeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    fake.keep_pace(per_minute=2)
    one, two, three = (fake.add_channel(name) for name in ("one", "two", "three"))

    await client.chat_postMessage(channel=one, text="hello")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=one, text="hello again")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=two, text="hello")
    clock.now += 5
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=three, text="hello")
    assert caught.value.response.headers["Retry-After"] == "55"


async def test_an_envelope_nobody_acknowledged_comes_again_on_another_socket(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ana = fake.add_user("ana")

    async def connect(session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        opened = await client.apps_connections_open(app_token="xapp-fake")
        socket = await session.ws_connect(opened["url"])
        assert (await socket.receive_json())["type"] == "hello"
        return socket

    async with aiohttp.ClientSession() as session:
        first = await connect(session)
        task = asyncio.create_task(fake.event({"type": "app_home_opened", "user": ana}))
        before = await first.receive_json()
        second = await connect(session)
        await first.close()
        again = await second.receive_json()
        assert again["envelope_id"] == before["envelope_id"]
        assert (before["retry_attempt"], again["retry_attempt"]) == (0, 1)
        await second.send_json({"envelope_id": again["envelope_id"]})
        assert (await task).failed is None
        await second.close()


async def test_an_expired_ticket_opens_no_socket(
    fake: FakeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    opened = await client.apps_connections_open(app_token="xapp-fake")
    clock.now += 31
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])
    assert fake.sockets.refused == 1


async def test_it_sees_who_is_pinged_on_posts_and_on_edits(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    channel = fake.add_channel("table")
    posted = await client.chat_postMessage(channel=channel, text="<@UANA> and <!here>")
    (message,) = fake.messages(channel)
    assert (message.pings, message.shouts) == ({"UANA"}, {"here"})
    await client.chat_update(channel=channel, ts=posted["ts"], text="<@UBEN> <https://x.org|y>")
    assert (message.pings, message.shouts, message.links) == ({"UBEN"}, set(), {"https://x.org"})
