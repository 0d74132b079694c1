"""What may go wrong between a person on Slack and the bot, and what they then see."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.chat.replies import Button
from bot.store.database import Database
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.desk import Desk, Ledger, desk


@pytest.fixture
async def at(sqlite_database: Database) -> AsyncIterator[Desk]:
    async with FakeSlack() as fake, desk(fake, sqlite_database) as made:
        yield made


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_the_same_press_delivered_four_times_has_one_effect(at: Desk) -> None:
    card = await at.post(Button("Quiet", "case.quiet:0"))
    payload = at.fake.click(at.ana, card, card.blocks[-1]["elements"][0])
    seen = [await at.fake.send("interactive", payload, at.ana) for _ in range(4)]

    assert at.ledger.done == [(at.ana, "quiet")]
    assert [one.text for one in seen[1:]] == ["I had that already; it is done once."] * 3


async def test_the_same_press_after_a_restart_has_no_second_effect(
    sqlite_database: Database,
) -> None:
    ledger = Ledger()
    async with FakeSlack() as fake:
        async with desk(fake, sqlite_database, ledger) as at:
            card = await at.post(Button("Quiet", "case.quiet:0"))
            payload = fake.click(at.ana, card, card.blocks[-1]["elements"][0])
            await fake.send("interactive", payload, at.ana)
        async with desk(fake, sqlite_database, ledger) as at:
            again = await fake.send("interactive", payload, at.ana)
    assert "already" in again.text
    assert ledger.done == [(at.ana, "quiet")]


async def test_two_presses_are_two_presses(at: Desk) -> None:
    card = await at.post(Button("Quiet", "case.quiet:0"))
    await at.fake.press(at.ana, card, "Quiet")
    await at.fake.press(at.ana, card, "Quiet")
    assert len(at.ledger.done) == 2


async def test_a_form_sent_twice_is_taken_once(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "add", channel=at.table)
    assert seen.view is not None
    first, second = await asyncio.gather(
        at.fake.submit(at.ana, seen.view, {"Title": "Panic"}),
        at.fake.submit(at.ana, seen.view, {"Title": "Panic"}, again=True),
    )
    assert len(at.ledger.done) == 1
    assert {first.failed, second.failed} == {None}


async def test_a_refused_form_may_be_sent_again(at: Desk) -> None:
    at.ledger.broken = 1
    seen = await at.fake.slash(at.ana, "/case", "add", channel=at.table)
    assert seen.view is not None
    broken = await at.fake.submit(at.ana, seen.view, {"Title": "Panic"})
    assert "went wrong on our side" in broken.errors["Title"]
    done = await at.fake.submit(at.ana, seen.view, {"Title": "Panic"})
    assert done.text == "Noted: *Panic*."


async def test_a_bug_of_ours_is_answered_and_changes_nothing(
    at: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    at.ledger.broken = 1
    seen = await at.fake.slash(at.ana, "/case", "add Panic", channel=at.table)
    assert "Something went wrong on our side (ref " in seen.text
    assert at.ledger.done == []
    assert "broken on purpose" in caplog.text
    assert "Panic" not in caplog.text


async def test_a_slow_command_is_acknowledged_in_time_and_answered_when_done(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/rounds", "about", channel=at.table)
    assert (seen.failed, seen.reply) == (None, None)

    at.ledger.gate.set()
    await at.fake.until(lambda: at.fake.private)
    (answer,) = at.fake.private
    assert (answer.to, answer.shown) == (at.ana, "I am Rounds.")


async def test_a_slow_form_is_answered_when_done(at: Desk) -> None:
    card = await at.post(Button("Note", "case.note:0"))
    form = await at.fake.press(at.ana, card, "Note")
    assert form.view is not None
    seen = await at.fake.submit(at.ana, form.view, {"Words": "slow"})
    assert (seen.failed, seen.reply, form.view.open) == (None, None, False)

    at.ledger.gate.set()
    await at.fake.until(lambda: at.fake.private)
    assert at.fake.private[0].shown == "Noted: slow"


async def test_a_zone_nobody_knows_is_no_zone(at: Desk) -> None:
    at.fake.users[at.ana].tz = "Atlantis/Center"
    await at.fake.slash(at.ana, "/case", "add Panic", channel=at.table)
    assert at.ledger.requests[0].zone is None


async def test_a_profile_that_does_not_come_holds_nothing_up(at: Desk) -> None:
    at.fake.hang("users.info")
    seen = await at.fake.slash(at.ana, "/case", "add Panic", channel=at.table)
    assert seen.text == "Noted: *Panic*."
    assert at.ledger.requests[0].zone is None


async def test_an_expired_trigger_gives_a_button_that_opens_the_form(at: Desk) -> None:
    at.fake.fail("views.open", "expired_trigger_id")
    seen = await at.fake.slash(at.ana, "/case", "add urgency: soon", channel=at.table)

    assert seen.reply is not None
    assert seen.reply.labels == ["Open the form"]
    form = await at.fake.press(at.ana, seen.reply, "Open the form")
    assert form.view is not None
    assert form.view.fields == {"Title": "", "Urgency": "soon"}


async def test_a_form_of_a_button_can_be_opened_by_pressing_again(at: Desk) -> None:
    card = await at.post(Button("Note", "case.note:0"))
    at.fake.fail("views.open", "expired_trigger_id")
    seen = await at.fake.press(at.ana, card, "Note")
    assert seen.reply is not None
    form = await at.fake.press(at.ana, seen.reply, "Open the form")
    assert form.view is not None


async def test_a_spent_response_address_falls_back_to_an_ephemeral_message(at: Desk) -> None:
    card = await at.post(Button("Undo", "case.undo:0:1"))
    payload = at.fake.click(at.ana, card, card.blocks[-1]["elements"][0])
    at.fake.spend(payload["response_url"])
    seen = await at.fake.send("interactive", payload, at.ana)

    assert seen.text == "Taken back."
    assert at.fake.calls[-1].method == "chat.postEphemeral"


async def test_where_the_bot_may_not_speak_the_answer_comes_as_a_direct_message(
    at: Desk,
) -> None:
    card = await at.post(Button("Undo", "case.undo:0:1"))
    payload = at.fake.click(at.ana, card, card.blocks[-1]["elements"][0])
    at.fake.spend(payload["response_url"])
    at.fake.channels[at.table].members.discard("U0BOT")
    seen = await at.fake.send("interactive", payload, at.ana)

    assert seen.text == "Taken back."
    assert [message.shown for message in at.fake.dms(at.ana)] == ["Taken back."]


async def test_an_answer_that_reaches_nobody_is_logged_and_no_crash(
    at: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    card = await at.post(Button("Undo", "case.undo:0:1"))
    at.fake.break_down("response_url")
    at.fake.break_down("chat.postEphemeral")
    at.fake.fail("conversations.open", "user_disabled")
    seen = await at.fake.press(at.ana, card, "Undo")

    assert (seen.failed, seen.reply) == (None, None)
    assert "direct message not given: user_disabled" in caplog.text
    assert len(at.ledger.done) == 1


async def test_unknown_events_and_payloads_are_acknowledged(
    at: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    at.fake.ack_deadline = 1.0
    for event in ({"type": "team_rename"}, {"type": "message", "text": "secret", "user": at.ana}):
        assert (await at.fake.event(event)).failed is None
    for kind in ("shortcut", "message_action", "view_closed", "block_suggestion"):
        payload = {
            "type": kind,
            "callback_id": "x",
            "action_id": "x",
            "value": "secret",
            "user": {"id": at.ana, "team_id": "T0HOME"},
            "team": {"id": "T0HOME"},
            "view": {"callback_id": "x", "type": "modal"},
            "trigger_id": "1",
        }
        assert (await at.fake.send("interactive", payload, "")).failed is None
    assert "secret" not in caplog.text


async def test_a_removed_app_is_noticed_once_its_token_is_dead(at: Desk) -> None:
    await at.fake.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    assert at.gone == []

    at.fake.token_error = "account_inactive"
    at.fake.ack_deadline = 1.0
    await at.fake.event({"type": "app_uninstalled"})
    assert at.gone == [("T0HOME", None)]


@pytest.mark.parametrize("first", ["app_uninstalled", "tokens_revoked"])
async def test_old_news_of_a_removal_does_not_harm_a_new_installation(at: Desk, first: str) -> None:
    second = {"app_uninstalled": "tokens_revoked", "tokens_revoked": "app_uninstalled"}[first]
    at.fake.token_error = "token_revoked"
    for number, event in enumerate((first, second)):
        await at.fake.event({"type": event}, event_id=f"Ev{number}")
    assert at.gone == [("T0HOME", None)] * 2

    at.fake.token_error = None
    for number, event in enumerate((first, second)):
        seen = await at.fake.event({"type": event}, event_id=f"Ev{number}", attempt=3)
        assert seen.failed is None
    assert len(at.gone) == 2


async def test_an_archived_channel_is_noticed(at: Desk) -> None:
    await at.fake.event({"type": "channel_archive", "channel": at.table})
    assert at.gone == [("T0HOME", at.table)]


async def test_ten_kilobytes_of_text_are_refused_kindly(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "add " + "x" * 10_000, channel=at.table)
    assert "at most 150" in seen.text
    assert seen.reply is not None
    form = await at.fake.press(at.ana, seen.reply, "Change it")
    assert form.view is not None
    assert len(form.view.fields["Title"]) == 3000


@pytest.mark.parametrize("typed", ["@everyone", "<!here>", "a\u202eb", "\x07"])
async def test_shouts_and_hidden_characters_are_refused(at: Desk, typed: str) -> None:
    seen = await at.fake.slash(at.ana, "/case", f"add {typed} x", channel=at.table)
    assert "Title must not" in seen.text or "Title holds" in seen.text
    assert at.ledger.done == []


async def test_nothing_people_write_reaches_the_log(
    at: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # As the operator's logging has it: the libraries are clamped, see bot.ops.logs.
    for name in ("slack_bolt", "slack_sdk", "sqlalchemy", "aiosqlite"):
        caplog.set_level(logging.WARNING, name)
    seen = await at.fake.slash(at.ana, "/case", "add", channel=at.table)
    assert seen.view is not None
    await at.fake.submit(at.ana, seen.view, {"Title": "canary-title"})
    await at.fake.slash(at.ana, "/case", "add canary-typed", channel=at.table)
    assert "canary" not in caplog.text
