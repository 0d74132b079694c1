"""Every format, through the whole bot: at every second the card says who may speak, and rightly."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from adapters.console.client import Player
from adapters.console.grammar import Step, read_line
from adapters.console.stage import Stage
from bot.app import App
from bot.chat.replies import Reply
from bot.formats.reading import read_formats
from bot.live.data import from_data
from bot.live.speaking import silent_now, speaking
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.live_tables import LiveMeeting
from bot.store.tables import Member
from tests.live.script import EACH, FIVE, PREPARED, Line, Script, choose_formats
from tests.parity.played import Time
from tests.parity.rendered import Renderings

FORMATS = [found for found in read_formats() if found.unit == "minutes" and found.least <= EACH]
IDS = [found.id for found in FORMATS]
PAIRS = [(id, IDS[(n + 1) % len(IDS)]) for n, id in enumerate(IDS) if n % 2 == 0]
"""Each once; the default one twice."""

NAMES = select(Member.id, Member.ref)


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_in_a_meeting_of_ninety_minutes_the_card_says_who_may_speak(
    sqlite_database: Database, first: str, second: str
) -> None:
    formats = {found.id: found for found in FORMATS}
    stage = Stage(App(sqlite_database, Random(1)), Time().at)
    player = Player(stage, lambda line: None)
    for text in PREPARED:
        await player.play_line(text)
    await choose_formats(sqlite_database, first, second)
    begun = stage.now
    for line in Script(formats[first], formats[second]).lines:
        moved = read_line(line.text)
        if isinstance(moved, Step):
            await wait(stage, moved.by, line)
        else:
            await player.play_line(line.text)
            await check(stage, line)
    assert timedelta(minutes=60) < stage.now - begun <= timedelta(minutes=90)
    reads_the_same_everywhere(stage)


def reads_the_same_everywhere(stage: Stage) -> None:
    """Every card of the meeting has the same words on the console, on Discord and on Slack."""
    renderings = Renderings(stage.app.database, *FIVE)
    cards = [seen.said for seen in stage.seen if "We have begun" in seen.text]
    assert len(cards) > 30
    for card in cards:
        assert isinstance(card, Reply)
        on_console, *others = renderings.all(card)
        assert others == [on_console, on_console]


async def wait(stage: Stage, by: timedelta, expected: Line) -> None:
    """Time passes: half-way and when it is over the card still says what it said."""
    for part in (by // 2, by - by // 2):
        await stage.step(part)
        assert shown_speaking(card(stage)) == expected.speak, expected


async def check(stage: Stage, expected: Line) -> None:
    """What was expected, what the rules say, and what the card says are the same."""
    async with stage.app.database.reading() as session:
        kept = await session.scalar(select(LiveMeeting.state).execution_options(**ACROSS_GROUPS))
        found = await session.execute(NAMES, execution_options=ACROSS_GROUPS)
        names = dict(found.all())
    if kept is None:
        assert expected.text.endswith('"End"')
        return
    state, shown = from_data(kept), card(stage)
    assert {names[m] for m in speaking(state)} == expected.speak, expected
    assert shown_speaking(shown) == expected.speak, (expected, shown)
    if state.running:
        assert {names[m] for m in silent_now(state)} == expected.silent, expected
        assert shown_silent(shown) == expected.silent, (expected, shown)
        assert f"\n{expected.phase}" in shown


def card(stage: Stage) -> str:
    """The words of the running meeting's card."""
    found = [m.reply for m in stage.messages if "We have begun" in str(m.reply.text)]
    return str(found[-1].text)


def shown_speaking(card: str) -> set[str]:
    """Who may speak, as somebody reads it on the card."""
    if "Everybody speaks freely" in card or "Open begins it" in card:
        return set(FIVE) - shown_silent(card)
    lines = re.findall(r"^@.*(?:speaks|has the floor|asks|answers).*$", card, re.M)
    return set(re.findall(r"@(\w+)(?= speaks| has the floor| asks| answers)", "\n".join(lines)))


def shown_silent(card: str) -> set[str]:
    """Who is silent, as somebody reads it on the card."""
    if "Nobody speaks now" in card:
        return set(FIVE)
    return set(re.findall(r"@(\w+)", "".join(re.findall(r"^Silent: .*$", card, re.M))))
