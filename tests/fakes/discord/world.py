"""What exists in the fake Discord: people, channels, messages, forms and interactions."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

TEXT, DM, VOICE, THREAD, PRIVATE = 0, 1, 2, 11, 12
EPHEMERAL = 1 << 6
SEND_MESSAGES, EMBED_LINKS, SEND_IN_THREADS = 1 << 11, 1 << 14, 1 << 38
EVERY_PERMISSION = str((1 << 50) - 1)
DISCORD_EPOCH_MS = 1_420_070_400_000


def snowflake_time(now: datetime) -> int:
    """The part of an id that says when it was made."""
    return (int(now.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22


@dataclass(eq=False)
class User:
    """Somebody with an account; `closed_dms` refuses messages from bots."""

    id: str
    name: str
    bot: bool = False
    closed_dms: bool = False

    def payload(self) -> Json:
        """The user object as the API gives it."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name.capitalize(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }

    @property
    def mention(self) -> str:
        """How a text names this person."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Guild:
    """A server with its members; `present` says whether the bot is still in it."""

    id: str
    name: str
    members: dict[str, User] = field(default_factory=dict)
    present: bool = True


@dataclass(eq=False)
class Channel:
    """A channel, thread or DM; `refuses` is the error code every call on it gets."""

    id: str
    name: str
    type: int
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    refuses: int | None = None
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    inside: dict[str, User] = field(default_factory=dict)
    """Who is in it, where it is a private thread."""
    lacking: set[str] = field(default_factory=set)
    """What the bot may not do here: `create_private_threads`, `send_in_threads`,
    `manage_threads`."""

    def shows(self, user: User) -> bool:
        """Whether somebody sees it."""
        return self.type != PRIVATE or user.id in self.inside

    def payload(self) -> Json:
        """The channel object as the API gives it."""
        base: Json = {
            "id": self.id,
            "type": self.type,
            "last_message_id": None,
            "flags": 0,
        }
        if self.recipient is not None:
            return base | {"recipients": [self.recipient.payload()]}
        base |= {"name": self.name, "guild_id": self.guild.id if self.guild else None}
        base |= {"parent_id": self.parent.id if self.parent else None, "nsfw": False}
        base |= {"position": 0, "permission_overwrites": [], "rate_limit_per_user": 0}
        if self.type in (THREAD, PRIVATE):
            stamp = "2026-03-02T18:00:00+00:00"
            base |= {"owner_id": "1", "message_count": 0, "member_count": 1 + len(self.inside)}
            base["thread_metadata"] = {
                "archived": self.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": stamp,
                "locked": self.locked or self.archived,
                "invitable": self.invitable,
            }
        return base


@dataclass(eq=False)
class Message:
    """One message; `private_to` is set when only that person sees it."""

    id: str
    channel: Channel
    author: User
    made: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    private_to: User | None = None
    edited: datetime | None = None
    nonce: str | None = None
    deleted: bool = False
    pings: list[list[str]] = field(default_factory=list)
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    """When it was made to say something else, and what."""

    def changed(self, now: datetime) -> None:
        """It says something else from now on."""
        self.edited = now
        self.changes.append((now, self.text))

    @property
    def text(self) -> str:
        """All words of the message in reading order, as they were sent."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title") or "", embed.get("description") or ""]
            for row in embed.get("fields") or []:
                parts += [f"{row['name']}: {row['value']}"]
            parts.append((embed.get("footer") or {}).get("text") or "")
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons that can be pressed now."""
        return [b["label"] for b in self.parts(2) if not b.get("disabled") and b["style"] != 5]

    @property
    def pinged(self) -> list[str]:
        """Everybody whom the post or any edit of it would have pinged."""
        return sorted({who for group in self.pings for who in group})

    def parts(self, kind: int) -> Iterator[Json]:
        """The components of one kind (2 is a button, 3 a select) in order."""
        for row in self.components:
            yield from (part for part in row.get("components", ()) if part["type"] == kind)

    def snapshot(self) -> Message:
        """The message as it looks now, for pressing what was on it later."""
        twin = copy.copy(self)
        twin.components = copy.deepcopy(self.components)
        return twin

    def payload(self) -> Json:
        """The message object as the API gives it."""
        body: Json = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.made.isoformat(),
            "edited_timestamp": self.edited.isoformat() if self.edited else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [{"type": "rich", **embed} for embed in self.embeds],
            "components": self.components,
            "pinned": False,
            "type": 0,
            "flags": self.flags,
        }
        return body | ({"nonce": self.nonce} if self.nonce is not None else {})


@dataclass(eq=False)
class Modal:
    """A form on one person's screen."""

    title: str
    custom_id: str
    labels: list[Json]
    channel: Channel
    message: Message | None = None

    @property
    def fields(self) -> dict[str, str]:
        """What stands in each field before the person types anything."""
        labels = [label for label in self.labels if label["type"] == 18]
        return {label["label"]: _standing(label["component"]) for label in labels}


def _standing(component: Json) -> str:
    if component["type"] == 4:
        return str(component.get("value") or "")
    if component["type"] == 5:
        return ",".join(str(chosen["id"]) for chosen in component.get("default_values") or ())
    return next((o["label"] for o in component["options"] if o.get("default")), "")


@dataclass(eq=False)
class Shown:
    """What a person sees after doing something: a message, or a form."""

    message: Message | None = None
    modal: Modal | None = None

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.message.text if self.message else ""

    @property
    def private(self) -> bool:
        """Whether nobody else sees it."""
        return self.message is None or self.message.private_to is not None

    @property
    def buttons(self) -> list[str]:
        """The labels that can be pressed."""
        return self.message.buttons if self.message else []

    @property
    def fields(self) -> dict[str, str]:
        """The form's fields and what stands in them."""
        assert self.modal is not None, f"no form was opened, but: {self.text!r}"
        return self.modal.fields


@dataclass(eq=False)
class Interaction:
    """One thing a person did, and the answers it got so far."""

    id: str
    token: str
    user: User
    channel: Channel
    at: datetime
    type: int
    source: Message | None = None
    first: int | None = None
    answered: datetime | None = None
    messages: list[Message] = field(default_factory=list)
    loading: bool = False
    modal: Modal | None = None
    choices: list[Json] | None = None

    def shown(self) -> Shown | None:
        """What the person sees by now, or nothing as long as they are waiting."""
        if self.modal is not None:
            return Shown(modal=self.modal)
        if self.first in (6, 7) and not self.messages:
            return Shown(message=self.source)
        ready = [m for m in self.messages if not (self.loading and m is self.messages[0])]
        return Shown(message=ready[-1]) if ready else None


def member_payload(user: Json) -> Json:
    """A member object around a user object."""
    return {
        "user": user,
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2026-01-05T09:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
