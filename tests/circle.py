"""A group that is already there, for tests of what its members do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select, update

from bot.app import App
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Form, Refusal, Reply, Text, plain
from bot.chat.requests import Request
from bot.queue.finding import CONFIRM
from bot.speech import Spoken, Unwanted, speak
from bot.store.database import Database
from bot.store.tables import Group, Meeting, Member, Person, Post, Rsvp, Space

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLATFORM = "console"
SPACE = "clinic"
NAMES = ("ana", "ben", "chloe")


@dataclass
class Circle:
    """A group of people who ask and press, and what they are answered."""

    database: Database
    app: App
    names: tuple[str, ...]
    group_id: int = 0
    now: datetime = NOW
    members: dict[str, int] = field(default_factory=dict)
    _asked: int = 0

    def request(self, person: str, channel: str | None = "table") -> Request:
        """Somebody asks something now."""
        self._asked += 1
        return Request(f"r{self._asked}", PLATFORM, SPACE, channel, person, self.now)

    async def say(self, person: str, typed: str, channel: str | None = "table") -> Answer:
        """Somebody types a command; a case of theirs they confirm at once."""
        answer = await self.types(person, typed, channel)
        if CONFIRM in labels(answer) and typed.startswith("/case add"):
            return await self.press(person, answer, CONFIRM)
        return answer

    async def types(self, person: str, typed: str, channel: str | None = "table") -> Answer:
        """Somebody types a command, and no more."""
        root, _, rest = typed.removeprefix("/").partition(" ")
        return await self.app.typed(self.request(person, channel), root, rest)

    async def press(self, person: str, shown: Answer, label: str) -> Answer:
        """Somebody presses a button of what is shown to them."""
        return await self.app.press(self.request(person), action_of(shown, label))

    async def posts(self, kind: str) -> list[Post]:
        """The posts of one kind, oldest first."""
        async with self.database.reading() as session:
            found = await session.scalars(
                select(Post)
                .where(Post.group_id == self.group_id, Post.kind == kind)
                .order_by(Post.id)
            )
            return list(found)

    async def card(self, kind: str) -> Reply:
        """What the newest post of this kind says now."""
        post = (await self.posts(kind))[-1]
        async with self.database.reading() as session:
            spoken = await speak(self.app.commands, session, post, self.now, self.app.formats)
        assert isinstance(spoken, Spoken), spoken
        return spoken.reply

    async def unwanted(self, kind: str) -> Unwanted:
        """Why nobody wants the newest post of this kind any more."""
        post = (await self.posts(kind))[-1]
        async with self.database.reading() as session:
            spoken = await speak(self.app.commands, session, post, self.now, self.app.formats)
        assert isinstance(spoken, Unwanted), spoken
        return spoken

    async def mark_sent(self) -> None:
        """Every open post has arrived."""
        async with self.database.writing() as session:
            for post in await session.scalars(
                select(Post).where(Post.group_id == self.group_id, Post.state == "open")
            ):
                post.state, post.channel, post.message = "sent", "table", f"m{post.id}"

    async def meeting(self, in_days: int, state: str = "planned") -> int:
        """Write down a meeting at 18:00 UTC."""
        day = self.now.date() + timedelta(days=in_days)
        async with self.database.writing() as session:
            meeting = Meeting(
                space_id=1,
                group_id=self.group_id,
                day=day,
                starts_at=datetime.combine(day, time(18), UTC),
                minutes=90,
                state=state,
            )
            session.add(meeting)
            await session.flush()
            if state == "begun":
                group = await session.get_one(Group, self.group_id)
                group.live_id = meeting.id
            return meeting.id

    async def answers(self, meeting: int) -> dict[str, str | None]:
        """Who said what about a meeting."""
        async with self.database.reading() as session:
            rows = await session.execute(
                select(Member.ref, Rsvp.answer)
                .join(Member, Member.id == Rsvp.member_id)
                .where(Rsvp.group_id == self.group_id, Rsvp.meeting_id == meeting)
            )
            return dict(rows.all())

    async def answer(self, name: str, meeting: int, answer: str | None, seen: bool = False) -> None:
        """Write down what somebody said about a meeting."""
        async with self.database.writing() as session:
            session.add(
                Rsvp(
                    space_id=1,
                    group_id=self.group_id,
                    meeting_id=meeting,
                    member_id=self.members[name],
                    answer=answer,
                    seen=seen,
                )
            )

    async def change_answer(self, name: str, meeting: int, answer: str) -> None:
        """Somebody says something else about a meeting."""
        async with self.database.writing() as session:
            await session.execute(
                update(Rsvp)
                .where(
                    Rsvp.group_id == self.group_id,
                    Rsvp.meeting_id == meeting,
                    Rsvp.member_id == self.members[name],
                )
                .values(answer=answer, for_away=False)
            )

    async def change_member(self, name: str, **values: object) -> None:
        """Make a member's row say this."""
        async with self.database.writing() as session:
            await session.execute(
                update(Member)
                .where(Member.group_id == self.group_id, Member.id == self.members[name])
                .values(**values)
            )

    async def member(self, name: str) -> Member:
        """A member's row as it is now."""
        async with self.database.reading() as session:
            return (
                await session.scalars(
                    select(Member).where(
                        Member.group_id == self.group_id, Member.id == self.members[name]
                    )
                )
            ).one()


