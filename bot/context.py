"""What a feature is handed: the person, the group, the time, and one open transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from random import Random
from typing import Literal
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import LONGEST_ACTION, Commands, action_id
from bot.chat.replies import Answer, Button, CommandName, Form, Reply, Text
from bot.chat.requests import Request
from bot.errors import NotFound
from bot.formats.model import Formats
from bot.store.outbox import Draft, Room, enqueue, refresh
from bot.store.tables import Case, Group, Member, Person, Post, Space

DRAFTS = 500
"""How many half-filled forms are kept, in memory only: they hold what people wrote."""


LONGEST_DRAFT = 4000
"""Characters of one field: no form takes more on any platform."""


class Drafts:
    """What was written in forms that are not done, so that nobody must write it twice."""

    def __init__(self, rng: Random, words: Container[str] = ()) -> None:
        """Keep the newest few hundred; `words` are the options that hold a person's own words."""
        self._rng, self._words = rng, words
        self._kept: dict[str, dict[str, str]] = {}
        self._decided: dict[bytes, None] = {}

    @property
    def kept(self) -> Iterable[dict[str, str]]:
        """What is kept now."""
        return self._kept.values()

    def keep(self, values: dict[str, str], longest: int | None = LONGEST_DRAFT) -> str:
        """A short token for these values, each cut to what a form can hold; ours may be longer."""
        token = f"~{self._rng.getrandbits(60):x}"
        self._kept[token] = {name: value[:longest] for name, value in values.items()}
        while len(self._kept) > DRAFTS:
            del self._kept[next(iter(self._kept))]
        return token

    def carry(self, room: int, values: dict[str, str]) -> str:
        """The values as part of an action's id, or a token where they do not fit.

        A platform keeps the id of what it shows, so words of a person's own are never in one.
        """
        if any(value and name in self._words for name, value in values.items()):
            return self.keep(values)
        # Half of a letter, as JSON can hold it, is refused wherever it is read; here it may go.
        spelled = urlencode(values, errors="replace")
        return spelled if len(spelled) <= room else self.keep(values)

    def decide(self, request: Request, text: str) -> None:
        """Remember that this person may write exactly this text: it names nobody, they say."""
        self._decided[_mark(request, text)] = None
        while len(self._decided) > DRAFTS:
            del self._decided[next(iter(self._decided))]

    def is_decided(self, request: Request, text: str) -> bool:
        """Whether this person has decided so, not long ago."""
        return _mark(request, text) in self._decided

    def read(self, carried: str) -> dict[str, str]:
        """The values again; nothing where they were only kept by an earlier process."""
        if carried.startswith("~"):
            return dict(self._kept.get(carried, {}))
        return dict(parse_qsl(carried, keep_blank_values=True))


def _mark(request: Request, text: str) -> bytes:
    """Stands for one person's text, so that the text itself need not be kept."""
    whole = f"{request.platform}:{request.space}:{request.person}\0{text}"
    return blake2b(whole.encode("utf-8", "replace"), digest_size=16).digest()


Touch = Callable[[AsyncSession, Group, Member, datetime], Awaitable[None]]
"""What a feature does, in the same transaction, when something happens to a member."""

Planning = Callable[[AsyncSession, Group, datetime], Awaitable[None]]
"""What a feature does, in the same transaction, when a group's schedule changes."""


@dataclass(frozen=True)
class Events:
    """What one feature causes in others, called in order; features do not know each other."""

    joined: tuple[Touch, ...] = ()
    """A member has become active."""
    left: tuple[Touch, ...] = ()
    """A member has left or was removed."""
    absent: tuple[Touch, ...] = ()
    """A member has said that they are away, or not going to the next meeting."""
    gone: tuple[Touch, ...] = ()
    """A member is to leave the group or its waiting list, whatever they are in it."""
    rescheduled: tuple[Planning, ...] = ()
    """The schedule was set, changed, paused or resumed."""
    withdrawing: tuple[Callable[[Context, Case], Awaitable[None]], ...] = ()
    """A case is to be withdrawn; a `Conflict` if that cannot be now."""
    reformatted: tuple[Callable[[Context, Case | None], Awaitable[None]], ...] = ()
    """Another format was chosen: for a case, or for the group; a `Conflict` if it is too late."""
    turn: Callable[[Context, str], Awaitable[Answer]] | None = None
    """What a typed step of the turn does where no speaking round runs; `None`: nothing either."""


@dataclass
class MustReach:
    """A post that must reach its channel, or what was just done is taken back."""

    key: str
    otherwise: Text
    undo: Callable[[AsyncSession], Awaitable[None]]


