"""Everything this Discord knows, shared by its API, its gateway and the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes.discord.clock import Changes, Clock
from tests.fakes.discord.world import (
    DM,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    User,
    snowflake_time,
)

NONCE_WINDOW = timedelta(minutes=3)
TOKEN_LIFE = timedelta(minutes=15)
FIRST_ANSWER = timedelta(seconds=3)


@dataclass
class State:
    """The one world behind all endpoints."""

    clock: Clock
    token: str
    check_bodies: bool = True
    changes: Changes = field(default_factory=Changes)
    users: dict[str, User] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    syncs: int = 0
    problems: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, Json | list[Json] | None]] = field(default_factory=list)
    nonces: dict[str, tuple[Message, datetime]] = field(default_factory=dict)
    nonce_hits: int = 0
    _serial: int = 0

    def __post_init__(self) -> None:
        self.bot = User(self.new_id(), "rounds", bot=True)
        self.users[self.bot.id] = self.bot

    @property
    def app_id(self) -> str:
        """The application's id, which is the bot's as well."""
        return self.bot.id

    def new_id(self) -> str:
        """A fresh id that tells its time, as all of Discord's do."""
        self._serial += 1
        return str(snowflake_time(self.clock.now()) + self._serial)

    def dm_with(self, user: User) -> Channel:
        """The private channel between the bot and somebody, made when first needed."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipient is user:
                return channel
        made = Channel(self.new_id(), user.name, DM, recipient=user)
        self.channels[made.id] = made
        return made

    def remembered(self, nonce: str) -> Message | None:
        """The message that an enforced nonce stands for within the last few minutes."""
        found = self.nonces.get(nonce)
        if found is None or self.clock.now() - found[1] > NONCE_WINDOW:
            return None
        self.nonce_hits += 1
        return found[0]
