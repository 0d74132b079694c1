"""The conversation on Discord: the real library, and a reader of its payloads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from adapters.console.grammar import Deed, Press, Submit, Type
from adapters.discord.client import Discord
from bot.chat.options import Option
from bot.chat.typed import read_command
from bot.store.database import Database
from tests.discord_running import settings
from tests.fakes.discord import Channel, FakeDiscord, Interaction, Limits, Message, Modal, User
from tests.fakes.discord.clock import Clock
from tests.parity.appeared import Appeared, Blank, lines, time_shown
from tests.parity.played import Played, Time

Json = dict[str, Any]

MARKED = re.compile(
    r"\\(?P<letter>.)|<@(?P<person>\d+)>|<#(?P<channel>\d+)>|\*\*"
    r"|<t:(?P<full>\d+):F> \(<t:(?P=full):R>\)|<t:(?P<date>\d+):D>|<t:(?P<time>\d+):t>"
    r"|<t:(?P<left>\d+):R>"
    r"|</(?P<command>[^:>]+):\d+>|<(?P<link>https?://[^>]+)>"
)
CALLBACK = re.compile(r"/interactions/\d+/(?P<token>\w+)/callback")
LATER = re.compile(r"/webhooks/\d+/(?P<token>\w+)(/messages/@original)?")
POST = re.compile(r"/channels/(?P<channel>\d+)/messages")
EDIT = re.compile(r"/channels/(?P<channel>\d+)/messages/(?P<message>\d+)")
ANSWER, REPLACED, FORM, USER = 4, 7, 9, 5


class StandingClock(Clock):
    """A Discord whose time is the test's."""

    def __init__(self, time: Time) -> None:
        """Show that time."""
        self._time = time

    def now(self) -> datetime:
        """The instant this Discord believes it is."""
        return self._time.at


