"""Help made from the declarations: all commands, those of one root, or one with its options."""

from __future__ import annotations

from difflib import get_close_matches

from bot.chat.commands import Command, Commands
from bot.chat.options import Option
from bot.chat.replies import Bold, Choice, CommandName, Field, Reply, Text, lines, listed, sentences
from bot.errors import UsageError
from bot.rounds import texts

MOST_CHOICES = 25


def explain(commands: Commands, asked: str) -> Reply:
    """Help at the level asked for: `""`, `case` or `case add`."""
    words = asked.lower().replace("/", " ").split()
    roots = commands.roots()
    if not words:
        return _everything(roots)
    if words[0] in roots and len(words) == 1:
        return _root(words[0], roots[words[0]])
    command = commands.commands.get(" ".join(words))
    if command is None:
        raise _unknown(commands, words)
    return _command(command)


def suggest_commands(commands: Commands, text: str) -> list[Choice]:
    """Roots and commands for what was typed so far."""
    wanted = " ".join(text.lower().replace("/", " ").split())
    names = [*commands.roots(), *commands.commands]
    found = [name for name in names if name.startswith(wanted)]
    found += [name for name in names if wanted in name and name not in found]
    return [Choice(name, name) for name in found[:MOST_CHOICES]]


def command_table(commands: Commands) -> str:
    """The table of all commands in Markdown; options in brackets can be left out."""
    rows = ["| command | options | what it does |", "| --- | --- | --- |"]
    for command in commands:
        options = " ".join(f"`{_written(option)}`" for option in command.options)
        rows.append(f"| `/{command.name}` | {options} | {command.description} |")
    return "\n".join(rows) + "\n"


def _written(option: Option) -> str:
    return f"{option.name}:" if option.required else f"[{option.name}:]"


def _everything(roots: dict[str, list[Command]]) -> Reply:
    fields = [
        Field(
            texts.root_label(root),
            lines(texts.about_root(root), listed([CommandName(c.name) for c in known])),
        )
        for root, known in roots.items()
    ]
    return Reply(texts.HELP, title=Text("What you can ask of me"), fields=tuple(fields))


def _root(root: str, known: list[Command]) -> Reply:
    said = [
        Text("{command}: {does}", command=CommandName(c.name), does=Text(c.description))
        for c in known
    ]
    return Reply(lines(texts.about_root(root), *said), title=Text(texts.root_label(root)))


def _command(command: Command) -> Reply:
    options = [_option(option) for option in command.options]
    return Reply(
        lines(
            Text(command.description + "."),
            *(options or [Text("It takes nothing more.")]),
            Text("Without what it needs, it opens a form.") if _opens_form(command) else None,
        ),
        title=Text("{command}", command=CommandName(command.name)),
    )


def _opens_form(command: Command) -> bool:
    return bool(command.form) and bool(command.missing({}))


def _option(option: Option) -> Text:
    return sentences(
        Text(
            "{name}: {description}",
            name=Bold(option.name),
            description=Text(option.description.rstrip(".") + "."),
        ),
        _values(option),
        Text("Needed.") if option.required else None,
    )


def _values(option: Option) -> Text | None:
    if option.choices:
        return Text("One of: {choices}.", choices=Text(", ".join(option.choices)))
    if option.between is not None:
        least, most = option.between.least, option.between.most
        return Text("From {least} to {most}.", least=least, most=most)
    if option.kind == "person":
        return Text("A person, such as @ana.")
    return None


def _unknown(commands: Commands, words: list[str]) -> UsageError:
    typed = " ".join(words)[:60]
    names = [*commands.roots(), *commands.commands]
    near = get_close_matches(typed, names, n=3, cutoff=0.5) or list(commands.roots())
    return UsageError(
        Text(
            "I know no command {typed}. Perhaps: {near}.",
            typed="/" + typed,
            near=listed([CommandName(name) for name in near], "or"),
        ),
        option="command",
    )
