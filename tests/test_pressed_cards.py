"""A card that is pressed changes where it stands, on both platforms through their libraries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import keyed
from tests.pressing import Pressed, a_round_on

NEXT, BACK, END = "turn.next:1:1:{}", "turn.back:1:1:{}", "turn.end:1:1:{}"


@pytest.fixture(params=["discord", "slack"])
async def card(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pressed]:
    database = keyed(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    await database.create()
    async with a_round_on(request.param, database) as pressed:
        await pressed.settled()
        yield pressed
    await database.close()


async def test_a_press_is_on_the_card_at_once_and_the_card_is_not_edited(card: Pressed) -> None:
    await card.press(1, "Next")
    await card.says(f"Had their turn: {card.first}")
    post = await card.settled()

    assert (card.ways, post.version) == ((1, 0), 2)


async def test_where_it_cannot_be_put_in_place_the_card_is_edited(card: Pressed) -> None:
    card.close()
    await card.press_action(1, NEXT.format(1))

    await card.says(f"Had their turn: {card.first}")
    await card.settled()
    assert card.ways[1] == 1
    assert len(card.times) == 1


async def test_what_was_put_in_place_without_a_word_is_edited_a_second_later(
    card: Pressed,
) -> None:
    card.close(dropped=True)
    await card.press_action(1, NEXT.format(1))
    await card.stepped(2)

    await card.settled()
    assert card.ways[1] == 1
    first, second = card.times
    assert 1 <= second - first < 2


async def test_an_older_state_never_comes_after_a_newer_one(card: Pressed) -> None:
    arrive = card.hold()
    older = asyncio.create_task(card.press_action(1, NEXT.format(1)))
    await card.stepped(2)
    await card.on_its_way()
    newer = asyncio.create_task(card.press_action(2, END.format(2)))
    await card.stepped(3)
    arrive.set()

    await asyncio.gather(older, newer)
    await card.says("closed here")
    await card.settled()
    assert card.ways == (1, 1)
    first, second = card.times
    assert second - first >= 1


async def test_a_card_pressed_twenty_times_a_second_changes_once_a_second(card: Pressed) -> None:
    for step in range(1, 22):
        await card.press_action(step % 3, (NEXT if step % 2 else BACK).format(step))
        await card.stepped(step + 1)

    await card.settled()
    await card.says(f"Had their turn: {card.first}")
    gaps = [later - earlier for earlier, later in zip(card.times, card.times[1:], strict=False)]
    assert card.ways[0] == 1
    assert gaps
    assert min(gaps) >= 1


async def test_a_press_on_a_private_copy_edits_the_card_of_all(card: Pressed) -> None:
    await card.press_copy(1, "Next")

    await card.says(f"Had their turn: {card.first}")
    await card.settled()
    assert card.ways == (0, 1)
