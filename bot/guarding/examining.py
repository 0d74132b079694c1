"""Looking at what people write before anything else does, and holding it until they decide."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Protocol

from bot.chat.commands import LONGEST_ACTION, Commands, action_id
from bot.chat.options import Option
from bot.chat.replies import Button, Refusal, Reply
from bot.chat.requests import Request
from bot.context import Drafts
from bot.errors import UsageError
from bot.guarding import texts
from bot.privacy.identifier import Identifier, Tier

log = logging.getLogger(__name__)

SHORT = 300
"""Characters that are looked at in a few milliseconds; longer texts are given to a thread."""

HELD = 500
"""Requests that wait for their author, in memory only: the newest."""


class Guard(Protocol):
    """What finds identifiers: `bot.privacy.guard`, or whatever a test puts in its place."""

    def find(self, text: str) -> list[Identifier]:
        """Everything in the text that could identify somebody."""

    def redact(self, text: str, found: list[Identifier]) -> str:
        """The text without these."""

    def load(self) -> None:
        """Load what it needs."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was asked, so that it can be done once its words are settled."""

    name: str
    """Of a command, or of a submission where there are arguments."""
    group: int
    values: Mapping[str, str]
    arguments: tuple[str, ...] | None = None

    def of(self, values: Mapping[str, str]) -> Deed:
        """The same with other words."""
        return Deed(self.name, self.group, {**self.values, **values}, self.arguments)


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which something was found, and how it would read without."""

    option: str
    text: str
    found: list[Identifier]
    better: str | None
    """`None` where it cannot be said without: then it must be written anew."""

    @property
    def may_stay(self) -> bool:
        """Whether its author may decide that it names nobody."""
        return all(one.tier is Tier.ASK for one in self.found)


@dataclass(frozen=True, slots=True)
class _Held:
    person: str
    deed: Deed
    better: Deed | None
    texts: tuple[str, ...]
    """What its author may decide to keep; nothing where that is not theirs to decide."""


class Examining:
    """The guard before everything that people write."""

    def __init__(self, guard: Guard, commands: Commands, drafts: Drafts, rng: Random) -> None:
        """Hold the guard; what waits for a decision is in memory only."""
        self._guard, self._commands, self._drafts, self._rng = guard, commands, drafts, rng
        self._is_loaded = False
        self._held: dict[str, _Held] = {}

    async def load(self) -> None:
        """Load the word lists beside the loop; where that fails, no text passes."""
        await asyncio.to_thread(self._load)

    async def examine(
        self, request: Request, deed: Deed, words: Mapping[Option, str]
    ) -> Refusal | None:
        """The answer to a request in whose words something was found, else `None`."""
        hits: list[Hit] = []
        try:
            for option, text in words.items():
                hit = await self._look(request, option, text)
                hits += [hit] if hit else []
        except Exception as error:
            # Only the kind of error: its message, or what it went through, may quote the text.
            log.error("request %s: the guard failed: %s", request.id, type(error).__name__)
            return Refusal(Reply(texts.FAILED))
        return Refusal(self._ask(request, deed, hits)) if hits else None

    def go_on(self, request: Request, verb: str, token: str) -> Deed | None:
        """What is done now that its author has decided: `use` the better words, or `keep` these."""
        held = self._held.get(token)
        if held is None or held.person != _who(request):
            return None
        if verb == "use":
            return held.better
        if not held.texts:
            return None
        for text in held.texts:
            self._drafts.decide(request, text)
        return held.deed

    def _load(self) -> None:
        try:
            self._guard.load()
            self._is_loaded = True
        except Exception as error:
            log.error("the guard cannot be loaded: %s", type(error).__name__)

    async def _look(self, request: Request, option: Option, text: str) -> Hit | None:
        if self._is_loaded and len(text) <= SHORT:
            hit = self._looked_at(option, text)
        else:
            hit = await asyncio.to_thread(self._looked_at, option, text)
            self._is_loaded = True
        if hit is not None and hit.may_stay and self._drafts.is_decided(request, text):
            return None
        return hit

    def _looked_at(self, option: Option, text: str) -> Hit | None:
        found = self._guard.find(text)
        if not found:
            return None
        return Hit(option.name, text, found, self._better(option, text, found))

    def _better(self, option: Option, text: str, found: list[Identifier]) -> str | None:
        """The text without them, where that can be written and passes as well."""
        try:
            better = str(option.read(self._guard.redact(text, found)))
        except UsageError:
            return None
        return None if self._guard.find(better) else better

    def _ask(self, request: Request, deed: Deed, hits: list[Hit]) -> Reply:
        better = {hit.option: hit.better for hit in hits if hit.better is not None}
        may_use = len(better) == len(hits)
        may_keep = all(hit.may_stay for hit in hits)
        kept = tuple(hit.text for hit in hits) if may_keep else ()
        token = self._hold(_Held(_who(request), deed, deed.of(better) if may_use else None, kept))
        buttons = [
            Button("Use this", action_id("use", deed.group, token), "primary") if may_use else None,
            self._edit(deed, hits[0].option),
            Button("Keep it", action_id("keep", deed.group, token)) if may_keep else None,
        ]
        shown = tuple(button for button in buttons if button is not None)
        return Reply(texts.found(hits, may_use=may_use, may_keep=may_keep), buttons=shown)

    def _hold(self, held: _Held) -> str:
        token = f"{self._rng.getrandbits(60):x}"
        self._held[token] = held
        while len(self._held) > HELD:
            del self._held[next(iter(self._held))]
        return token

    def _edit(self, deed: Deed, option: str) -> Button | None:
        """The form again, with what was written."""
        action = again(self._commands, self._drafts, deed, option)
        return Button("Edit", action) if action else None


def again(commands: Commands, drafts: Drafts, deed: Deed, option: str) -> str | None:
    """The action that opens the form of what was asked once more, where there is one."""
    if deed.arguments is not None:
        name = commands.submissions[deed.name].again
        written = drafts.keep(dict(deed.values))
        return action_id(name, deed.group, *deed.arguments, written) if name else None
    if not commands.commands[deed.name].form:
        return None
    start, at = f"edit:{deed.group}:{deed.name}:", f":{option}"
    return start + drafts.carry(LONGEST_ACTION - len(start) - len(at), dict(deed.values)) + at


def offer_again(commands: Commands, drafts: Drafts, refusal: Refusal, deed: Deed) -> Refusal:
    """Offer the form again with what was written, so that nobody must write it twice."""
    reply = refusal.reply
    if reply.buttons or refusal.option is None:
        return refusal
    action = again(commands, drafts, deed, refusal.option)
    if action is None:
        return refusal
    change = Button("Change it", action, "primary")
    return Refusal(Reply(reply.text, buttons=(change,)), refusal.option)


def _who(request: Request) -> str:
    return f"{request.platform}:{request.space}:{request.person}"
