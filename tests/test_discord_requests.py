"""What people do on Discord reaches the bot, and what it answers is seen by them alone."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import pytest

from adapters.discord.declare import declaration
from bot.chat.replies import Answer
from bot.context import Context
from bot.features import COMMANDS
from tests.discord_running import Toy, empty_database, house, running
from tests.fakes.discord import FakeDiscord


async def test_a_typed_command_is_answered_in_private() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        seen = await h.fake.slash(
            ana, "case add", {"title": "Panic *now*", "minutes": 30}, channel=h.fake.table
        )

        assert h.toy.asked == [("add", "Panic *now*", "routine", 30)]
        assert seen.private
        assert seen.text.startswith(f"**Added**\n{ana.mention} brings Panic \\*now\\*. See </case")
        assert "**Minutes**\n30" in seen.text
        assert seen.message is not None
        assert seen.message.pinged == []
        assert h.fake.messages(h.fake.table) == []


async def test_a_button_works_also_after_a_restart() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        ana = fake.person("ana")
        async with running(fake, database):
            seen = await fake.slash(ana, "case add", {"title": "Panic"}, channel=fake.table)
        async with running(fake, database) as h:
            after = await fake.press(ana, seen, "Withdraw")

            assert h.toy.asked == [("withdraw", 42)]
            assert after.text == "Case 42 is withdrawn."
            assert after.private


async def test_the_form_asks_for_what_was_not_given() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        form = await h.fake.slash(ana, "case add", {"urgency": "soon"}, channel=h.fake.table)
        assert form.fields == {"Title": "", "Urgency": "soon"}

        seen = await h.fake.submit(ana, form, {"Title": "Grief"})
        assert h.toy.asked == [("add", "Grief", "soon", 20)]
        assert "Grief" in seen.text


async def test_a_form_behind_a_button_holds_words_choices_and_people() -> None:
    async with house() as h:
        ana, ben = h.fake.person("ana"), h.fake.person("ben")
        seen = await h.fake.slash(ana, "case add", {"title": "Panic"}, channel=h.fake.table)
        assert seen.message is not None
        seen.message.components[0]["components"][0]["custom_id"] = "case.more:0"

        form = await h.fake.press(ana, seen, "Withdraw")
        assert form.fields == {"Words": "", "Urgency": "soon", "Who": ""}
        after = await h.fake.submit(ana, form, {"Words": "a\nb", "Who": ben.id})

        values = {"words": "a\nb", "urgency": "soon", "who": f"@{ben.id}"}
        assert h.toy.asked[-1] == ("note", values)
        assert after.text == "Noted: a\nb"


async def test_a_person_is_an_option_of_its_own_and_in_a_form() -> None:
    async with house() as h:
        ana, ben = h.fake.person("ana"), h.fake.person("ben")
        form = await h.fake.slash(ana, "case again", {"with": ben}, channel=h.fake.table)
        assert form.fields == {"Title": "", "With": ben.id}

        seen = await h.fake.submit(ana, form, {"Title": "Grief"})
        assert seen.text == f"Grief with {ben.mention}."


async def test_what_shows_itself_on_a_card_needs_no_answer() -> None:
    async with house() as h:
        ana, ben = h.fake.person("ana"), h.fake.person("ben")
        asked = await h.fake.send_slash(
            ana, "case swap", {"case": "k7", "with": ben}, channel=h.fake.table
        )
        await h.fake.until(lambda: asked.first == 5 and not asked.messages, "it to be taken back")
        assert h.toy.asked == [("swap", "k7", ben.id)]


async def test_options_are_suggested_while_they_are_typed() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        offered = await h.fake.autocomplete(ana, "case swap", "case", "k", channel=h.fake.table)
        assert offered == [("k7 something", "k7")]


async def test_a_slow_answer_is_announced_to_the_person_alone() -> None:
    async with house(soon=0.05) as h:
        ana = h.fake.person("ana")
        h.toy.slow = asyncio.Event()
        asked = await h.fake.send_slash(ana, "case queue", channel=h.fake.table)
        await h.fake.until(lambda: asked.loading, "the waiting line")
        assert asked.messages[0].private_to is ana

        h.toy.slow.set()
        assert (await h.fake.see(asked)).text == "The queue is **empty**."


async def test_a_form_that_is_slow_to_come_is_waited_for() -> None:
    toy = Toy()

    async def edit(context: Context, title: Annotated[str, "What it is about"] = "") -> Answer:
        """Change a case."""
        assert toy.slow is not None
        await toy.slow.wait()
        return context.form("case edit", {"title": "As it was"})

    toy.commands.command("case edit", writes=False, needs="nothing", form=("title",))(edit)
    async with (
        FakeDiscord() as fake,
        empty_database() as database,
        running(fake, database, toy, soon=0.05) as h,
    ):
        toy.slow = asyncio.Event()
        asyncio.get_running_loop().call_later(0.3, toy.slow.set)
        seen = await h.fake.slash(fake.person("ana"), "case edit", channel=h.fake.table)
        assert seen.modal is not None


async def test_a_slow_press_that_shows_nothing_takes_its_waiting_line_away() -> None:
    async with house(soon=0.05) as h:
        ana = h.fake.person("ana")
        card = await h.fake.slash(ana, "case add", {"title": "Panic"}, channel=h.fake.table)
        assert card.message is not None
        card.message.components[0]["components"][0]["custom_id"] = "turn.next:0:1"
        h.toy.slow = asyncio.Event()
        asked = await h.fake.send_press(ana, card, "Withdraw")
        await h.fake.until(lambda: asked.loading, "the waiting line")
        h.toy.slow.set()
        await h.fake.until(lambda: not asked.messages, "the line to go")


async def test_a_button_nobody_knows_says_so() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        card = await h.fake.slash(ana, "case add", {"title": "Panic"}, channel=h.fake.table)
        assert card.message is not None
        for unknown in ("old", "case.gone:0:1", "case.withdraw:0:x", "do:0:case gone:"):
            seen = await h.fake.press_id(ana, card.message, unknown)
            assert seen.private
            assert "older message" in seen.text


async def test_a_command_that_was_renamed_says_so() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        del h.toy.commands.commands["rounds help"]
        seen = await h.fake.slash(ana, "rounds help", channel=h.fake.table)
        assert "has changed" in seen.text


async def test_a_thread_counts_as_its_channel() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        thread = h.fake.new_thread("aside", h.fake.table)
        await h.fake.slash(ana, "case queue", channel=thread)
        assert h.toy.asked == [("queue", h.fake.guild.id, h.fake.table.id, True)]


async def test_commands_are_offered_in_private_too_but_for_those_about_a_channel() -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        private = h.fake.state.dm_with(ana)
        assert (await h.fake.slash(ana, "rounds help", channel=private)).text == "Ask away."

        declared = declaration(COMMANDS)
        assert {c["name"] for c in declared if c["contexts"] == [0]} <= {"group"}


async def test_the_same_thing_told_twice_has_one_effect(caplog: pytest.LogCaptureFixture) -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        asked = await h.fake.send_slash(ana, "case add", {"title": "Panic"}, channel=h.fake.table)
        await h.fake.see(asked)
        for _ in range(3):
            await h.fake.again(asked)
        await h.fake.slash(ana, "case add", {"title": "Another"}, channel=h.fake.table)

        assert [title for _, title, *_ in h.toy.asked] == ["Panic", "Another"]
        assert "Panic" in asked.messages[-1].text
        assert (h.fake.dms(ana), h.fake.traffic.answered[400]) == ([], 0)


async def test_two_processes_on_one_token_have_one_effect() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        toy, ana = Toy(), fake.person("ana")
        async with running(fake, database, toy), running(fake, database, toy):
            await fake.until(lambda: len(fake.gateway.live()) == 2, "both to be connected")
            seen = await fake.slash(ana, "case add", {"title": "Panic"}, channel=fake.table)
            await fake.slash(ana, "rounds help", channel=fake.table)

            assert len(toy.asked) == 1
            assert "Panic" in seen.text
            assert fake.dms(ana) == []


async def test_an_answer_takes_the_place_of_another_process_saying_that_it_comes() -> None:
    async with FakeDiscord() as fake, empty_database() as database:
        hasty, patient, ana = Toy(), Toy(), fake.person("ana")
        hasty.slow = asyncio.Event()
        async with running(fake, database, hasty, soon=0.05), running(fake, database, patient):
            await fake.until(lambda: len(fake.gateway.live()) == 2, "both to be connected")
            patient.slow = asyncio.Event()
            asked = await fake.send_slash(ana, "case queue", channel=fake.table)
            await fake.until(lambda: asked.loading, "the waiting line")
            patient.slow.set()
            assert "The queue is" in (await fake.see(asked)).text
            hasty.slow.set()


async def test_an_answer_that_comes_too_late_is_sent_in_private(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with house() as h:
        ana = h.fake.person("ana")
        h.toy.slow = asyncio.Event()
        given = {"title": "Panic"}
        await h.fake.send_slash(ana, "case add", given, channel=h.fake.table)
        h.fake.advance(seconds=4)
        h.toy.slow.set()

        message = await h.fake.dm(ana, "Panic")
        assert h.toy.asked == [("add", "Panic", "routine", 20)]
        assert message.pinged == []
        assert "10062" in caplog.text
        assert "Panic" not in caplog.text


async def test_an_answer_after_a_quarter_of_an_hour_is_sent_in_private() -> None:
    async with house(soon=0.05) as h:
        ana = h.fake.person("ana")
        h.toy.slow = asyncio.Event()
        asked = await h.fake.send_slash(ana, "case queue", channel=h.fake.table)
        await h.fake.until(lambda: asked.loading, "the waiting line")
        h.fake.advance(minutes=16)
        h.toy.slow.set()
        await h.fake.dm(ana, "The queue is")


async def test_an_answer_nobody_can_be_given_changes_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with house() as h:
        ana = h.fake.person("ana", closed_dms=True)
        h.toy.slow = asyncio.Event()
        await h.fake.send_slash(ana, "case add", {"title": "Panic"}, channel=h.fake.table)
        h.fake.advance(seconds=4)
        h.toy.slow.set()
        await h.fake.until(lambda: h.fake.traffic.answered[403], "the private message")
        h.toy.slow = None

        ben = h.fake.person("ben")
        assert (await h.fake.slash(ben, "case queue", channel=h.fake.table)).private
        assert len(h.toy.asked) == 2
        assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
