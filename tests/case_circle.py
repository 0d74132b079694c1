"""A group with a queue, for tests of what its members do with cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event, select

from bot.cases import commands, hearing, looking, swapping
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Form, Refusal, Reply
from bot.queue.finding import CONFIRM
from bot.queue.presenting import fix_agenda, mark_meeting_over, mark_presented
from bot.store.database import Database
from bot.store.outbox import Draft, enqueue
from bot.store.tables import Case, Group, Meeting, Member, Person, Post
from tests.circle import Circle, a_circle, labels, new_group, new_member, words

CASES = Commands()
for part in (commands, looking, hearing, swapping):
    CASES.include(part.COMMANDS)


async def a_queue(database: Database, *names: str) -> Circle:
    """A group whose members bring cases; its next meeting is in a week."""
    circle = await a_circle(database, CASES, *names)
    await circle.meeting(8)
    return circle


async def a_queue_elsewhere(circle: Circle) -> Circle:
    """Another group of the same space, in #elsewhere, with ana as its member."""
    async with circle.database.writing() as session:
        group = new_group(1, "elsewhere", "Friday circle")
        session.add(group)
        await session.flush()
        session.add(new_member(group, await session.get_one(Person, 1), 0))
        return replace(circle, group_id=group.id)


async def brings(circle: Circle, name: str, title: str, more: str = "") -> str:
    """Somebody brings a case; give its code."""
    answer = await circle.say(name, f"/case add title: {title} {more}")
    assert isinstance(answer, Reply), words(answer)
    return code_in(answer)


def code_in(answer: Answer) -> str:
    """The first code an answer names."""
    found = re.search(r"\(([0-9A-Z]{4})\)", words(answer))
    assert found is not None, words(answer)
    return found[1]


async def submit(circle: Circle, name: str, form: Answer, **written: str) -> Answer:
    """Somebody sends the form they see, with these fields written over."""
    assert isinstance(form, Form), words(form)
    values = {field.name: field.value for field in form.inputs} | written
    answer = await circle.app.submit(circle.request(name), form.action, values)
    confirms = CONFIRM in labels(answer)
    return await circle.press(name, answer, CONFIRM) if confirms else answer


def refused(answer: Answer) -> str:
    """What a refusal says."""
    assert isinstance(answer, Refusal), answer
    return words(answer)


async def cases(circle: Circle) -> dict[str, Case]:
    """All cases of the group by their titles."""
    async with circle.database.reading() as session:
        found = await session.scalars(select(Case).where(Case.group_id == circle.group_id))
        return {case.title: case for case in found}


async def order(circle: Circle, name: str = "ana") -> list[str]:
    """The titles of the queue from the front, as it is shown."""
    shown = words(await circle.say(name, "/case queue"))
    return re.findall(r"^\d+\. .*?“(.*?)”", shown, re.M)


async def hold(circle: Circle, meeting: int, *heard: str) -> None:
    """Hold a meeting in which these cases, by title, were heard."""
    async with circle.database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        row = (
            await session.scalars(
                select(Meeting).where(Meeting.group_id == group.id, Meeting.id == meeting)
            )
        ).one()
        group.held += 1
        row.state, row.begun_at, row.number = "begun", circle.now, group.held
        made = await fix_agenda(session, group, row)
        for position, place in enumerate(made.places):
            if place.case.title in heard:
                at = (group.held, position)
                await mark_presented(session, group, place.case, place.member, at)
        row.state, row.ended_at = "ended", circle.now
        await mark_meeting_over(session, group, row)


async def begin(circle: Circle, meeting: int) -> None:
    """Let a meeting begin and run."""
    async with circle.database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        row = (
            await session.scalars(
                select(Meeting).where(Meeting.group_id == group.id, Meeting.id == meeting)
            )
        ).one()
        group.held += 1
        group.live_id = row.id
        row.state, row.begun_at, row.number = "begun", circle.now, group.held
        await fix_agenda(session, group, row)


async def a_sent_card(circle: Circle, meeting: int, kind: str = "call") -> None:
    """A card about a meeting that stands in the group's channel."""
    async with circle.database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        await enqueue(
            session, group, Draft(f"meeting:{meeting}:{kind}", kind, circle.now, meeting_id=meeting)
        )
        for post in await session.scalars(
            select(Post).where(Post.group_id == group.id, Post.kind == kind)
        ):
            post.state, post.channel, post.message = "sent", "table", f"m{post.id}"


async def remember(circle: Circle, name: str, **what: object) -> None:
    """Let something be true of a member."""
    async with circle.database.writing() as session:
        member = (
            await session.scalars(
                select(Member).where(
                    Member.group_id == circle.group_id, Member.id == circle.members[name]
                )
            )
        ).one()
        for field, value in what.items():
            setattr(member, field, value)


async def remember_group(circle: Circle, **what: object) -> None:
    """Let something be true of the group."""
    async with circle.database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        for field, value in what.items():
            setattr(group, field, value)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, beginnings and endings left out."""
    asked: list[str] = []
    engine = database.writer.sync_engine

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
