"""Choosing a format: for the group, told with Undo; for one case, by whoever cares."""

from __future__ import annotations

from bot.features import COMMANDS
from bot.store.database import Database
from bot.store.tables import Case, Group
from tests.case_circle import brings, cases, refused, remember_group
from tests.circle import Circle, a_circle, labels, words


async def a_group(database: Database, *names: str) -> Circle:
    """A group that meets in a week."""
    circle = await a_circle(database, COMMANDS, *names)
    await circle.meeting(8)
    return circle


async def group(circle: Circle) -> Group:
    """The group's row as it is now."""
    async with circle.database.reading() as session:
        return await session.get_one(Group, circle.group_id)


async def test_without_a_word_the_formats_are_shown_with_the_one_in_force_and_a_suggestion(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database, "ana", "ben", "chloe", "dan", "eve")
    await brings(circle, "ana", "A stuck case", "minutes: 40")

    shown = await circle.say("ben", "/meeting format")

    said = words(shown)
    assert "Six phases is how you work now." in said
    assert (
        "I suggest Six phases, because 5 of you can come and a case has about 40 minutes." in said
    )
    assert len(labels(shown)) == 8
    assert labels(shown)[-1] == "More formats"
    assert f"{labels(shown)[1]}: " in said
    assert "Written case" not in labels(shown)
    more = await circle.press("ben", shown, "More formats")
    assert labels(more)[-1] == "Back"
    assert not set(labels(more)[:-1]) & set(labels(shown))


async def test_while_a_meeting_runs_those_present_and_the_time_left_count(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS, "ana", "ben", "chloe", "dan")
    meeting = await circle.meeting(0, "begun")
    for name in ("ben", "chloe"):
        await circle.answer(name, meeting, "going")
    circle.now = circle.now.replace(hour=18, minute=50)

    said = words(await circle.say("ana", "/meeting format"))

    assert "Three-way, because 3 of you are here and 36 minutes are left." in said


async def test_a_choice_for_the_group_is_told_to_all_and_undone_by_anybody(
    database: Database,
) -> None:
    circle = await a_group(database)
    shown = await circle.say("ana", "/meeting format")

    answer = await circle.press("ana", shown, "Dilemma")

    assert "From the next case on you work by Dilemma." in words(answer)
    assert (await group(circle)).format_id == "consultancy"
    card = await circle.card("changed")
    assert "@ana chose Dilemma for the cases to come, instead of Six phases." in words(card)
    await circle.press("ben", card, "Undo")
    assert (await group(circle)).format_id is None
    assert "Undone by @ben" in words(await circle.card("changed"))
    again = await circle.say("ana", "/meeting format format: six phases")
    assert "nothing was changed" in words(again)


async def test_a_format_is_found_by_name_by_id_and_by_its_beginning(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database)

    for typed in ("Balint-style", "balint_style", "balint"):
        await circle.say("ana", f"/meeting format format: {typed}")
        assert (await group(circle)).format_id == "balint_style"
        await remember_group(circle, format_id=None)
    said = refused(await circle.say("ana", "/meeting format format: juggling"))
    assert "I know no format called juggling." in said
    said = refused(await circle.say("ana", "/meeting format format: written case"))
    assert "takes days, not minutes" in said
    offered = await circle.app.suggest(circle.request("ana"), "meeting format", "format", "star")
    assert "star" in [choice.value for choice in offered]
    assert (await group(circle)).format_id is None


async def test_a_format_that_is_no_longer_there_gives_way_to_the_default(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database)
    await remember_group(circle, format_id="a_lost_one")

    assert "Six phases is how you work now." in words(await circle.say("ana", "/meeting format"))


async def test_anybody_chooses_for_one_case_and_the_presenter_is_told_with_undo(
    database: Database,
) -> None:
    circle = await a_group(database)
    code = await brings(circle, "ana", "A stuck case")
    shown = await circle.say("ben", f"/meeting format case: {code}")
    assert f"“A stuck case” ({code}) goes by Six phases." in words(shown)

    answer = await circle.press("ben", shown, "Dilemma")

    assert "I tell whoever presents it." in words(answer)
    assert await chosen(circle) == "consultancy"
    assert (await group(circle)).format_id is None
    told = await circle.card("case-format")
    assert "@ben chose Dilemma for your case" in words(told)
    await circle.press("ana", told, "Undo")
    assert await chosen(circle) is None
    assert "undone or changed" in refused(await circle.press("ben", answer, "Undo"))


async def test_nobody_is_told_of_their_own_choice_and_a_case_that_is_over_keeps_its_format(
    sqlite_database: Database,
) -> None:
    circle = await a_group(sqlite_database)
    code = await brings(circle, "ana", "A stuck case")

    mine = await circle.say("ana", f"/meeting format format: star case: {code}")

    assert "I tell" not in words(mine)
    assert await circle.posts("case-format") == []
    await circle.say("ana", f"/case done case: {code}")
    said = refused(await circle.say("ben", f"/meeting format format: tuning case: {code}"))
    assert "was presented already" in said
    assert "was presented already" in refused(await circle.press("ana", mine, "Undo"))
    assert await chosen(circle) == "star"


async def chosen(circle: Circle, title: str = "A stuck case") -> str | None:
    """The format of a case."""
    case: Case = (await cases(circle))[title]
    return case.format_id
