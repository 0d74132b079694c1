"""The conversation on Slack: the real library, and a reader of its blocks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.console.grammar import Deed, Press, Submit, Type
from adapters.slack.client import Slack
from bot.store.database import Database
from tests.fakes.slack import FakeSlack, Message, Seen, View
from tests.fakes.slack.desk import config
from tests.fakes.slack.state import buttons_of
from tests.parity.appeared import ZONE, Appeared, Blank, Style, lines, time_shown
from tests.parity.played import Played, Time

Json = dict[str, Any]

PREFIX = "peer-"
ROOTS = "group|meeting|case|turn|my|rounds"
COMMAND = re.compile(rf"(?<![\w/.-])/(?P<prefix>{PREFIX})?(?=({ROOTS})\b)")
STYLES: dict[str, Style] = {
    "{date_long_pretty} at {time}": "full",
    "{date_long_pretty}": "date",
    "{time}": "time",
}


class OnSlack(Played):
    """The whole bot on the fake Slack, with a prefix before its commands."""

    platform = "slack"

    def __init__(self, database: Database, time: Time, fake: FakeSlack) -> None:
        """Nobody is there yet: people come when they first do something."""
        super().__init__(database, time)
        self.fake = fake
        self.adapter: Slack | None = None
        self.people: dict[str, str] = {}
        self.forms: dict[str, View] = {}
        self._refused: dict[str, dict[str, str]] = {}
        self._calls = self._private = self._sent = self._replaced = 0

    def person(self, name: str) -> str:
        """Somebody by their name."""
        if name not in self.people:
            self.people[name] = self.fake.add_user(name, tz=ZONE)
            for channel in self.fake.channels.values():
                if channel.dm_with is None:
                    channel.members.add(self.people[name])
        return self.people[name]

    def channel(self, name: str) -> str:
        """A channel by its name."""
        found = next((c.id for c in self.fake.channels.values() if c.name == name), None)
        return found or self.fake.add_channel(name, *self.people.values())

    async def act(self, deed: Deed) -> None:
        """Type, press or submit, and note the answer."""
        if deed.action == Press("Change it") and deed.person in self._refused:
            # The form never went away: what was written is still in it.
            self.play.note(self._form(self.forms[deed.person], self._refused[deed.person]))
            return
        seen = await self._do(deed)
        assert seen.failed is None, f"{deed}: {seen.failed}"
        await self._quiet()
        self._look_private()
        if seen.errors:
            words = lines([_prefixed(text) for text in seen.errors.values()])
            self.play.note(Appeared(f"@{deed.person}", "reply", words, ("Change it",)))
        elif seen.view is not None and seen.view.open:
            self.forms[deed.person] = seen.view
            self.play.note(self._form(seen.view, {}))

    async def four_times(self, deed: Deed) -> None:
        """Slack sends again what it thinks was lost."""
        seen = await self._do(deed)
        kind = "slash_commands" if isinstance(deed.action, Type) else "interactive"
        user = self.person(deed.person)
        again = [self.fake.send(kind, seen.payload, user) for _ in range(3)]
        await asyncio.gather(*again)
        await self._quiet()
        self._look_private()

    async def _do(self, deed: Deed) -> Seen:
        user = self.person(deed.person)
        match deed.action:
            case Type(root, text):
                typed = re.sub(r"@(\w+)", lambda found: self._typed(found[1]), text)
                where = self.channel(deed.channel)
                return await self.fake.slash(user, f"/{PREFIX}{root}", typed, channel=where)
            case Press(label):
                return await self.fake.press(user, self._newest(user, label), label)
            case Submit(values):
                before = self._refused.pop(deed.person, {})
                given = before | {label: self._written(value) for label, value in values}
                seen = await self.fake.submit(user, self.forms[deed.person], given)
                if seen.errors:
                    self._refused[deed.person] = given
                return seen

    async def _quiet(self) -> None:
        """Wait until the adapter has nothing under way."""
        assert self.adapter is not None
        async with asyncio.timeout(20):
            while self.adapter._work:
                await asyncio.wait(set(self.adapter._work))

    def _typed(self, name: str) -> str:
        return f"<@{self.people[name]}|{name}>" if name in self.people else f"@{name}"

    def _written(self, value: str) -> str:
        return self.people.get(value[1:], value) if value.startswith("@") else value

    def _newest(self, user: str, label: str) -> Message:
        dm = self.fake.dm_of(user).id
        public = [m for m in self.fake.all_messages if m.channel[0] == "C" or m.channel == dm]
        shown = public + [m for m in self.fake.private if m.to == user]
        able = [message for message in shown if label in message.labels]
        assert able, f"there is no button {label!r} that {user} can see"
        return max(able, key=lambda message: message.ts)

    def _look_private(self) -> None:
        for message in self.fake.private[self._private :]:
            to = f"@{self.fake.users[str(message.to)].name}"
            self.play.note(self._message(to, "reply", message.blocks))
        self._private = len(self.fake.private)
        for card, body in self.fake.replaced[self._replaced :]:
            self.play.note(
                self._message(self._place(card.channel), "edit", body["blocks"]), card.ts
            )
        self._replaced = len(self.fake.replaced)

    def look(self) -> None:
        """Read what the bot posted and edited since the last look."""
        for call in self.fake.calls[self._calls :]:
            assert call.error is None, call
            if call.method == "chat.postMessage":
                made = self.fake.all_messages[self._sent]
                self._sent += 1
                shown = self._message(self._place(made.channel), "post", call.args["blocks"])
                self.play.note(shown, made.ts)
            elif call.method == "chat.update":
                place = self._place(call.args["channel"])
                shown = self._message(place, "edit", call.args["blocks"])
                self.play.note(shown, call.args["ts"])
        self._calls = len(self.fake.calls)

    def _place(self, channel: str) -> str:
        found = self.fake.channels[channel]
        return f"@{self.fake.users[found.dm_with].name}" if found.dm_with else f"#{found.name}"

    def _message(self, to: str, kind: Any, blocks: list[Json]) -> Appeared:
        people = {e["user_id"] for block in blocks for e in _elements(block) if e["type"] == "user"}
        calls = set() if kind == "reply" else {self.fake.users[ref].name for ref in people}
        shown = [block for block in blocks if not _only_calls(block)]
        words = lines(self._words(block) for block in shown)
        buttons = tuple(button["text"]["text"] for button in buttons_of(blocks))
        return Appeared(to, kind, words, buttons, calls=frozenset(calls))

    def _form(self, view: View, given: dict[str, str]) -> Appeared:
        to = f"@{self.fake.users[view.user].name}"
        intro = [self._words(block) for block in view.blocks if block["type"] != "input"]
        title = [] if view.title.endswith("…") else [view.title]
        blanks = [self._blank(b, view, given) for b in view.blocks if b["type"] == "input"]
        return Appeared(to, "form", lines([*title, *intro]), blanks=tuple(blanks))

    def _blank(self, block: Json, view: View, given: dict[str, str]) -> Blank:
        label = block["label"]["text"]
        value = given.get(label, view.fields[label])
        if value in self.fake.users:
            value = f"@{self.fake.users[value].name}"
        options = block["element"].get("options") or []
        choices = tuple(option["text"]["text"] for option in options)
        return Blank(label, value, block.get("hint", {}).get("text", ""), choices)

    def _words(self, block: Json) -> str:
        if block["type"] == "header":
            return _prefixed(block["text"]["text"])
        return _prefixed("".join(self._plain(element) for element in _elements(block)))

    def _plain(self, element: Json) -> str:
        match element["type"]:
            case "user":
                return f"@{self.fake.users[element['user_id']].name}"
            case "channel":
                return f"#{self.fake.channels[element['channel_id']].name}"
            case "date":
                return time_shown(element["timestamp"], STYLES[element["format"]])
            case "link":
                return str(element["url"])
            case _:
                return str(element["text"])


def _prefixed(words: str) -> str:
    """Commands without their prefix; one that lacks it is made to stand out."""
    return COMMAND.sub(lambda found: "/" if found["prefix"] else "/without-its-prefix-", words)


def _elements(block: Json) -> Iterator[Json]:
    if block["type"] == "rich_text":
        for section in block["elements"]:
            yield from section["elements"]


def _only_calls(block: Json) -> bool:
    """People who are called and not named in the words stand in a block of their own."""
    found = list(_elements(block))
    people = [element for element in found if element["type"] == "user"]
    return bool(people) and all(
        element["type"] == "user" or not element.get("text", "x").strip() for element in found
    )


@asynccontextmanager
async def on_slack(database: Database) -> AsyncIterator[OnSlack]:
    """The bot on a Slack of its own."""
    time = Time()
    async with FakeSlack(ack_deadline=20.0) as fake:
        played = OnSlack(database, time, fake)
        async with Slack(config(fake, prefix=PREFIX), played.app, time.now) as bot:
            played.adapter = bot
            played.messengers["slack"] = bot.messenger
            await fake.until(lambda: fake.sockets.open)
            yield played