@dataclass
class Context:
    """One request being carried out, in one transaction."""

    session: AsyncSession
    request: Request
    rng: Random
    commands: Commands
    drafts: Drafts
    events: Events
    formats: Formats
    space: Space
    person: Person
    found_group: Group | None = None
    found_member: Member | None = None
    must_reach: MustReach | None = field(default=None)

    @property
    def now(self) -> datetime:
        """When it was asked."""
        return self.request.now

    @property
    def group(self) -> Group:
        """The group it is about."""
        if self.found_group is None:
            raise NotFound(NO_GROUP)
        return self.found_group

    @property
    def member(self) -> Member:
        """The member who asked."""
        if self.found_member is None:
            raise NotFound(NO_GROUP)
        return self.found_member

    @property
    def zone(self) -> str:
        """The zone the person reads times in: their own, else the platform's, else the group's."""
        group = self.found_group.zone if self.found_group else "UTC"
        return self.person.zone or self.person.platform_zone or self.request.zone or group

    @property
    def today(self) -> date:
        """The date where the person is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def group_number(self) -> int:
        """The group's number for buttons, 0 where there is none."""
        return self.found_group.id if self.found_group else 0

    def button(
        self,
        label: str,
        action: str,
        *arguments: int | str,
        style: Literal["primary", "secondary", "danger"] = "secondary",
    ) -> Button:
        """A button that carries its group."""
        return Button(label, action_id(action, self.group_number, *arguments), style)

    def command_button(
        self,
        label: str,
        command: str,
        style: Literal["primary", "secondary", "danger"] = "secondary",
        **given: str,
    ) -> Button:
        """A button that does what typing the command with these options would."""
        return Button(label, self.command_action("do", command, given), style)

    def form(self, command: str, values: dict[str, str], at: str | None = None) -> Form:
        """The command's form (the one with the option `at`) filled with `values`.

        What has no field there is carried along.
        """
        declared = self.commands.commands[command]
        fields = declared.fields(at)
        carried = {name: value for name, value in values.items() if name not in fields}
        return declared.as_form(self.command_action("form", command, carried), values, at)

    def may_stay(self, *texts: str) -> None:
        """What is kept already is not asked about again, where a form shows it to be changed."""
        for text in texts:
            self.drafts.decide(self.request, text)

    def command_action(self, verb: str, command: str, given: dict[str, str]) -> str:
        """The id of what is done with a command: `do` it, send its `form`, or `edit` it again."""
        start = action_id(verb, self.group_number, command)
        carried = self.drafts.carry(LONGEST_ACTION - len(start) - 1, given)
        return f"{start}:{carried}"

    async def happened(self, touches: tuple[Touch, ...], member: Member) -> None:
        """Let every feature that an event touches do its part: `happened(events.left, member)`."""
        for touch in touches:
            await touch(self.session, self.group, member, self.now)

    async def reformatted(self, case: Case | None) -> None:
        """Let every feature follow another format, of one case or of the group."""
        for follow in self.events.reformatted:
            await follow(self, case)

    async def replan(self) -> None:
        """Let every feature follow a change of the group's schedule."""
        for plan in self.events.rescheduled:
            await plan(self.session, self.group, self.now)

    async def enqueue(self, *drafts: Draft) -> None:
        """Write posts for the group."""
        await enqueue(self.session, self.group, *drafts)

    async def refresh(self, key: str) -> None:
        """Have the group's message with this key edited to what is true now."""
        await refresh(self.session, self.group, self.now, Post.key == key)


NO_GROUP = Text(
    "There is no group of yours here. Start one in this channel with {start}, "
    "or ask where yours meets.",
    start=CommandName("group start"),
)


@dataclass(frozen=True)
class Later:
    """Not now: a post whose reader is not to be disturbed before `at`."""

    at: datetime


@dataclass
class Composing:
    """One post about to be sent: its words are made from what is true now."""

    session: AsyncSession
    post: Post
    group: Group
    space: Space
    now: datetime
    formats: Formats
    member: Member | None = None
    person: Person | None = None

    @property
    def late(self) -> bool:
        """Whether it comes noticeably after its time, because the bot was away."""
        return self.post.message is None and (self.now - self.post.due_at).total_seconds() > 120

    def button(
        self,
        label: str,
        action: str,
        *arguments: int | str,
        style: Literal["primary", "secondary", "danger"] = "secondary",
    ) -> Button:
        """A button that carries its group."""
        return Button(label, action_id(action, self.group.id, *arguments), style)

    def command_button(
        self,
        label: str,
        command: str,
        style: Literal["primary", "secondary", "danger"] = "secondary",
        **given: str,
    ) -> Button:
        """A button that does what typing the command with these options would."""
        action = action_id("do", self.group.id, command) + f":{urlencode(given)}"
        return Button(label, action, style)


@dataclass(frozen=True)
class InRoom:
    """Words that are said in a room beside the group's channel."""

    reply: Reply
    room: Room


Composed = Reply | InRoom | Later | None
"""What a composer gives: the words, a better time, or `None` when it is no longer wanted."""
