"""A stage on which people act: the real bot, a clock that is set by hand, and what each sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from adapters.console.grammar import HOME, Action, Press, Submit, TranscriptError, Type, read_action
from bot.app import App
from bot.chat.replies import Answer, Form, OnCard, Refusal, Reply, Text, plain
from bot.chat.requests import Request
from bot.features import LASTING, PLANS, due_plans, next_moment, on_gone
from bot.store.outbox import Sent, Target
from bot.store.tables import Group, Space
from scheduler.deliver import Delivery
from scheduler.tick import Ticking
from scheduler.tries import Setting

PLATFORM = "console"
SPACE = "console"
Kind = Literal["reply", "post", "edit", "form"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that appeared: when, to whom, and what."""

    at: datetime
    to: str
    kind: Kind
    private: bool
    said: Reply | Form
    zone: str
    before: Reply | None = None
    """What stood there until this edit."""

    @property
    def text(self) -> str:
        """The words as they are read in the group's zone."""
        if isinstance(self.said, Form):
            heading: Text | None = Text("{title}", title=self.said.title)
            body = self.said.intro
        else:
            heading, body = self.said.title, self.said.text
        return "\n".join(plain(part, self.zone) for part in (heading, body) if part is not None)

    @property
    def buttons(self) -> list[str]:
        """The labels that can be pressed."""
        return [] if isinstance(self.said, Form) else [b.label for b in self.said.buttons]

    @property
    def fields(self) -> list[dict[str, str]]:
        """A card's fields, or a form's with what is filled in already."""
        if isinstance(self.said, Form):
            return [{"name": i.label, "value": i.value} for i in self.said.inputs]
        return [{"name": f.name, "value": plain(f.text, self.zone)} for f in self.said.fields]


@dataclass
class Message:
    """A message that stands somewhere, as it reads now."""

    to: str
    reply: Reply


class Stage:
    """The console as a chat platform: it sends nothing anywhere and forgets nothing."""

    def __init__(self, app: App, now: datetime, zone: str = "UTC") -> None:
        """Put the bot on a stage; people are in `zone` until they say otherwise."""
        self.app = app
        self.now = now
        self.zone = zone
        self.seen: list[Seen] = []
        self.messages: list[Message] = []
        self.forms: dict[str, Form] = {}
        self._asked = 0
        self.delivery = Delivery(
            Setting(
                app.database,
                app.commands,
                {PLATFORM: self},
                lambda: self.now,
                app.rng,
                on_gone=on_gone,
                formats=app.formats,
            )
        )
        self._ticking = Ticking(app.database, PLANS, lasting=LASTING, due=due_plans)
        app.reach = self.delivery.reach

    async def act(self, person: str, action: str | Action, channel: str = HOME) -> list[Seen]:
        """Somebody does something; give back all that appears because of it."""
        before = len(self.seen)
        deed = read_action(action) if isinstance(action, str) else action
        answer = await self._ask(self._request(person, channel), deed)
        await self._show(answer, person, channel)
        await self.settle()
        return self.seen[before:]

    async def step(self, by: timedelta) -> list[Seen]:
        """Let time pass, stopping at each moment at which something falls due."""
        before, goal = len(self.seen), self.now + by
        await self.settle()
        while (due := await self._next_moment()) is not None and self.now < due <= goal:
            self.now = due
            await self.settle()
        self.now = goal
        await self.settle()
        return self.seen[before:]

    async def settle(self) -> None:
        """Do what is due now; a post for another platform's people is left to that platform."""
        due = await self._next_moment()
        while due is not None and due <= self.now:
            await self._ticking.tick(self.now)
            await self.delivery.deliver_due(self.now)
            done, due = due, await self._next_moment()
            if due == done:
                return

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """The messenger's part: put a post where it belongs."""
        to = f"@{target.person}" if target.person else f"#{target.channel}"
        self.messages.append(Message(to, reply))
        self._note(to, "post", reply, target.zone)
        return Sent(to, str(len(self.messages) - 1))

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """The messenger's part: let a message say something else."""
        message = self.messages[int(sent.message)]
        if message.reply != reply:
            self._note(message.to, "edit", reply, target.zone, message.reply)
            message.reply = reply

    def _note(
        self, to: str, kind: Kind, said: Reply | Form, zone: str, before: Reply | None = None
    ) -> None:
        self.seen.append(Seen(self.now, to, kind, to.startswith("@"), said, zone, before))

    def _request(self, person: str, channel: str) -> Request:
        self._asked += 1
        return Request(
            id=f"{self._asked}-{self.now.timestamp()}",
            platform=PLATFORM,
            space=SPACE,
            channel=channel,
            person=person,
            now=self.now,
            zone=self.zone,
        )

    async def _ask(self, request: Request, action: Action) -> Answer:
        match action:
            case Type(root, text):
                return await self.app.typed(request, root, text)
            case Press(label):
                return await self._press(request, label)
            case Submit(values):
                return await self._submit(request, dict(values))

    async def _press(self, request: Request, label: str) -> Answer:
        for message in reversed(self._visible_to(request.person)):
            for button in message.reply.buttons:
                if button.label == label:
                    return await self.app.press(request, button.action)
        return Refusal(Reply(Text("There is no button {label} that you can see.", label=label)))

    async def _submit(self, request: Request, values: dict[str, str]) -> Answer:
        form = self.forms.get(request.person)
        if form is None:
            return Refusal(Reply(Text("You have no form open.")))
        names = {i.label: i.name for i in form.inputs}
        if unknown := next((label for label in values if label not in names), None):
            raise TranscriptError(
                f"the form has no field {unknown!r}; expected one of: {', '.join(names)}"
            )
        given = {i.name: i.value for i in form.inputs}
        given |= {names[label]: value for label, value in values.items()}
        answer = await self.app.submit(request, form.action, given)
        if isinstance(answer, Refusal):
            inputs = tuple(replace(i, value=given[i.name]) for i in form.inputs)
            self.forms[request.person] = replace(form, inputs=inputs)
        else:
            del self.forms[request.person]
        return answer

    def _visible_to(self, person: str) -> list[Message]:
        return [m for m in self.messages if m.to.startswith("#") or m.to == f"@{person}"]

    async def _show(self, answer: Answer, person: str, channel: str) -> None:
        if answer is None or isinstance(answer, OnCard):
            return
        zone = await self._zone_of(channel)
        if isinstance(answer, Form):
            self.forms[person] = answer
            self._note(f"@{person}", "form", answer, zone)
            return
        reply = answer.reply if isinstance(answer, Refusal) else answer
        self.messages.append(Message(f"@{person}", replace(reply)))
        self._note(f"@{person}", "reply", reply, zone)

    async def _zone_of(self, channel: str) -> str:
        async with self.app.database.reading() as session:
            zone = await session.scalar(
                select(Group.zone)
                .join(Space, Space.id == Group.space_id)
                .where(Space.platform == PLATFORM, Group.state != "closed")
                .order_by(Group.channel != channel, Group.id)
                .limit(1)
            )
        return zone or self.zone

    async def _next_moment(self) -> datetime | None:
        async with self.app.database.reading() as session:
            return await next_moment(session)
