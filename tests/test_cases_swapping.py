"""Exchanging places for one meeting: asked in private, and only with the other's press."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.cases.leaving import on_left
from bot.chat.replies import Reply
from bot.store.database import Database
from bot.store.tables import Group, Meeting, Member, Swap
from tests.case_circle import (
    a_queue,
    a_sent_card,
    begin,
    brings,
    cases,
    hold,
    order,
    refused,
    remember,
    submit,
)
from tests.circle import Circle, labels, words


async def both_wait(database: Database) -> Circle:
    """Ana stands first, ben second and chloe third."""
    circle = await a_queue(database)
    for name in ("ana", "ben", "chloe"):
        await brings(circle, name, f"From {name[0]}")
    return circle


async def states(circle: Circle) -> list[str]:
    async with circle.database.reading() as session:
        found = select(Swap.state).where(Swap.group_id == circle.group_id).order_by(Swap.id)
        return list(await session.scalars(found))


async def test_a_swap_is_asked_in_private_and_changes_nothing_yet(database: Database) -> None:
    circle = await both_wait(database)

    answer = await circle.say("chloe", "/case swap @ana")

    assert "I have asked @ana in private." in words(answer)
    assert "Now you are third and @ana is first; then you would be first and @ana third." in words(
        answer
    )
    assert "Until @ana agrees nothing changes." in words(answer)
    assert [post.person for post in await circle.posts("swap")] == ["ana"]
    card = await circle.card("swap")
    assert "@chloe asks to exchange places with you" in words(card)
    assert "Now you are first and @chloe is third; then you would be third" in words(card)
    assert labels(card) == ["Agree", "Decline"]
    assert await order(circle) == ["From a", "From b", "From c"]


async def test_agreeing_exchanges_the_places_and_says_so(database: Database) -> None:
    circle = await both_wait(database)
    await circle.say("chloe", "/case swap @ana")

    answer = await circle.press("ana", await circle.card("swap"), "Agree")

    assert "you and @chloe have exchanged places for Tue 10 Mar 2026, 18:00" in words(answer)
    assert "You are third now and @chloe is first" in words(answer)
    assert await order(circle) == ["From c", "From b", "From a"]
    assert "Swapped places with @ana." in words(await circle.say("ben", "/case queue"))
    told = await circle.card("swap-answer")
    assert "@ana agreed: you two have exchanged places" in words(told)
    assert [post.person for post in await circle.posts("swap-answer")] == ["chloe"]


async def test_declining_keeps_the_places_and_says_so_kindly(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")

    answer = await circle.press("ana", await circle.card("swap"), "Decline")

    assert "Everything stays as it is" in words(answer)
    assert "@ana would rather keep the place" in words(await circle.card("swap-answer"))
    assert await order(circle) == ["From a", "From b", "From c"]


async def test_the_message_that_asked_shows_the_answer(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")
    card = await circle.card("swap")
    await circle.mark_sent()

    await circle.press("ana", card, "Agree")

    assert [(post.state, post.version) for post in await circle.posts("swap")] == [("open", 2)]
    assert words(await circle.card("swap")) == "You agreed to exchange places with @chloe."
    assert labels(await circle.card("swap")) == []


@pytest.mark.parametrize("name", ["ana", "chloe"])
async def test_either_of_the_two_takes_an_agreed_swap_back(
    sqlite_database: Database, name: str
) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")
    agreed = await circle.press("ana", await circle.card("swap"), "Agree")

    answer = await circle.press(name, agreed, "Undo")

    assert "Taken back" in words(answer)
    assert await order(circle) == ["From a", "From b", "From c"]
    other = {"ana": "chloe", "chloe": "ana"}[name]
    assert [post.person for post in await circle.posts("swap-over")] == [other]
    assert f"@{name} has taken back the swap" in words(await circle.card("swap-over"))


async def test_an_offer_taken_back_is_never_sent(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    answer = await circle.say("chloe", "/case swap @ana")

    await circle.press("chloe", answer, "Take it back")

    assert (await circle.unwanted("swap")).reason == "no longer wanted"
    assert await circle.posts("swap-over") == []


async def test_only_the_one_who_was_asked_can_answer(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    answer = await circle.say("chloe", "/case swap @ana")
    card = await circle.card("swap")

    for name, button in (("ben", "Agree"), ("chloe", "Agree"), ("ben", "Decline")):
        assert "between two other members" in refused(await circle.press(name, card, button))
    assert "between two" in refused(await circle.press("ben", answer, "Take it back"))
    assert await states(circle) == ["offered"]


async def test_pressed_twice_at_once_it_is_agreed_once(database: Database) -> None:
    circle = await both_wait(database)
    await circle.say("chloe", "/case swap @ana")
    card = await circle.card("swap")

    pressed = await asyncio.gather(
        circle.press("ana", card, "Agree"), circle.press("ana", card, "Decline")
    )

    assert sorted(isinstance(one, Reply) for one in pressed) == [False, True]
    assert any("is answered or over already" in words(one) for one in pressed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("@zoe", "@zoe is no member of this group."),
        ("@ana", "you cannot exchange places with yourself"),
        ("everybody", "With is a person, such as @ana."),
        ("@" + "x" * 10_000, "at most 200"),
    ],
)
async def test_a_swap_is_with_another_member(
    sqlite_database: Database, typed: str, said: str
) -> None:
    circle = await both_wait(sqlite_database)

    assert said in refused(await circle.say("ana", f"/case swap {typed}"))
    assert await states(circle) == []


async def test_without_a_name_the_form_asks_with_whom(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)

    form = await circle.say("chloe", "/case swap")
    answer = await submit(circle, "chloe", form, **{"with": "@ana"})

    assert "I have asked @ana in private." in words(answer)


async def test_a_swap_that_would_change_nothing_is_not_asked(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Risk", "urgency: before next meeting")
    await brings(circle, "ben", "Sleep")

    answer = await circle.say("ben", "/case swap @ana")

    assert "That would change nothing" in refused(answer)
    assert await circle.posts("swap") == []


async def test_both_need_a_case_that_can_be_heard(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")
    await brings(circle, "chloe", "Shame")
    await circle.answer("chloe", 1, "not going")

    assert "You have no case that could" in refused(await circle.say("ben", "/case swap @ana"))
    assert "@ben has no case" in refused(await circle.say("ana", "/case swap @ben"))
    assert "@chloe has no case" in refused(await circle.say("ana", "/case swap @chloe"))


async def test_without_a_meeting_there_are_no_places(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    circle.now += timedelta(days=20)

    assert "No meeting is planned" in refused(await circle.say("ana", "/case swap @ben"))


async def test_a_meeting_that_has_begun_keeps_its_agenda(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")
    card = await circle.card("swap")
    await circle.mark_sent()
    await begin(circle, 1)

    assert "its agenda stays" in refused(await circle.say("ana", "/case swap @ben"))
    assert "its agenda stays" in refused(await circle.press("ana", card, "Agree"))
    assert "that is over" in words(await circle.card("swap"))


async def test_one_is_asked_once_and_has_one_swap_a_meeting(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")

    assert "asked @ana already" in refused(await circle.say("chloe", "/case swap @ana"))
    assert "@chloe has asked you the same" in refused(await circle.say("ana", "/case swap @chloe"))
    await circle.say("ben", "/case swap @ana")
    first, second = await cards(circle)
    await circle.app.press(circle.request("ana"), f"swap.agree:{circle.group_id}:{first}")
    answer = await circle.app.press(circle.request("ana"), f"swap.agree:{circle.group_id}:{second}")
    assert "answered or over" in refused(answer)
    assert "has a swap for the next meeting" in refused(await circle.say("ben", "/case swap @ana"))


async def cards(circle: Circle) -> list[int]:
    return [post.subject or 0 for post in await circle.posts("swap")]


async def test_a_swap_ends_with_its_meeting(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")
    await circle.press("ana", await circle.card("swap"), "Agree")
    await circle.say("ben", "/case swap @ana")
    await circle.meeting(22)

    await hold(circle, 1, "From c")

    assert await states(circle) == ["over"]
    circle.now += timedelta(days=10)
    await brings(circle, "chloe", "Another")
    assert await order(circle) == ["From a", "From b", "Another"]


async def test_an_offer_unanswered_expires_with_the_meeting(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")

    async with sqlite_database.reading() as session:
        starts = await session.scalar(
            select(Meeting.starts_at).where(Meeting.group_id == circle.group_id)
        )
    assert [post.expires_at for post in await circle.posts("swap")] == [starts]
    await hold(circle, 1)
    assert await states(circle) == ["over"]


async def test_a_swap_is_nothing_once_one_of_them_withdraws(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await circle.say("chloe", "/case swap @ana")
    await circle.press("ana", await circle.card("swap"), "Agree")

    await circle.say("ana", "/case withdraw")

    assert await order(circle) == ["From b", "From c"]


async def test_cards_follow_a_swap(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await a_sent_card(circle, 1)
    await circle.say("chloe", "/case swap @ana")

    await circle.press("ana", await circle.card("swap"), "Agree")

    assert [post.version for post in await circle.posts("call")] == [2]


async def test_leaving_withdraws_cases_and_ends_swaps(database: Database) -> None:
    circle = await both_wait(database)
    await brings(circle, "ana", "A second")
    await a_sent_card(circle, 1)
    await circle.say("chloe", "/case swap @ana")
    await circle.press("ana", await circle.card("swap"), "Agree")

    async with database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        found = select(Member).where(
            Member.group_id == group.id, Member.id == circle.members["ana"]
        )
        member = (await session.scalars(found)).one()
        member.state = "left"
        await on_left(session, group, member, circle.now)

    kept = {title: case.state for title, case in (await cases(circle)).items()}
    assert kept == {
        "From a": "withdrawn",
        "A second": "withdrawn",
        "From b": "waiting",
        "From c": "waiting",
    }
    assert await states(circle) == ["over"]
    assert await order(circle, "ben") == ["From b", "From c"]
    assert (await circle.posts("call"))[0].state == "open"


async def test_who_has_left_is_asked_nothing(sqlite_database: Database) -> None:
    circle = await both_wait(sqlite_database)
    await remember(circle, "ana", state="left")

    assert "no member of this group" in refused(await circle.say("chloe", "/case swap @ana"))
