"""Typing, pressing and submitting on Slack, through the real library."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.chat.replies import Button
from bot.store.database import Database
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.desk import Desk, desk


@pytest.fixture(params=["socket", "http"])
async def at(request: pytest.FixtureRequest, sqlite_database: Database) -> AsyncIterator[Desk]:
    async with (
        FakeSlack() as fake,
        desk(fake, sqlite_database, mode=request.param) as made,
    ):
        yield made


async def test_a_typed_command_gets_a_private_answer(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "add Panic urgency: soon", channel=at.table)

    assert seen.text == "Noted: *Panic*."
    assert seen.reply is not None
    assert seen.reply.to == at.ana
    assert seen.reply.labels == ["Undo"]
    assert at.ledger.done == [(at.ana, "case add", "Panic", "soon", "")]
    assert at.fake.messages(at.table) == []


async def test_the_bot_knows_who_asked_and_where_and_in_which_zone(at: Desk) -> None:
    await at.fake.slash(at.ben, "/case", "add Panic", channel=at.table)

    (request,) = at.ledger.requests
    assert (request.platform, request.space, request.channel) == ("slack", "T0HOME", at.table)
    assert (request.person, request.zone) == (at.ben, "America/New_York")


async def test_a_profile_is_asked_for_once_an_hour(at: Desk) -> None:
    for words in ("one", "two", "three"):
        await at.fake.slash(at.ana, "/case", f"add {words}", channel=at.table)
    assert [call.method for call in at.fake.calls].count("users.info") == 1


async def test_slacks_markup_in_what_was_typed_is_undone(at: Desk) -> None:
    await at.fake.slash(at.ana, "/group", f"remove <@{at.ben}|ben>", channel=at.table)
    typed = "add A &lt; B &amp; C place: <https://x.org/a?b=1&amp;c|x.org> <#C1|one>"
    await at.fake.slash(at.ana, "/case", typed, channel=at.table)

    assert at.ledger.done == [
        (at.ana, "group remove", at.ben),
        (at.ana, "case add", "A < B & C", "", "https://x.org/a?b=1&c #C1"),
    ]


async def test_something_missing_opens_the_form_filled_with_what_was_given(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "add urgency: soon", channel=at.table)

    assert seen.view is not None
    assert seen.view.fields == {"Title": "", "Urgency": "soon"}
    done = await at.fake.submit(at.ana, seen.view, {"Title": "Panic"})
    assert done.text == "Noted: *Panic*."
    assert not seen.view.open
    assert at.ledger.done == [(at.ana, "case add", "Panic", "soon", "")]


async def test_a_person_is_chosen_in_a_form(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/group", "remove", channel=at.table)
    assert seen.view is not None
    done = await at.fake.submit(at.ana, seen.view, {"Member": at.ben})
    assert done.text == f"<@{at.ben}> is asked."


async def test_a_wrong_field_is_told_on_the_field_and_the_form_stays_open(at: Desk) -> None:
    card = await at.post(Button("Note", "case.note:0"))
    seen = await at.fake.press(at.ana, card, "Note")
    assert seen.view is not None

    refused = await at.fake.submit(at.ana, seen.view, {"Words": "bad"})
    assert refused.errors == {"Words": "That is too short."}
    elsewhere = await at.fake.submit(at.ana, seen.view, {"Words": "gone"})
    assert elsewhere.errors == {"Words": "That group is no longer there."}
    done = await at.fake.submit(at.ana, seen.view, {"Words": "good"})
    assert done.text == "Noted: good"
    assert at.ledger.done == [(at.ana, "noted", "good")]


async def test_a_form_may_lead_to_another_form(at: Desk) -> None:
    card = await at.post(Button("Note", "case.note:0"))
    seen = await at.fake.press(at.ana, card, "Note")
    assert seen.view is not None
    more = await at.fake.submit(at.ana, seen.view, {"Words": "more"})
    assert more.view is seen.view
    assert more.view.title == "More"
    done = await at.fake.submit(at.ana, more.view, {"Words": "good"})
    assert done.text == "Noted: good"


async def test_beside_a_field_people_are_named_and_times_are_the_readers(at: Desk) -> None:
    card = await at.post(Button("Note", "case.note:0"))
    seen = await at.fake.press(at.ben, card, "Note")
    assert seen.view is not None
    refused = await at.fake.submit(at.ben, seen.view, {"Words": "taken"})
    assert refused.errors == {
        "Words": "Taken by @ana at Tue 10 Mar 2026, 14:30 (America/New_York): see /rounds panel"
    }


async def test_a_press_is_answered_privately_and_leaves_the_card_alone(at: Desk) -> None:
    card = await at.post(Button("Undo", "case.undo:0:7"))
    seen = await at.fake.press(at.ana, card, "Undo")

    assert seen.reply is not None
    assert (seen.reply.to, seen.text) == (at.ana, "Taken back.")
    assert seen.reply.raw["replace_original"] is False
    assert at.fake.messages(at.table) == [card]
    assert card.edits == 0


async def test_a_press_whose_card_shows_the_outcome_is_only_acknowledged(at: Desk) -> None:
    card = await at.post(Button("Quiet", "case.quiet:0"))
    seen = await at.fake.press(at.ana, card, "Quiet")
    assert (seen.reply, seen.view, seen.failed) == (None, None, None)
    assert at.ledger.done == [(at.ana, "quiet")]


async def test_two_people_press_at_once_and_one_is_told_who_was_faster(at: Desk) -> None:
    card = await at.post(Button("Undo", "case.undo:0:7"))
    seen = await asyncio.gather(
        at.fake.press(at.ana, card, "Undo"), at.fake.press(at.ben, card, "Undo")
    )
    ((winner, *_),) = at.ledger.done
    assert sorted(one.text for one in seen) == sorted(["Taken back.", f"<@{winner}> was faster."])


async def test_a_button_of_an_older_time_is_answered_kindly(at: Desk) -> None:
    card = await at.post(Button("Dance", "case.dance:0:1"))
    seen = await at.fake.press(at.ana, card, "Dance")
    assert "older message" in seen.text
    assert "`/rounds panel`" in seen.text


async def test_unknown_words_are_answered_with_what_was_expected(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "dance", channel=at.table)
    assert "`/case` is followed by one of: add" in seen.text


async def test_the_home_tab_shows_the_panel_and_its_buttons_answer_in_windows(at: Desk) -> None:
    home = await at.fake.open_home(at.ana)
    assert home is not None
    assert home.labels == ["Cases", "Add a case"]

    cases = await at.fake.press(at.ana, home, "Cases")
    assert cases.view is not None
    assert cases.view.shown == "Your cases."
    back = await at.fake.press(at.ana, cases.view, "Back")
    assert back.view is cases.view
    assert "older message" in back.text
    form = await at.fake.press(at.ana, home, "Add a case")
    assert form.view is not None
    done = await at.fake.submit(at.ana, form.view, {"Title": "Panic"})
    assert done.view is form.view
    assert done.text == "Noted: *Panic*."
    assert at.fake.private == []


async def test_a_private_conversation_is_no_channel(at: Desk) -> None:
    seen = await at.fake.slash(at.ana, "/case", "add Panic", channel=at.fake.dm_of(at.ana).id)
    assert seen.text == "Noted: *Panic*."
    assert at.ledger.requests[0].channel is None


async def test_a_prefix_sets_the_commands_apart(sqlite_database: Database) -> None:
    async with FakeSlack() as fake, desk(fake, sqlite_database, prefix="peer-") as at:
        seen = await fake.slash(at.ana, "/peer-case", "add Panic", channel=at.table)
        assert seen.text == "Noted: *Panic*."
        card = await at.post(Button("Dance", "case.dance:0:1"))
        assert "`/peer-rounds panel`" in (await fake.press(at.ana, card, "Dance")).text
