"""Cards as both platforms would show them, read again: quick, for no platform is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.discord import render as discord
from adapters.slack import render as slack
from adapters.slack.words import Wording
from bot.chat.replies import Mention, Reply, Text, plain
from bot.store.database import Database
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.rules import message_faults
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.checks import message_problems
from tests.parity.appeared import ZONE, Appeared, lines
from tests.parity.on_discord import OnDiscord
from tests.parity.on_slack import PREFIX, OnSlack
from tests.parity.played import Time

TABLE = "#table"


class Renderings:
    """The same card in the words of all three platforms; nobody is connected to anything."""

    def __init__(self, database: Database, *people: str) -> None:
        """Everybody is known on both platforms."""
        self._discord = OnDiscord(database, Time(), FakeDiscord())
        self._slack = OnSlack(database, Time(), FakeSlack())
        self._on_discord = {name: self._discord.person(name).id for name in people}
        self._on_slack = {name: self._slack.person(name) for name in people}

    def all(self, reply: Reply) -> list[Appeared]:
        """On the console, on Discord and on Slack; what a platform would refuse fails."""
        on_discord = discord.message(_for(reply, self._on_discord), {})
        assert message_faults(on_discord) == []
        there = _for(reply, self._on_slack)
        names = {ref: name for name, ref in self._on_slack.items()}
        on_slack = slack.message(there, Wording(PREFIX, there.notify, names))
        assert message_problems(on_slack) == []
        return [
            _on_console(reply),
            self._discord._message(TABLE, "edit", on_discord),
            self._slack._message(TABLE, "edit", on_slack["blocks"]),
        ]


def _on_console(reply: Reply) -> Appeared:
    parts = [reply.title, reply.text]
    words = [plain(part, ZONE) for part in parts if part is not None]
    words += [f"{field.name}\n{plain(field.text, ZONE)}" for field in reply.fields]
    buttons = tuple(button.label for button in reply.buttons)
    return Appeared(TABLE, "edit", lines(words), buttons, calls=frozenset(reply.notify))


def _for(reply: Reply, refs: Mapping[str, str]) -> Reply:
    """The same with people's references on a platform."""
    return replace(
        reply,
        text=_named(reply.text, refs),
        fields=tuple(replace(field, text=_named(field.text, refs)) for field in reply.fields),
        notify=tuple(refs[name] for name in reply.notify),
    )


def _named(text: Text, refs: Mapping[str, str]) -> Text:
    values = {
        name: _named(span, refs)
        if isinstance(span, Text)
        else Mention(refs[span.ref])
        if isinstance(span, Mention)
        else span
        for name, span in text.values
    }
    return Text(text.template, **values)
