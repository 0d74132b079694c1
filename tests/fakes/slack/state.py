"""What the workspace holds: people, channels, messages, views, and what one person sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SHOUTS = re.compile(r"<!(everyone|here|channel|subteam\^[^>|]+)[^>]*>")
PING = re.compile(r"<@([UW][A-Z0-9]+)[^>]*>")
LINK = re.compile(r"<(https?://[^>|]+|mailto:[^>|]+)[^>]*>")


@dataclass
class User:
    """A person, or a bot, of this or of another workspace."""

    id: str
    name: str
    tz: str | None = "Europe/London"
    team: str = "T0HOME"
    is_bot: bool = False
    deleted: bool = False
    more: Json = field(default_factory=dict)
    """What `users.info` says of them beside that."""


@dataclass
class Channel:
    """A channel with its members; `U0BOT` among them means the bot was invited."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    archived: bool = False
    dm_with: str | None = None


@dataclass
class Message:
    """What stands in a channel, or what one person alone sees."""

    ts: str
    channel: str
    text: str
    blocks: list[Json]
    to: str | None = None
    response_url: str | None = None
    edits: int = 0
    raw: Json = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    changes: list[tuple[float, str]] = field(default_factory=list)
    """When it was made to say something else, and what."""

    def become(self, body: Json, now: float) -> None:
        """Say something else; without blocks Slack keeps none of the old ones."""
        self.history.append(self.shown)
        self.text, self.raw = body.get("text", ""), body
        self.blocks = body.get("blocks") or []
        self.edits += 1
        self.changes.append((now, self.shown))

    @property
    def labels(self) -> list[str]:
        """The buttons, as their words."""
        return [str(button["text"]["text"]) for button in buttons_of(self.blocks)]

    @property
    def shown(self) -> str:
        """All the words a reader sees; the top-level text when there are no blocks."""
        return words_of(self.blocks) if self.blocks else self.text

    @property
    def pings(self) -> set[str]:
        """Who is pinged by it."""
        found = set(PING.findall(marked_up(self)))
        # A mention that nobody else can see notifies nobody else.
        return found if self.to is None else found & {self.to}

    @property
    def shouts(self) -> set[str]:
        """Whether it calls everyone, here, the channel or a user group."""
        found = set(SHOUTS.findall(marked_up(self)))
        if self.raw.get("link_names") or self.raw.get("parse") == "full":
            found |= set(re.findall(r"@(everyone|here|channel)\b", marked_up(self)))
        return found

    @property
    def links(self) -> set[str]:
        """What a reader could follow."""
        return set(LINK.findall(marked_up(self)))


@dataclass
class View:
    """A modal or a home as one person has it before them."""

    id: str
    user: str
    body: Json
    hash: str
    open: bool = True

    @property
    def title(self) -> str:
        """The words at its top."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.body["blocks"])

    @property
    def shown(self) -> str:
        """All the words a reader sees."""
        return words_of(self.blocks)

    @property
    def labels(self) -> list[str]:
        """The buttons, as their words."""
        return [str(button["text"]["text"]) for button in buttons_of(self.blocks)]

    @property
    def fields(self) -> dict[str, str]:
        """Each input's label and what it holds at first."""
        return {
            block["label"]["text"]: initial_of(block["element"])
            for block in self.blocks
            if block["type"] == "input"
        }


@dataclass
class Seen:
    """What the person who typed, pressed or submitted then sees."""

    reply: Message | None = None
    view: View | None = None
    errors: dict[str, str] = field(default_factory=dict)
    failed: str | None = None
    payload: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words of the private answer, or of the opened view."""
        if self.reply is not None:
            return self.reply.shown
        return self.view.shown if self.view is not None else ""


def buttons_of(blocks: list[Json]) -> list[Json]:
    """Every button in these blocks, in reading order."""
    found = []
    for block in blocks:
        candidates = [*block.get("elements", []), block.get("accessory", {})]
        found += [element for element in candidates if element.get("type") == "button"]
    return found


def marked_up(message: Message) -> str:
    """Every stretch in which Slack would read markup: mentions, links, dates."""
    stretches = [message.text]
    for block in message.blocks:
        texts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        stretches += [
            text["text"]
            for text in texts
            if isinstance(text, dict) and text.get("type") == "mrkdwn"
        ]
        stretches += [_rich(element) for element in _elements(block) if element["type"] != "text"]
    return "\n".join(stretches)


def words_of(blocks: list[Json]) -> str:
    """The words of blocks, one line a block, buttons and inputs left out."""
    lines = []
    for block in blocks:
        texts = [block.get("text"), *block.get("fields", [])]
        if block["type"] == "context":
            texts += block["elements"]
        lines += [text["text"] for text in texts if isinstance(text, dict)]
        if block["type"] == "rich_text":
            lines.append("".join(_rich(element) for element in _elements(block)))
    return "\n".join(lines)


def _elements(block: Json) -> list[Json]:
    if block["type"] != "rich_text":
        return []
    return [element for section in block["elements"] for element in section["elements"]]


def _rich(element: Json) -> str:
    """An element of rich text, written as mrkdwn would have it."""
    match element["type"]:
        case "user":
            return f"<@{element['user_id']}>"
        case "channel":
            return f"<#{element['channel_id']}>"
        case "date":
            written = f"{element['timestamp']}^{element['format']}"
            return f"<!date^{written}|{element['fallback']}>"
        case "link":
            return f"<{element['url']}>"
        case "broadcast":
            return f"<!{element['range']}>"
        case "usergroup":
            return f"<!subteam^{element['usergroup_id']}>"
        case _:
            style = element.get("style", {})
            mark = "*" if style.get("bold") else "`" if style.get("code") else ""
            return f"{mark}{element['text']}{mark}"


def initial_of(element: Json) -> str:
    """What an input holds before anybody touches it."""
    option = element.get("initial_option")
    if option is not None:
        return str(option["value"])
    for name in ("value", "user", "channel", "conversation", "date", "time"):
        if element.get(f"initial_{name}") is not None:
            return str(element[f"initial_{name}"])
    return ""