async def a_circle(
    database: Database, commands: Commands, *names: str, group: str = "Tuesday circle"
) -> Circle:
    """A group in #table whose members joined in the order of their names."""
    circle = Circle(database, App(database, Random(7), commands), names or NAMES)
    async with database.writing() as session:
        space = Space(platform=PLATFORM, ref=SPACE)
        session.add(space)
        await session.flush()
        row = new_group(space.id, "table", group)
        session.add(row)
        await session.flush()
        circle.group_id = row.id
        for place, name in enumerate(circle.names):
            person = Person(space_id=space.id, ref=name)
            session.add(person)
            await session.flush()
            member = new_member(row, person, place)
            session.add(member)
            await session.flush()
            circle.members[name] = member.id
    return circle


def new_group(space_id: int, channel: str, name: str) -> Group:
    """A group's row with the usual settings."""
    return Group(
        space_id=space_id,
        channel=channel,
        name=name,
        every="2 weeks",
        weekday=1,
        time=time(18),
        zone="UTC",
        first=date(2026, 3, 10),
        seed=7,
        created_at=NOW - timedelta(days=30),
    )


def new_member(group: Group, person: Person, place: int) -> Member:
    """A member's row; `place` counts in the order of joining."""
    return Member(
        space_id=group.space_id,
        group_id=group.id,
        person_id=person.id,
        ref=person.ref,
        joined_at=NOW - timedelta(days=20 - place),
        draw=place / 100,
    )


def words(answer: Answer) -> str:
    """All that an answer says."""
    if isinstance(answer, Refusal):
        return words(answer.reply)
    assert isinstance(answer, Reply), answer
    fields = [f"{field.name}: {plain(field.text)}" for field in answer.fields]
    return "\n".join([*(plain(part) for part in _parts(answer)), *fields])


def _parts(reply: Reply) -> list[Text]:
    return [part for part in (reply.title, reply.text) if part is not None]


def labels(answer: Answer) -> list[str]:
    """The buttons of an answer."""
    if isinstance(answer, Refusal):
        return labels(answer.reply)
    return [button.label for button in answer.buttons] if isinstance(answer, Reply) else []


def filled(answer: Answer) -> dict[str, str]:
    """What stands in a form."""
    assert isinstance(answer, Form), answer
    return {field.name: field.value for field in answer.inputs}


def action_of(shown: Answer, label: str) -> str:
    """What a button stands for."""
    reply = shown.reply if isinstance(shown, Refusal) else shown
    assert isinstance(reply, Reply), shown
    return next(button.action for button in reply.buttons if button.label == label)
