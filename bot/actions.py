"""Actions as buttons and forms carry them: read, and written where something is offered again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.commands import Command, Commands, is_number
from bot.chat.replies import Answer, Button, CommandName, Refusal, Reply, Text
from bot.context import Drafts
from bot.errors import BotError
from bot.identity import ChooseGroup

ON_COMMANDS = ("do", "edit", "form")
"""Actions that every command has: do it, send its form, open its form with what was written."""

ON_WORDS = ("use", "keep")
"""Actions on words in which the guard found something: use better ones, keep these."""

LONGEST = 100
"""Characters of an action, as both platforms take it."""

MOST_GROUPS = 20
"""So many groups one can choose from, each a button."""

OLD_BUTTON = "That button is from an older message. {panel} shows what can be done now."


@dataclass(frozen=True, slots=True)
class Pressed:
    """An action: its name, the number of its group, and what else it says."""

    name: str
    group: int
    rest: tuple[str, ...]

    @property
    def is_on_command(self) -> bool:
        """Whether it stands for a command, which it names first."""
        return self.name in ON_COMMANDS

    @property
    def is_on_words(self) -> bool:
        """Whether it says what shall become of words that the guard has stopped."""
        return self.name in ON_WORDS

    def find_command(self, commands: Commands) -> Command | None:
        """The command that it stands for."""
        return commands.commands.get(self.rest[0] if self.rest else "")

    @property
    def carried(self) -> str:
        """The options that it carries, as `Drafts` has written them."""
        return self.rest[1] if len(self.rest) > 1 else ""

    @property
    def at(self) -> str | None:
        """The option to put right."""
        return self.rest[2] if len(self.rest) > 2 else None


def find_pressed(action: str) -> Pressed | None:
    """What an action says; nothing where it names no group."""
    name, *rest = action.split(":")
    if not rest or not is_number(rest[0]):
        return None
    return Pressed(name, int(rest[0]), tuple(rest[1:]))


def may_open_form(commands: Commands, action: str) -> bool:
    """Whether a press of it may be answered with a form, so that it must not be deferred."""
    name, _, rest = action.partition(":")
    if name in ("do", "edit"):
        command = commands.commands.get(rest.split(":")[1] if ":" in rest else "")
        return command is not None and bool(command.form)
    found = commands.actions.get(name)
    return found is not None and found.form


def old_button() -> Text:
    """That a press came too late, and where to go on."""
    return Text(OLD_BUTTON, panel=CommandName("rounds panel"))


def outdated() -> Refusal:
    """The answer to a press of what can no longer be done."""
    return Refusal(Reply(old_button()))


def refused(error: BotError) -> Refusal:
    """An error as its answer."""
    return Refusal(Reply(error.text, buttons=error.buttons), error.option)


def choice_of_groups(
    drafts: Drafts, choose: ChooseGroup, asked: tuple[Command, dict[str, str]] | None
) -> Answer:
    """Ask which group a command is about, a button each."""
    if asked is None:
        return outdated()
    command, given = asked
    buttons = []
    for number, name in choose.groups[:MOST_GROUPS]:
        start = f"do:{number}:{command.name}:"
        buttons.append(Button(name, start + drafts.carry(LONGEST - len(start), given)))
    return Reply(
        Text("You are in several groups here. Which one is it about?"), buttons=tuple(buttons)
    )
