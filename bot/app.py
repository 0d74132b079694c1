"""The App: a request in, a reply out, in one transaction; errors become replies."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from random import Random

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from bot import actions
from bot.actions import Pressed
from bot.chat.commands import Action, Command, Commands, Needs, readable_words
from bot.chat.replies import Answer, Choice, Form, OnCard, Refusal, Reply, Text
from bot.chat.requests import Request
from bot.chat.typed import read_command
from bot.context import Context, Drafts
from bot.errors import BotError, NotAllowed, UsageError
from bot.features import (
    COMMANDS,
    EVENTS,
    note_back,
    note_lost,
    note_presence,
    note_presence_of_reader,
    unnoted_presence,
    was_left,
)
from bot.formats.model import Formats
from bot.formats.reading import bundled_formats
from bot.guarding.examining import Deed, Examining, Guard, offer_again
from bot.guarding.texts import NO_LONGER_HELD
from bot.identity import ChooseGroup, find_context
from bot.privacy import guard as identifiers
from bot.store.database import Database
from bot.store.outbox import Take, insert_once
from bot.store.tables import Seen

log = logging.getLogger(__name__)

Work = Callable[[Context], Awaitable[Answer]]


class App:
    """Everything that can be asked of the bot, on one database."""

    def __init__(
        self,
        database: Database,
        rng: Random,
        commands: Commands = COMMANDS,
        formats: Formats | None = None,
        guard: Guard = identifiers,
    ) -> None:
        """Hold the database, the one source of chance, the declared commands and the formats.

        Without formats, those that are bundled. The guard looks at whatever people write.
        """
        self.database = database
        self.commands = commands
        self.formats = formats or bundled_formats()
        self.drafts = Drafts(rng, commands.word_options())
        self.examining = Examining(guard, commands, self.drafts, rng)
        self.rng = rng
        self._context = partial(
            Context,
            rng=rng,
            commands=commands,
            drafts=self.drafts,
            events=EVENTS,
            formats=self.formats,
        )
        self.wake: Callable[[], None] = lambda: None
        """Called after a commit that wrote posts."""
        self.touch: Callable[[int], None] = lambda group: None
        """Called after a commit that changed something of a group."""
        self.reach: Callable[[str], Awaitable[bool]] | None = None
        """Sends the post with this key at once and says whether it arrived."""
        self.take: Take | None = None
        """Takes a card that was pressed, to be shown in answer to the press."""

    async def typed(self, request: Request, root: str, text: str) -> Answer:
        """Carry out `/root text`, as Slack and the console hand it over."""
        try:
            command, given = read_command(self.commands, root, text)
        except BotError as error:
            return actions.refused(error)
        return await self.command(request, command.name, given)

    async def command(self, request: Request, name: str, given: Mapping[str, str]) -> Answer:
        """Carry out a command with its options as typed."""
        return await self._command(request, self.commands.commands[name], dict(given), 0)

    async def press(self, request: Request, action: str) -> Answer:
        """Carry out what a button stands for."""
        return await self._act(request, action, None)

    async def submit(self, request: Request, action: str, values: Mapping[str, str]) -> Answer:
        """Carry out a form, with what was written in it."""
        return await self._act(request, action, dict(values))

    async def suggest(self, request: Request, command: str, option: str, text: str) -> list[Choice]:
        """What could be meant while an option is being typed; nothing where there is no group."""
        source = self.commands.commands[command].option(option).suggest
        if source is None:
            return []
        try:
            async with self.database.reading(request) as session:
                needs: Needs = "nothing" if source in ("zone", "command") else "member"
                context = await find_context(self._context, session, request, needs, 0)
                return (await self.commands.suggesters[source](context, text))[:25]
        except BotError:
            return []

    async def gone(self, platform: str, space: str, channel: str | None, now: datetime) -> None:
        """A platform says that a space, or one channel of it, is no longer there for the bot."""
        async with self.database.writing() as session:
            await note_lost(session, platform, space, channel, now)
        self.wake()

    async def back(self, platform: str, space: str) -> None:
        """A platform says that the bot is in a space: it was installed, perhaps anew."""
        async with self.database.reading() as session:
            if not await was_left(session, platform, space):
                return
        async with self.database.writing() as session:
            await note_back(session, platform, space)

    def may_open_form(self, action: str) -> bool:
        """Whether a press may be answered with a form, so that it must not be deferred."""
        return actions.may_open_form(self.commands, action)

    async def _act(self, request: Request, action: str, values: dict[str, str] | None) -> Answer:
        pressed = actions.find_pressed(action)
        if pressed is None:
            return actions.outdated()
        if pressed.is_on_words:
            return await self._act_on_words(request, pressed)
        if pressed.is_on_command:
            return await self._act_on_command(request, pressed, values)
        known = self.commands.actions if values is None else self.commands.submissions
        found = known.get(pressed.name)
        if found is None:
            return actions.outdated()
        if values is not None:
            deed = Deed(pressed.name, pressed.group, values, pressed.rest)
            return await self._send(request, found, deed)
        return await self._run_action(request, found, pressed, None)

    async def _act_on_words(self, request: Request, pressed: Pressed) -> Answer:
        """Go on with what the guard stopped, as its author has decided."""
        token = pressed.rest[0] if pressed.rest else ""
        deed = self.examining.go_on(request, pressed.name, token)
        if deed is None:
            return Refusal(Reply(NO_LONGER_HELD))
        if deed.arguments is not None:
            return await self._send(request, self.commands.submissions[deed.name], deed)
        command = self.commands.commands[deed.name]
        return await self._command(request, command, dict(deed.values), deed.group, sent=True)

    async def _send(self, request: Request, found: Action, deed: Deed) -> Answer:
        """Carry out a feature's own form with its fields as they can be read."""
        values: dict[str, str] = {}
        for option in found.takes:
            typed = deed.values.get(option.name, "")
            try:
                values[option.name] = str(option.read(typed)) if option.is_words else typed
            except UsageError as error:
                refusal = Refusal(Reply(error.text), option.name)
                return offer_again(self.commands, self.drafts, refusal, deed)
        stopped = await self.examining.examine(request, deed, readable_words(found.takes, values))
        if stopped is not None:
            return stopped
        pressed = Pressed(deed.name, deed.group, deed.arguments or ())
        return await self._run_action(request, found, pressed, values)

    async def _act_on_command(
        self, request: Request, pressed: Pressed, values: dict[str, str] | None
    ) -> Answer:
        command, group = pressed.find_command(self.commands), pressed.group
        if command is None or (pressed.name == "form") != (values is not None):
            return actions.outdated()
        given = self.drafts.read(pressed.carried) | (values or {})
        if pressed.name == "edit":
            return await self._open_form(request, command, given, group, pressed.at)
        return await self._command(request, command, given, group, sent=pressed.name == "form")

    async def _run_action(
        self, request: Request, action: Action, pressed: Pressed, values: dict[str, str] | None
    ) -> Answer:
        async def work(context: Context) -> Answer:
            try:
                arguments = action.read(pressed.rest)
            except UsageError as error:
                raise NotAllowed(actions.old_button()) from error
            extra = () if values is None else (values,)
            return await action.handler(context, *arguments, *extra)

        return await self._carry_out(request, action.writes, action.needs, pressed.group, work)

    async def _command(
        self,
        request: Request,
        command: Command,
        given: dict[str, str],
        group: int,
        *,
        sent: bool = False,
    ) -> Answer:
        # A form that was sent is answered in words: Discord shows no form in answer to a form.
        if command.opens_form(given) and not sent:
            return await self._open_form(request, command, given, group)

        deed = Deed(command.name, group, given)
        stopped = await self.examining.examine(request, deed, command.words(given))
        if stopped is not None:
            return stopped

        async def work(context: Context) -> Answer:
            return await command.handler(context, **command.read(given))

        answer = await self._carry_out(
            request, command.writes, command.needs, group, work, (command, given)
        )
        if sent and isinstance(answer, Form):
            return NOTHING_CHANGED
        if isinstance(answer, Refusal) and command.form:
            return offer_again(self.commands, self.drafts, answer, deed)
        return answer

    async def _open_form(
        self,
        request: Request,
        command: Command,
        given: dict[str, str],
        group: int,
        at: str | None = None,
    ) -> Answer:
        async def work(context: Context) -> Answer:
            for name in given:
                command.option(name)
            better = await command.instead(context, given) if command.instead and not at else None
            return better or context.form(command.name, given, at)

        return await self._carry_out(request, False, command.needs, group, work, (command, given))

    async def _carry_out(
        self,
        request: Request,
        writes: bool,
        needs: Needs,
        group: int,
        work: Work,
        asked: tuple[Command, dict[str, str]] | None = None,
    ) -> Answer:
        """One request in one transaction; whatever goes wrong, nothing of it is kept."""
        try:
            return await self._with_a_second_try(request, writes, needs, group, work)
        except ChooseGroup as choose:
            return actions.choice_of_groups(self.drafts, choose, asked)
        except BotError as error:
            return actions.refused(error)
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            cause = type(getattr(error, "orig", None) or error).__name__
            log.warning("request %s: the database did not take it: %s", request.id, cause)
            return Refusal(Reply(BUSY))
        except Exception:
            reference = f"{self.rng.getrandbits(16):04x}"
            log.exception("request %s failed, ref %s", request.id, reference)
            return Refusal(Reply(Text(OUR_FAULT, ref=reference)))

    async def _with_a_second_try(
        self, request: Request, writes: bool, needs: Needs, group: int, work: Work
    ) -> Answer:
        """What the database broke off through no fault of the request is tried once more."""
        try:
            return await self._in_transaction(request, writes, needs, group, work)
        except DBAPIError as error:
            if not _was_broken_off(error):
                raise
            log.info("request %s: the database broke it off, trying once more", request.id)
            return await self._in_transaction(request, writes, needs, group, work)

    async def _in_transaction(
        self, request: Request, writes: bool, needs: Needs, group: int, work: Work
    ) -> Answer:
        opened = self.database.writing(request) if writes else self.database.reading(request)
        async with opened as session:
            if writes and not await _first_time(session, request):
                return HAD_ALREADY
            context = await find_context(
                self._context, session, request, needs, group, writes=writes
            )
            answer = await work(context)
            if isinstance(answer, OnCard):
                answer = await self._on_card(context, answer)
            if writes and context.found_member is not None:
                await note_presence(context)
            unnoted = None if writes else await unnoted_presence(context)
        if unnoted is not None:
            async with self.database.writing(request) as session:
                await note_presence_of_reader(session, unnoted)
        if writes and context.found_group is not None:
            self.touch(context.found_group.id)
        if session.info.get("woken"):
            self.wake()
        return await self._reached(context, answer)

    async def _on_card(self, context: Context, answer: OnCard) -> Answer:
        """The card, where it can stand in the pressed message's place; elsewhere it is edited."""
        if self.take is None or context.request.message is None:
            return None
        show = await self.take(context.session, context.group, answer.key, context.request)
        return None if show is None else replace(answer, show=show)

    async def _reached(self, context: Context, answer: Answer) -> Answer:
        """Take back what was done where the post that goes with it cannot reach its channel."""
        must = context.must_reach
        if must is None or self.reach is None or await self.reach(must.key):
            return answer
        async with self.database.writing(context.request) as session:
            await must.undo(session)
        return Refusal(Reply(must.otherwise))


BUSY = Text("I am busy for a moment and changed nothing. Please try again.")
NOTHING_CHANGED = Reply(Text("Nothing was changed."))
HAD_ALREADY = Reply(Text("I had that already; it is done once."))
OUR_FAULT = "Something went wrong on our side (ref {ref}), nothing was changed."


BROKEN_OFF = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for a transaction that lost against another one."""


def _was_broken_off(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in BROKEN_OFF


async def _first_time(session: AsyncSession, request: Request) -> bool:
    key = f"{request.platform}:{request.space}:{request.id}"
    return await insert_once(session, Seen, key=key, at=request.now)
