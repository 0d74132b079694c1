"""The bot's commands as Discord's own: sub-commands with typed options, declared once."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.chat.commands import Command, Commands
from bot.chat.options import Option

Json = dict[str, Any]

SUBCOMMAND, TEXT, NUMBER, PERSON = 1, 3, 4, 6
GUILD, PRIVATE, GUILD_INSTALL = 0, 1, 0
NOT_IN_PRIVATE = frozenset({"group"})
"""What is about a channel cannot be asked where there is none."""
KINDS = {"text": TEXT, "number": NUMBER, "choice": TEXT, "person": PERSON}
ABOUT = {
    "group": "Start, join and look after a peer consultation group",
    "meeting": "The next meetings: who comes, what is on, begin and end",
    "case": "Bring a case, see the queue, swap places",
    "turn": "A speaking round with a fair order",
    "my": "Your own settings, absences and groups",
    "rounds": "Help, the panel of buttons, and what the bot will do next",
}


def declaration(commands: Commands) -> list[Json]:
    """What is to be registered; the same commands give the same declaration."""
    return [
        {
            "name": root,
            "type": 1,
            "description": ABOUT.get(root, f"Everything about your {root}"),
            "contexts": [GUILD] if root in NOT_IN_PRIVATE else [GUILD, PRIVATE],
            "integration_types": [GUILD_INSTALL],
            "options": [_sub_command(command) for command in below],
        }
        for root, below in commands.roots().items()
    ]


def fingerprint(declared: list[Json]) -> str:
    """Changes when the declaration changes, and only then."""
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:32]


def _sub_command(command: Command) -> Json:
    # With a form nothing is required: what is missing is asked for in the form.
    options = [_option(option, option.required and not command.form) for option in command.options]
    return {
        "name": command.sub,
        "type": SUBCOMMAND,
        "description": command.description,
        "options": sorted(options, key=lambda option: not option["required"]),
    }


def _option(option: Option, required: bool) -> Json:
    made: Json = {
        "name": option.name,
        "type": KINDS[option.kind],
        "description": option.description,
        "required": required,
    }
    if option.kind == "choice":
        made["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    elif option.suggest is not None:
        made["autocomplete"] = True
    if option.kind == "number" and option.between is not None:
        made |= {"min_value": option.between.least, "max_value": option.between.most}
    return made