class OnDiscord(Played):
    """The whole bot on the fake Discord."""

    platform = "discord"

    def __init__(self, database: Database, time: Time, fake: FakeDiscord) -> None:
        """Nobody is there yet: people come when they first do something."""
        super().__init__(database, time)
        self.fake = fake
        self.people: dict[str, User] = {}
        self.forms: dict[str, Modal] = {}
        self._private: list[Message] = []
        self._read = 0
        self._sent = 0

    def person(self, name: str) -> User:
        """Somebody by their name."""
        if name not in self.people:
            self.people[name] = self.fake.person(name)
        return self.people[name]

    def channel(self, name: str) -> Channel:
        """A channel by its name."""
        known = self.fake.state.channels.values()
        found = next((c for c in known if c.name == name and c.guild is not None), None)
        return found or self.fake.new_channel(name)

    async def act(self, deed: Deed) -> None:
        """Type, press or submit, and wait for the answer."""
        made = await self._do(deed)
        await self.fake.until(lambda: _answered(made), f"an answer to {deed}")
        self.look()
        self._private += [m for m in made.messages if m.private_to is not None]
        if made.modal is not None:
            self.forms[deed.person] = made.modal

    async def four_times(self, deed: Deed) -> None:
        """Discord tells every connection of everything; here one hears it again and again."""
        made = await self._do(deed)
        for _ in range(3):
            await self.fake.again(made)
        await self.fake.until(lambda: _answered(made), f"an answer to {deed}")
        # What comes after them is answered after them.
        await self.act(Deed(deed.person, deed.channel, Type("rounds", "about")))

    async def _do(self, deed: Deed) -> Interaction:
        user = self.person(deed.person)
        match deed.action:
            case Type(root, text):
                command, given = read_command(self.app.commands, root, text)
                values = {name: self._option(command.option(name), v) for name, v in given.items()}
                where = self.channel(deed.channel)
                return await self.fake.send_slash(user, command.name, values, channel=where)
            case Press(label):
                return await self.fake.send_press(user, self._newest(user, label), label)
            case Submit(values):
                form = self.forms.pop(deed.person)
                typed = {label: self._written(value) for label, value in values}
                return await self.fake.send_form(user, form, typed)

    def _option(self, option: Option, typed: str) -> str | int | User:
        if option.kind == "person":
            return self.person(typed.removeprefix("@"))
        return int(typed) if option.kind == "number" else typed

    def _written(self, value: str) -> str:
        known = value.startswith("@") and value[1:] in self.people
        return self.people[value[1:]].id if known else value

    def _newest(self, user: User, label: str) -> Message:
        known = self.fake.state.messages.values()
        shown = [m for m in known if m.channel.guild is not None and m.channel.shows(user)]
        shown += self.fake.dms(user) + [m for m in self._private if m.private_to is user]
        able = [m for m in shown if label in m.buttons]
        assert able, f"there is no button {label!r} that {user.name} can see"
        return max(able, key=lambda message: int(message.id))

    def look(self) -> None:
        """Read what the bot asked of Discord since the last look."""
        asked = self.fake.state.requests[self._read :]
        self._read += len(asked)
        for method, path, body in asked:
            if isinstance(body, dict):
                self._read_request(method, path, body)

    def _read_request(self, method: str, path: str, body: Json) -> None:
        if found := CALLBACK.fullmatch(path) or LATER.fullmatch(path):
            self._read_answer(found["token"], body, body.get("type") if method == "POST" else None)
        elif method == "POST" and (found := POST.fullmatch(path)):
            made = list(self.fake.state.messages.values())
            self._sent += 1
            posted = [m for m in made if m.private_to is None][self._sent - 1]
            self.play.note(self._message(self._place(found["channel"]), "post", body), posted.id)
        elif method == "PATCH" and (found := EDIT.fullmatch(path)):
            shown = self._message(self._place(found["channel"]), "edit", body)
            self.play.note(shown, found["message"])

    def _read_answer(self, token: str, body: Json, kind: int | None) -> None:
        made = self.fake.state.interactions[token]
        to = f"@{made.user.name}"
        if kind == FORM:
            self.play.note(self._form(to, body["data"]))
        elif kind == REPLACED and made.source is not None:
            card = self._message(self._place(made.channel.id), "edit", body["data"])
            self.play.note(card, made.source.id)
        elif kind in (ANSWER, None):
            self.play.note(self._message(to, "reply", body.get("data", body)))

    def _place(self, channel: str) -> str:
        found = self.fake.state.channels[channel]
        return f"@{found.recipient.name}" if found.recipient else f"#{found.name}"

    def _message(self, to: str, kind: Any, body: Json) -> Appeared:
        parts = [body.get("content") or ""]
        for embed in body.get("embeds") or []:
            parts += [embed.get("description") or ""]
            parts += [part for f in embed["fields"] for part in (f["name"], f["value"])]
        calls = {self._name(ref) for ref in (body["allowed_mentions"].get("users") or [])}
        words = lines(self._words("\n".join(parts)).splitlines())
        alone = words and all(word[1:] in calls for word in words[0].split())
        rows = body.get("components") or []
        buttons = tuple(b["label"] for row in rows for b in row["components"])
        # People who are called and not named in the words stand in a line of their own.
        return Appeared(to, kind, words[1:] if alone else words, buttons, calls=frozenset(calls))

    def _form(self, to: str, body: Json) -> Appeared:
        intro = [self._words(c["content"]) for c in body["components"] if c["type"] == 10]
        blanks = [self._blank(c) for c in body["components"] if c["type"] != 10]
        return Appeared(to, "form", lines([body["title"], *intro]), blanks=tuple(blanks))

    def _blank(self, label: Json) -> Blank:
        part = label["component"]
        options = part.get("options") or []
        value = part.get("value") or next((o["value"] for o in options if o.get("default")), "")
        if part["type"] == USER:
            value = "".join(f"@{self._name(p['id'])}" for p in part.get("default_values") or [])
        choices = tuple(o["label"] for o in options)
        return Blank(label["label"], value, label.get("description", ""), choices)

    def _words(self, text: str) -> str:
        def plain(found: re.Match[str]) -> str:
            match found.lastgroup:
                case "letter":
                    return found["letter"]
                case "person":
                    return f"@{self._name(found['person'])}"
                case "channel":
                    return f"#{self.fake.state.channels[found['channel']].name}"
                case "full":
                    return time_shown(found["full"])
                case "date":
                    return time_shown(found["date"], "date")
                case "left":
                    return time_shown(found["left"], "left")
                case "time":
                    return time_shown(found["time"], "time")
                case "command":
                    return f"/{found['command']}"
                case "link":
                    return found["link"]
                case _:
                    return ""

        return MARKED.sub(plain, text)

    def _name(self, ref: str | int) -> str:
        return self.fake.state.users[str(ref)].name


def _answered(made: Interaction) -> bool:
    if made.modal is not None or made.first in (6, 7):
        return True
    return made.first is not None and not made.loading


@asynccontextmanager
async def on_discord(database: Database) -> AsyncIterator[OnDiscord]:
    """The bot on a Discord of its own."""
    async with on_discord_as(OnDiscord, database) as played:
        yield played


@asynccontextmanager
async def on_discord_as(kind: type[OnDiscord], database: Database) -> AsyncIterator[OnDiscord]:
    """The same, looked at in another way."""
    time = Time()
    limits = Limits(per_second=100_000)
    async with FakeDiscord(clock=StandingClock(time), limits=limits) as fake:
        played = kind(database, time, fake)
        async with Discord(settings(fake), played.app, time.now) as bot:
            played.messengers["discord"] = bot.messenger
            await fake.connected()
            yield played
