"""Reading what was typed after a slash command: `[bare] (key: value)*`.

Slack and the console share this grammar; Discord hands options over one by one. A key is one of
the command's own option names with a colon, at the start or after a space and outside quotes; a
value runs to the next key; in quotes it may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.chat.commands import Command, Commands
from bot.chat.options import Option
from bot.chat.replies import CommandName, Text, listed
from bot.errors import UsageError

OPENING = {'"': '"', "“": "”"}


def read_command(commands: Commands, root: str, text: str) -> tuple[Command, dict[str, str]]:
    """The command that `/root text` means, with its options as typed."""
    sub, _, rest = text.strip().partition(" ")
    command = commands.commands.get(f"{root} {sub.lower()}")
    if command is not None:
        return command, read_rest(command, rest)
    known = commands.roots().get(root)
    if known is None:
        raise UsageError(Text("I know no {command}.", command=f"/{root}"))
    raise UsageError(
        Text(
            "{root} is followed by one of: {subs}. {help} says what each does.",
            root=CommandName(root),
            subs=Text(", ".join(each.sub for each in known)),
            help=CommandName("rounds help"),
        )
    )


def read_rest(command: Command, rest: str) -> dict[str, str]:
    """The options as typed; a key given twice or a bare text nobody takes is a usage error."""
    given: dict[str, str] = {}
    for name, value in _pairs(command, rest):
        key = name or _bare(command).name
        if key in given:
            raise UsageError(Text("{option} is given twice.", option=key), option=key)
        given[key] = value
    return given


def _bare(command: Command) -> Option:
    for option in command.options:
        if option.kind in ("text", "choice", "person"):
            return option
    raise UsageError(
        Text("{command} takes {what}.", command=CommandName(command.name), what=_takes(command))
    )


def _takes(command: Command) -> Text:
    if not command.options:
        return Text("nothing more")
    return listed([Text(f"{option.name}: …") for option in command.options])


def _pairs(command: Command, rest: str) -> Iterator[tuple[str | None, str]]:
    names = "|".join(re.escape(option.name) for option in command.options)
    key = re.compile(rf"(?:(?<=\s)|^)({names}):", re.I) if names else None
    position, name = 0, None
    while position <= len(rest):
        value, position = _value(rest, position, key)
        if name is not None or value:
            yield name, value
        match = key.match(rest, position) if key and position < len(rest) else None
        if match is None:
            break
        name, position = match[1].lower(), match.end()


def _value(rest: str, start: int, key: re.Pattern[str] | None) -> tuple[str, int]:
    while start < len(rest) and rest[start].isspace():
        start += 1
    closing = OPENING.get(rest[start : start + 1])
    if closing is not None:
        return _quoted(rest, start, closing, key)
    following = key.search(rest, start) if key else None
    end = following.start() if following else len(rest)
    return rest[start:end].strip(), end


def _quoted(rest: str, start: int, closing: str, key: re.Pattern[str] | None) -> tuple[str, int]:
    end = rest.find(closing, start + 1)
    if end < 0:
        raise UsageError(Text("A quote is opened and not closed: {text}", text=rest[start:][:60]))
    after = end + 1
    while after < len(rest) and rest[after].isspace():
        after += 1
    follows_key = key is not None and after > end + 1 and key.match(rest, after) is not None
    if after < len(rest) and not follows_key:
        raise UsageError(
            Text(
                "After a closing quote comes an option or nothing, not {text}",
                text=rest[after:][:60],
            )
        )
    return rest[start + 1 : end], after


def spelled(values: Mapping[str, str]) -> str:
    """Options written so that they can be read again."""
    return " ".join(f'{name}: "{value}"' for name, value in values.items())
