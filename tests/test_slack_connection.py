"""Staying in touch with Slack: sockets that come and go, tokens that are wrong, a bad signature."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from adapters.slack.client import Slack
from adapters.slack.tokens import check_tokens
from bot.app import App
from bot.chat.replies import Button
from bot.config import ConfigError
from bot.store.database import Database
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.desk import NOW, Desk, config, desk
from tests.fakes.slack.sockets import Envelope
from tests.logged import log_of


@pytest.fixture
async def at(sqlite_database: Database) -> AsyncIterator[Desk]:
    async with FakeSlack() as fake, desk(fake, sqlite_database, pace=0.2) as made:
        yield made


@pytest.fixture
async def over_http(sqlite_database: Database) -> AsyncIterator[Desk]:
    async with FakeSlack() as fake, desk(fake, sqlite_database, mode="http") as made:
        yield made


async def answered(at: Desk) -> str:
    """What a command typed now is answered."""
    at.fake.ack_deadline = 20.0
    return (await at.fake.slash(at.ana, "/case", "add Panic", channel=at.table)).text


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_it_connects_anew_when_slack_asks_for_it(at: Desk, reason: str) -> None:
    await at.fake.until(lambda: len(at.fake.sockets.open) == 2)
    await at.fake.sockets.disconnect(reason)
    await at.fake.until(lambda: at.fake.sockets.connected >= 4)
    assert await answered(at) == "Noted: *Panic*."


async def test_while_one_socket_is_renewed_the_other_takes_what_comes(at: Desk) -> None:
    await at.fake.until(lambda: len(at.fake.sockets.open) == 2)
    at.fake.sockets.outage = True
    await at.fake.sockets.disconnect(only=1)
    await at.fake.until(lambda: at.fake.sockets.refused)
    assert await answered(at) == "Noted: *Panic*."
    assert await at.slack.is_connected()


async def test_it_connects_anew_when_the_socket_dies(at: Desk) -> None:
    at.fake.sockets.cut()
    assert await answered(at) == "Noted: *Panic*."
    assert at.fake.sockets.connected >= 3


async def test_it_connects_anew_when_the_other_end_falls_silent(at: Desk) -> None:
    at.fake.sockets.go_deaf()
    assert await answered(at) == "Noted: *Panic*."
    assert at.fake.sockets.connected >= 3


async def test_a_bot_that_stops_finishes_what_was_asked(sqlite_database: Database) -> None:
    async with FakeSlack() as fake:
        fake.ack_deadline = 10.0
        async with desk(fake, sqlite_database) as at:
            asked = asyncio.create_task(fake.slash(at.ana, "/rounds", "about", channel=at.table))
            await at.ledger.entered.wait()
            asyncio.get_running_loop().call_later(0.3, at.ledger.gate.set)
        assert (await asked).text == "I am Rounds."


async def test_a_click_whose_socket_dies_comes_again_and_has_one_effect(at: Desk) -> None:
    at.fake.ack_deadline = 20.0
    card = await at.post(Button("Quiet", "case.quiet:0"))
    # Held up until the socket is gone: the acknowledgement can no longer be sent on it.
    async with at.app.database.writing():
        press = asyncio.create_task(at.fake.press(at.ana, card, "Quiet"))
        await at.fake.until(lambda: at.fake.sockets.waiting and len(at.fake.sockets.open) == 2)
        at.fake.sockets.cut()
        await at.fake.until(lambda: at.fake.sockets.connected >= 3)
    assert (await press).failed is None
    assert at.ledger.done == [(at.ana, "quiet")]


async def test_an_outage_longer_than_a_ticket_lives_ends_well(at: Desk) -> None:
    at.fake.sockets.ticket_life = 0.2
    at.fake.sockets.outage = True
    at.fake.sockets.cut()
    await at.fake.until(lambda: at.fake.sockets.refused >= 8)
    assert not await at.slack.is_connected()

    at.fake.sockets.outage = False
    assert await answered(at) == "Noted: *Panic*."
    assert await at.slack.is_connected()


async def test_tickets_that_are_not_given_out_are_asked_for_again(at: Desk) -> None:
    at.fake.break_down("apps.connections.open", times=2)
    at.fake.slow_down("apps.connections.open", "0")
    at.fake.sockets.cut()
    assert await answered(at) == "Noted: *Panic*."


async def test_a_slack_that_is_away_at_the_start_is_waited_for(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeSlack() as fake:
        fake.break_down("auth.test")
        async with desk(fake, sqlite_database) as at:
            assert await answered(at) == "Noted: *Panic*."
    assert "Slack does not answer (http_500); trying again" in caplog.text


async def test_a_quiet_start_says_nothing(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-fake")
    async with FakeSlack() as fake, desk(fake, sqlite_database) as at:
        assert await answered(at) == "Noted: *Panic*."
    assert caplog.text == ""


@pytest.mark.parametrize("key", ["bot_token", "app_token"])
async def test_a_wrong_token_is_one_line_that_says_which(
    sqlite_database: Database, key: str
) -> None:
    async with FakeSlack() as fake:
        settings = config(fake)
        setattr(fake, key, "another")
        slack = Slack(settings, App(sqlite_database, None), lambda: NOW)  # type: ignore[arg-type]
        with pytest.raises(ConfigError) as caught:
            await slack.__aenter__()
        (problem,) = caught.value.problems
        assert str(problem).startswith(f"slack.{key}: Slack refuses it (invalid_auth): ")
        assert [str(found) for found in await check_tokens(settings)] == [str(problem)]


async def test_good_tokens_pass_and_a_missing_scope_is_named() -> None:
    async with FakeSlack() as fake:
        assert await check_tokens(config(fake)) == []
    async with FakeSlack(scopes=("commands", "chat:write")) as fake:
        (problem,) = await check_tokens(config(fake))
        assert "lacks im:write, users:read" in str(problem)
        fake.break_down("auth.test")
        (problem,) = await check_tokens(config(fake))
        assert "could not be checked, Slack does not answer (http_500)" in str(problem)


EVENT = {"type": "event_callback", "team_id": "T0HOME", "event_id": "Ev1", "canary": "canary"}
BODY = json.dumps(EVENT | {"event": {"type": "team_rename"}}).encode(), "application/json"


async def test_a_signed_payload_is_let_in(over_http: Desk) -> None:
    assert (await over_http.fake.post_signed(BODY))[0] == 200


@pytest.mark.parametrize(
    ("stamp", "signature"),
    [
        ("absent", None),
        ("0", None),
        ("noon", None),
        ("-5", None),
        ("1" * 400, None),
        ("\u0661\u0662", None),
        ("1600000000", None),
        (None, "absent"),
        (None, "v0=00"),
        (None, "v0=\u00e9"),
    ],
)
async def test_what_is_not_signed_is_refused_and_its_words_are_not_logged(
    over_http: Desk, caplog: pytest.LogCaptureFixture, stamp: str | None, signature: str | None
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {}
    if stamp is not None:
        headers["request_timestamp"] = stamp
    if signature is not None:
        headers["signature"] = signature
    status, body = await over_http.fake.post_signed(BODY, **headers)
    assert (status, "canary" in body) == (401, False)
    assert "canary" not in caplog.text


async def test_a_body_that_is_no_text_is_refused(over_http: Desk) -> None:
    assert (await over_http.fake.post_signed((b"\xff\xfe", "application/json")))[0] == 401


async def test_a_replayed_command_has_one_effect(over_http: Desk) -> None:
    fake = over_http.fake
    seen = await fake.slash(over_http.ana, "/case", "add Panic", channel=over_http.table)
    again = await fake.send("slash_commands", seen.payload, over_http.ana)
    assert again.text == "I had that already; it is done once."
    assert len(over_http.ledger.done) == 1


async def test_an_event_delivered_again_is_acknowledged_again(at: Desk) -> None:
    event = {"type": "app_home_opened", "user": at.ana, "tab": "home", "channel": "D1"}
    for attempt in range(4):
        seen = await at.fake.event(event, event_id="Ev7", attempt=attempt)
        assert seen.failed is None
    assert at.fake.homes[at.ana].labels == ["Cases", "Add a case"]


async def test_slacks_look_at_the_certificate_is_answered_and_does_nothing(
    over_http: Desk,
) -> None:
    look = b"ssl_check=1&command=/case&text=add+x", "application/x-www-form-urlencoded"
    assert await over_http.fake.post_signed(look) == (200, "")
    assert (await over_http.fake.post_signed(look, signature="v0=00"))[0] == 401
    assert over_http.ledger.requests == []


async def test_what_somebody_recorded_is_not_answered_again(over_http: Desk) -> None:
    fake = over_http.fake
    seen = await fake.slash(over_http.ana, "/rounds", "panel", channel=over_http.table)
    body = fake.http_body(Envelope("e", "slash_commands", seen.payload))
    stamp = str(fake.last_stamp)
    assert await fake.post_signed(body, request_timestamp=stamp) == (401, "")

    # With a signature of its own it is a delivery of Slack's, and answered.
    assert (await fake.post_signed(body))[0] == 200


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions", "actions": [{"action_id": "canary", "value": "canary"}]},
        {"type": "view_submission", "view": {"callback_id": "x", "state": "canary"}},
        {"type": "dialog_submission", "callback_id": "x", "submission": {"words": "canary"}},
        {"type": "interactive_message", "callback_id": "x", "actions": [{"value": "canary"}]},
        {"command": "/case", "text": "canary"},
        {"type": "event_callback", "event": {"type": "message", "text": "canary"}},
    ],
    ids=lambda payload: payload.get("type", "nothing"),
)
async def test_what_slack_would_never_send_is_survived_and_its_words_are_not_logged(
    over_http: Desk, payload: dict[str, object]
) -> None:
    with log_of("debug") as log:
        fields = payload if "command" in payload else {"payload": json.dumps(payload)}
        body = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        await over_http.fake.post_signed(body)
        await over_http.fake.post_signed((json.dumps(payload).encode(), "application/json"))

    assert "canary" not in log.getvalue()
    seen = await over_http.fake.slash(over_http.ana, "/case", "add Panic", channel=over_http.table)
    assert seen.text == "Noted: *Panic*."
