"""What could point to somebody is stopped before it is kept or posted, and its author decides."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from bot.app import App
from bot.chat.replies import Answer, Button, Form, Refusal, Reply
from bot.features import COMMANDS
from bot.privacy.identifier import Identifier
from bot.store.database import Database
from tests.circle import Circle, a_circle, filled, labels, words
from tests.logged import log_of

NAMED = "Maria Lopez"
DOUBTFUL = "Grace"
MINUTES = "minutes: 30"


class Broken:
    """A guard that fails at whatever it is shown, quoting it."""

    def find(self, text: str) -> list[Identifier]:
        """Fail."""
        raise RuntimeError(text)

    def redact(self, text: str, found: list[Identifier]) -> str:
        """Fail."""
        raise RuntimeError(text)

    def load(self) -> None:
        """Fail."""
        raise OSError("no lists")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Our own loggers at their most talkative."""
    with log_of("debug") as stream:
        yield stream


async def a_group(database: Database) -> Circle:
    """Three members, a meeting in a week, and all commands."""
    circle = await a_circle(database, COMMANDS)
    await circle.meeting(8)
    return circle


async def sent(circle: Circle, who: str, form: Answer, **written: str) -> Answer:
    """Somebody sends the form they see."""
    assert isinstance(form, Form), words(form)
    return await circle.app.submit(circle.request(who), form.action, filled(form) | written)


async def test_a_name_is_not_kept_and_comes_back_with_how_it_reads_without(
    database: Database,
) -> None:
    circle = await a_group(database)

    asked = await circle.say("ana", f"/case add Stuck with {NAMED} since March 3 {MINUTES}")

    assert isinstance(asked, Refusal)
    assert "Stuck with [client] since [date]" in words(asked)
    assert f"“{NAMED}” (a known name)" in words(asked)
    assert labels(asked) == ["Use this", "Edit"]
    assert "no case" in words(await circle.say("ana", "/case mine"))
    shown = await circle.press("ana", asked, "Use this")
    assert "“Stuck with [client] since [date]”" in words(shown)
    assert "30 minutes" in words(shown)


async def test_a_doubtful_word_is_its_author_s_to_keep_and_only_that_text(
    database: Database,
) -> None:
    circle = await a_group(database)

    asked = await circle.say("ana", f"/case add {DOUBTFUL} keeps cancelling")
    assert labels(asked) == ["Use this", "Edit", "Keep it"]
    kept = await circle.press("ana", asked, "Keep it")
    assert f"“{DOUBTFUL} keeps cancelling”" in words(kept)

    form = await circle.press("ana", kept, "Edit")
    same = await sent(circle, "ana", form, minutes="20")
    assert "20 minutes. Nobody sees it yet." in words(same)
    other = await sent(circle, "ana", form, title=f"{DOUBTFUL} keeps calling")
    assert labels(other) == ["Use this", "Edit", "Keep it"]
    theirs = await circle.say("ben", f"/case add {DOUBTFUL} keeps cancelling")
    assert labels(theirs) == ["Use this", "Edit", "Keep it"]


async def test_what_is_kept_already_is_not_asked_about_when_something_else_is_changed(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS, group=f"The {DOUBTFUL} circle")

    form = await circle.say("ben", "/group settings")
    assert "Saved" in words(await sent(circle, "ben", form, weekday="friday"))
    asked = await sent(circle, "ben", form, name=f"{DOUBTFUL} told me")
    assert labels(asked) == ["Use this", "Edit", "Keep it"]


async def test_edit_opens_the_form_with_what_was_written(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    asked = await circle.say("ana", f"/case add About {NAMED} question: Why? {MINUTES}")

    form = await circle.press("ana", asked, "Edit")
    assert filled(form) | {"urgency": ""} == {
        "title": f"About {NAMED}",
        "question": "Why?",
        "urgency": "",
        "minutes": "30",
    }
    assert "Nobody sees it yet" in words(await sent(circle, "ana", form, title="About her"))


async def test_several_texts_are_answered_at_once_and_a_name_among_them_is_not_to_be_kept(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database)

    asked = await circle.say(
        "ana", f"/case add {DOUBTFUL} keeps cancelling question: Shall I call {NAMED}?"
    )

    assert "Title: [client] keeps cancelling" in words(asked)
    assert "Question: Shall I call [client]?" in words(asked)
    assert labels(asked) == ["Use this", "Edit"]


async def test_what_waits_for_a_decision_is_of_its_author_alone_and_gone_after_a_restart(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database)
    asked = await circle.say("ana", f"/case add {DOUBTFUL} keeps cancelling")

    for label in ("Use this", "Keep it"):
        assert "no longer have" in words(await circle.press("ben", asked, label))
    anew = replace(circle, app=App(sqlite_database, Random(1)))
    assert "write it again" in words(await anew.press("ana", asked, "Keep it"))


async def test_a_forged_decision_does_not_let_a_name_in(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    asked = await circle.say("ana", f"/case add {NAMED} keeps cancelling")
    assert isinstance(asked, Refusal)
    use = next(button for button in asked.reply.buttons if button.label == "Use this")
    forged = Reply(asked.reply.text, buttons=(Button("Keep it", "keep" + use.action[3:]),))

    assert "no longer have" in words(await circle.press("ana", forged, "Keep it"))


async def test_words_of_a_person_s_own_are_in_no_button(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)

    for typed in (f"{NAMED} keeps cancelling", f"{DOUBTFUL} urgency: x", "Trust urgency: x"):
        answer = await circle.say("ana", f"/case add {typed}")
        assert isinstance(answer, Refusal)
        actions = [button.action for button in answer.reply.buttons]
        assert actions
        for word in ("Maria", DOUBTFUL, "Trust"):
            assert word not in str(actions)


async def test_mentions_of_members_are_no_names(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    answer = await circle.say("ana", "/case add What <@U024BE7LH> asked me")
    assert "Nobody sees it yet" in words(answer) or "in the queue" in words(answer)


async def test_a_broken_guard_lets_nothing_through_and_says_nothing_of_it_in_the_log(
    sqlite_database: Database, log: io.StringIO
) -> None:
    circle = await a_group(sqlite_database)
    circle.app = App(sqlite_database, Random(1), guard=Broken())
    await circle.app.examining.load()

    for typed in ("/case add Kanarienvogel", "/group settings name: Kanarienvogel"):
        answer = await circle.say("ana", typed)
        assert isinstance(answer, Refusal)
        assert "I cannot check" in words(answer)
    assert "no case" in words(await circle.say("ana", "/case mine"))

    lines = log.getvalue().strip().splitlines()
    assert sum("the guard failed: RuntimeError" in line for line in lines) == 2
    assert sum("the guard cannot be loaded: OSError" in line for line in lines) == 1
    assert "Kanarienvogel" not in log.getvalue()
